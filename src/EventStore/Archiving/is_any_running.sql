-- Whether any of the transactions $1 is still running: while it does, it holds a lock on its own virtual id.
select exists (select from pg_locks where locktype = 'virtualxid' and virtualxid = any ($1));
