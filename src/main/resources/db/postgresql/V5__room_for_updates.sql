-- An item is written three times: mapped, sent, answered. With room on its page the index is not written again.
alter table delivery_item set (fillfactor = 35);
alter table attempt set (fillfactor = 80);
-- What is encrypted does not get smaller by another compression.
alter table document alter column bytes set storage external;
