-- Events of the stream $1, and the tenant of the newest; no row: there is none. By streams_pk and events_by_stream.
select s.version, (
    select e.tenant from eventstore.events as e
    where e.stream_id = s.id and e.position > s.above
    order by e.version desc
    limit 1)
from eventstore.streams as s
where s.stream = $1;
