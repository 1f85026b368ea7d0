-- $1 age, $2 how many at once
-- What sagas made of old messages. Index of finished_at.
delete from operations.saga_changes
where (saga_id, change_id) in (
    select saga_id, change_id
    from operations.saga_changes
    where finished_at < clock_timestamp() - $1::interval
    limit $2)
