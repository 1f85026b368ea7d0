-- Rows of every table outside of PostgreSQL's own schemas; a partition counts for itself. Reads each table once (an index
-- of it where that is enough).
select n.nspname || '.' || c.relname as name,
       (xpath('/row/count/text()',
           query_to_xml(format('select count(*) from %I.%I', n.nspname, c.relname), false, true, '')))[1]::text::bigint
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by 1;
