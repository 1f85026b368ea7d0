-- A page of the stream $1, newest first: versions from $2 up to $3, at most $4 events. Walks events_by_stream in the
-- partitions since the stream's first event.
select position, version, decided_at, event_id, command_id, schema_version, stream, type, tenant, correlation_id,
       causation_id, user_name, trace_parent, tags, data
from eventstore.events
where stream_id = (select id from eventstore.streams where stream = $1)
  and version between $2 and $3
  and position > (select above from eventstore.streams where stream = $1)
order by version desc
limit $4;
