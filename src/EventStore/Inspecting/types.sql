-- Events by type and schema version, the most frequent first. One pass over the whole log.
select type, schema_version, count(*), sum(pg_column_size(data))::bigint, max(pg_column_size(data))::bigint,
       min(decided_at), max(decided_at)
from eventstore.events
group by type, schema_version
order by count(*) desc, type, schema_version;
