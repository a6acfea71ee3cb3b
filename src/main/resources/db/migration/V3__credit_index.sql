-- The outcome changes twice in a delivery; while it stood in the index, each change of an item rewrote the index too.
drop index delivery_item_credit;
create index delivery_item_credit on delivery_item (credit_key);
