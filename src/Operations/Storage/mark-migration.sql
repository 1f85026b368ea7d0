-- $1 version
-- One row inserted: the migration is still to be run, in this transaction. None: it was run before.
insert into operations.migrations (version)
values ($1)
on conflict (version) do nothing
