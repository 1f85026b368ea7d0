-- A page of the log as in read_log.sql, of events with all the tags $7. Walks tagged_pk for the first of the tags, and
-- looks each of its events up by events_pk: put the rarest first. "offset 0" keeps this order of work: for the sake of
-- the limit the planner might rather walk the log.
select e.position, e.version, e.decided_at, e.event_id, e.command_id, e.schema_version, e.stream, e.type, e.tenant,
       e.correlation_id, e.causation_id, e.user_name, e.trace_parent, e.tags, e.data
from (
    select position from eventstore.tagged
    where tag = ($7::text[])[1] and position > $1 and position <= $2
    order by position
    offset 0) as t
cross join lateral (
    select * from eventstore.events
    where events.position = t.position
      and tags @> $7
      and ($3::text[] is null or type = any ($3))
      and ($4::text is null or tenant = $4)
      and ($5::timestamptz is null or decided_at >= $5)
    offset 0) as e
where (select case when max(last_position) > $1 then eventstore.refuse_archived($1) else true end
       from eventstore.archives)
order by t.position
limit $6;
