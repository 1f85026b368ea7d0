-- The newest events on a way through the log, which the placeholder below stands for: the statement of one of the files
-- walk-*.sql. It gives positions below $1, $2 of them at most, the highest first.
-- $3 how many to return, and filters, null is open: $4 type, $5 tenant, $6 tag, $7 since, $8 until.
-- Every row says first how many were looked at and down to where; one row says it where nothing was found.
with looked as materialized (
{walk}), searched as (
    select count(*) as looked, min(position) as lowest from looked
), found as (
    select e.*
    from looked
    join eventstore.events as e using (position)
    where ($4 is null or e.type = $4)
      and ($5 is null or e.tenant = $5)
      and ($6 is null or e.tags @> array[$6])
      and ($7 is null or e.decided_at >= $7)
      and ($8 is null or e.decided_at <= $8)
    order by e.position desc
    limit $3
)
select searched.looked, searched.lowest, e.position, e.stream, e.version, e.type, e.schema_version, e.tenant,
       e.decided_at, e.event_id, e.command_id, e.correlation_id, e.causation_id, e.user_name, e.trace_parent, e.tags
from searched
left join found as e on true
order by e.position desc
