-- A page of the log as in read_log.sql, for types $3 that are rare: for each type at most $6 entries of events_by_type,
-- and of those the first $6 events. What lies between costs nothing. The type is compared together with the position:
-- with "type = ..." the planner would rather walk events_pk, in the hope of meeting $6 of them soon.
select e.position, e.version, e.decided_at, e.event_id, e.command_id, e.schema_version, e.stream, e.type, e.tenant,
       e.correlation_id, e.causation_id, e.user_name, e.trace_parent, e.tags, e.data
from (
    select found.position
    from unnest($3::text[]) as wanted (type)
    cross join lateral (
        select position from eventstore.events
        where (type, position) > (wanted.type, $1) and (type, position) <= (wanted.type, $2)
          and position > $1 and position <= $2
          and ($4::text is null or tenant = $4)
          and ($5::timestamptz is null or decided_at >= $5)
        order by type, position
        limit $6) as found
    order by found.position
    limit $6) as page
join eventstore.events as e on e.position = page.position
where (select case when max(last_position) > $1 then eventstore.refuse_archived($1) else true end
       from eventstore.archives)
order by e.position;
