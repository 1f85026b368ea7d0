-- Partitions whose tables are there and that no append can reach any more, the oldest first; archived: their events are
-- in files, but an archiving was interrupted before they went.
select p.from_position, p.to_position, a.from_position is not null as archived
from eventstore.partitions as p
left join eventstore.archives as a using (from_position)
where p.to_position <= (select head from eventstore.read_head())
  and to_regclass(format('eventstore.events_from_%s', p.from_position)) is not null
order by p.from_position;
