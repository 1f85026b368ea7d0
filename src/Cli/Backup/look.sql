-- What is in this database: whether it has an event log, its last position, the last position drawn, the commands in the
-- command log (estimated when it was analyzed last, at least 1 where there are any), and tables outside of both, and of
-- what programs make before anything happens, that have rows. Asks for each table whether it has a row, no more.
with named as (
    select n.nspname as schema, c.relname as name, format('%I.%I', n.nspname, c.relname) as qualified, c.relkind,
           c.reltuples
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'S') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'),
filled as (
    select schema, name, reltuples
    from named
    where relkind = 'r' and name !~ 'migrations$'
      and query_to_xml(format('select 1 from %s limit 1', qualified), false, true, '')::text <> ''),
answers as (
    select to_regclass('eventstore.events') is not null as has_log)
select has_log,
       case when has_log then coalesce((xpath('/row/head/text()', query_to_xml(
           'select max(position) as head from eventstore.events', false, true, '')))[1]::text::bigint, 0) else 0 end,
       case when to_regclass('eventstore.positions') is not null then coalesce((xpath('/row/drawn/text()', query_to_xml(
           'select last_value as drawn from eventstore.positions', false, true, '')))[1]::text::bigint, 0) else 0 end,
       coalesce((select greatest(reltuples, 1)::bigint from filled where schema = 'commandlog' and name = 'commands'), 0),
       (select count(*) from filled
        where schema not in ('eventstore', 'commandlog')
          and (schema <> 'operations' or name = 'failed_messages'))
from answers;
