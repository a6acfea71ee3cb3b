-- The encryption keys that this ledger was written with, in their order; the last one is the one in use. The check value
-- is a keyed hash: it tells a wrong key and nothing about the right one.
create table encryption_key (
    no          integer primary key,
    key_id      varchar(64) not null,
    check_value varchar(64) not null,
    since       timestamp(6) with time zone not null
);
