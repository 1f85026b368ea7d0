-- Single events by stream and version ($1 and $2 side by side): what stands beside a part of a merge.
-- Per event: streams_pk, one descent of events_by_stream in each partition since the stream began.
select e.stream, e.version, e.type, e.schema_version, e.data
from unnest($1::text[], $2::bigint[]) as wanted (stream, version)
join eventstore.streams as s on s.stream = wanted.stream
join eventstore.events as e on e.stream_id = s.id and e.version = wanted.version;
