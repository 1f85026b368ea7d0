-- The transactions that use the log now, apart from this one: each holds a lock on its tables until it ends.
select coalesce(array_agg(distinct virtualtransaction), '{}')
from pg_locks
where database = (select oid from pg_database where datname = current_database())
  and relation in ('eventstore.events'::regclass, 'eventstore.tagged'::regclass)
  and pid <> pg_backend_pid();
