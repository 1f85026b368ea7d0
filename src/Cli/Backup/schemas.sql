-- Schemas that programs have made here; what extensions need stays.
select nspname::text from pg_namespace
where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')
order by 1;
