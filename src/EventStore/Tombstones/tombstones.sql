-- The tombstones of the streams $1. By streams_pk and tombstones_pk.
select s.stream, t.version, t.placed_at, t.placed_by, t.reason
from eventstore.streams as s
join eventstore.tombstones as t on t.stream_id = s.id
where s.stream = any ($1);
