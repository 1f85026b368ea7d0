-- $1 kind, $2 scope, $3 request, $4 originator, $5 source, $6 group, $7 its classifier, $8 queue, $9 ids,
-- $10-$11 modified, $12 action
-- Nothing where the same is under way. What an earlier one has left to acknowledge is superseded.
with superseded as (
    update operations.bulk_operations
    set acknowledged = true
    where kind = $1 and scope = $2 and request_id = $3 and completed_at is not null and not acknowledged)
insert into operations.bulk_operations (
    kind, scope, request_id, originator, source, group_id, group_classifier, queue, ids, modified_from, modified_to,
    action_id, state)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting')
on conflict (kind, scope, request_id) where completed_at is null do nothing
returning id
