-- Names this transaction's snapshot for pg_dump, with what the manifest says of the log in it: time, database, major
-- version, identity, last position, last position drawn, and the roles with rights on anything here.
-- Primary keys and catalogs only.
select pg_export_snapshot(),
       clock_timestamp(),
       current_database()::text,
       current_setting('server_version_num')::int / 10000,
       (select store_id from eventstore.identity),
       coalesce((select max(position) from eventstore.events), 0),
       (select last_value from eventstore.positions),
       array(
           select distinct r.rolname::text
           from (
               select nspacl as acl from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
               union all select c.relacl from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
               where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
               union all select p.proacl from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
               where n.nspname !~ '^pg_' and n.nspname <> 'information_schema') as rights
           cross join lateral aclexplode(rights.acl) as granted
           join pg_roles as r on r.oid = granted.grantee
           where r.rolname <> current_user and r.rolname !~ '^pg_'
           order by 1);
