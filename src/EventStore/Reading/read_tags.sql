-- A page of the log as in read_log.sql, of events with all the tags $7. Walks tagged_pk for the first of the tags, and
-- looks each of its events up by events_pk: put the rarest first.
select e.position, e.version, e.decided_at, e.event_id, e.command_id, e.schema_version, e.stream, e.type, e.tenant,
       e.correlation_id, e.causation_id, e.user_name, e.trace_parent, e.tags, e.data
from eventstore.tagged as t
join eventstore.events as e on e.position = t.position
where t.tag = ($7::text[])[1] and t.position > $1 and t.position <= $2
  and e.tags @> $7
  and ($3::text[] is null or e.type = any ($3))
  and ($4::text is null or e.tenant = $4)
  and ($5::timestamptz is null or e.decided_at >= $5)
order by t.position
limit $6;
