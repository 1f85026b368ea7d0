-- Those of the streams $1 that miss, for the archive has it, the event they were read from on: version $2 or, if that
-- is later, the first of their $3 newest. No row: what was read was all there is.
-- Per stream streams_pk and one descent of events_by_stream in each partition since the stream began.
select s.stream, wanted.version
from unnest($1::text[], $2::bigint[], $3::bigint[]) as asked (stream, lowest, last)
join eventstore.streams as s on s.stream = asked.stream
cross join lateral (select greatest(asked.lowest, s.version - asked.last + 1) as version) as wanted
where s.above < (select max(last_position) from eventstore.archives)
  and wanted.version <= s.version
  and not exists (
      select from eventstore.events as e
      where e.stream_id = s.id and e.version = wanted.version and e.position > s.above);
