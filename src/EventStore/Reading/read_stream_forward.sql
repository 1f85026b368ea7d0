-- A page of the stream $1: versions $2 and up, above position $4, at most $3 events. Walks events_by_stream in the
-- partitions since the stream's first event (since position $4, on later pages).
select position, version, decided_at, event_id, command_id, schema_version, stream, type, tenant, correlation_id,
       causation_id, user_name, trace_parent, tags, data
from eventstore.events
where stream_id = (select id from eventstore.streams where stream = $1)
  and version >= $2
  and position > (select greatest(above, $4) from eventstore.streams where stream = $1)
order by version
limit $3;
