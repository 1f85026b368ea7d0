-- Up to $2 open streams behind $3, in order, that have events below position $1 and no snapshot behind those: archived,
-- no fold works on them. Reads events_by_stream of the partitions below $1.
select s.stream
from (
    select stream_id, max(version) as version from eventstore.events where position < $1 group by stream_id) as old
join eventstore.streams as s on s.id = old.stream_id
where s.tombstone is null and s.stream > $3
  and not exists (
      select from eventstore.snapshots as n where n.stream_id = s.id and n.version >= old.version)
order by s.stream
limit $2;
