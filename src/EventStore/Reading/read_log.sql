-- A page of the log: behind $1, up to $2, at most $6 events. Filters that are null are open.
-- Walks events_pk from $1; a filter is checked on the way, so what is rare costs the range it is searched in.
-- EA001 where events behind $1 are archived.
select position, version, decided_at, event_id, command_id, schema_version, stream, type, tenant, correlation_id,
       causation_id, user_name, trace_parent, tags, data
from eventstore.events
where position > $1 and position <= $2
  and (select case when max(last_position) > $1 then eventstore.refuse_archived($1) else true end
       from eventstore.archives)
  and ($3::text[] is null or type = any ($3))
  and ($4::text is null or tenant = $4)
  and ($5::timestamptz is null or decided_at >= $5)
order by position
limit $6;
