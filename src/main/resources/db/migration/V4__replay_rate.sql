-- The place of a transfer in a replay at a rate: a system that answers again hastens what waits for it, but not past this.
alter table outbox add column not_before timestamp(6) with time zone;
