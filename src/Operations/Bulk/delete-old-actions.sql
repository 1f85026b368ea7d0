-- $1 age, $2 how many at once
-- Records of what operators did, and the operations that carried it out.
with old as (select id from operations.actions where at < clock_timestamp() - $1::interval limit $2),
messages as (delete from operations.action_messages where action_id in (select id from old)),
done as (delete from operations.bulk_operations where action_id in (select id from old) and completed_at is not null)
delete from operations.actions where id in (select id from old)
