-- Takes the next messages of an operation: $1 operation, $2 limit, $3-$4 where it has got to, $5 new status,
-- $6 whether they are now staged to be returned, $7 action; more from {filter}.
-- Walks along the index by time of failure. Each message is updated once and noted under the action.
with picked as (
    select m.id, m.failed_at
    from operations.failed_messages m
    where {filter} and (m.failed_at, m.id) > ($3, $4)
    order by m.failed_at, m.id
    limit $2
    for update),
taken as (
    update operations.failed_messages m
    set status = $5, staged_by = case when $6 then $1 end, modified_at = clock_timestamp()
    from picked
    where m.id = picked.id
    returning m.id),
noted as (
    insert into operations.action_messages (action_id, message_id)
    select $7, id
    from taken
    on conflict do nothing)
select failed_at, id, (select count(*) from taken)
from picked
order by failed_at desc, id desc
limit 1
