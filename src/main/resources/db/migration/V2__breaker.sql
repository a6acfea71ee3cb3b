-- The circuit breaker of an outside system, one row for all instances of the hub.
alter table destination add column failures integer default 0 not null;
alter table destination add column opened integer default 0 not null;
alter table destination add column open_until timestamp(6) with time zone;
alter table destination add column probing boolean default false not null;

-- What waits for one system, oldest first.
create index outbox_queue on outbox (queue, due_at);
