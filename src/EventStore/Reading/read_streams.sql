-- The ends of the streams $1, of each the $2 newest events, in order of position: one snapshot over all of them.
-- One range of events_by_stream per stream, in the partitions since its first event.
select position, version, decided_at, event_id, command_id, schema_version, stream, type, tenant, correlation_id,
       causation_id, user_name, trace_parent, tags, data
from (
    select events.*
    from unnest($1::text[], $2::int[]) as wanted (stream, last)
    join eventstore.streams on streams.stream = wanted.stream
    cross join lateral (
        select *
        from eventstore.events
        where events.stream_id = streams.id and events.position > streams.above
        order by version desc
        limit wanted.last
    ) as events
) as ends
order by position;
