-- Positions and versions of given events in given streams: what a repeated append answered the first time.
-- Reads the streams whole (events_by_stream); only repeated appends ask.
select e.event_id, e.stream, e.position, e.version
from eventstore.streams as s
join eventstore.events as e on e.stream_id = s.id
where s.stream = any ($1) and e.event_id = any ($2);
