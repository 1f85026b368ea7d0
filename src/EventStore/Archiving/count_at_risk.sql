-- How many streams streams_at_risk.sql would list for position $1. Costs as much.
select count(*)
from (
    select stream_id, max(version) as version from eventstore.events where position < $1 group by stream_id) as old
join eventstore.streams as s on s.id = old.stream_id
where s.tombstone is null
  and not exists (
      select from eventstore.snapshots as n where n.stream_id = s.id and n.version >= old.version);
