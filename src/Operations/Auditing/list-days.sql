-- The partitions of single days: there are as many as days are kept.
select c.relname
from pg_catalog.pg_inherits i
         join pg_catalog.pg_class c on c.oid = i.inhrelid
where i.inhparent = 'operations.audited_messages'::regclass
  and c.relname ~ '^audited_[0-9]{8}$'
order by c.relname
