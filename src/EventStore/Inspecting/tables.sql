-- The tables of the store with their sizes on disk, partitions of the log by their bounds.
select c.relname, coalesce(pg_get_expr(c.relpartbound, c.oid), ''), c.reltuples::bigint,
       pg_table_size(c.oid), pg_indexes_size(c.oid)
from pg_class as c
where c.relnamespace = 'eventstore'::regnamespace and c.relkind = 'r'
order by c.relname collate "C";
