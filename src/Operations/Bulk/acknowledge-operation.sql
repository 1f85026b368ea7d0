-- $1 request
-- The end of an operation on a group has been seen.
update operations.bulk_operations
set acknowledged = true
where request_id = $1 and completed_at is not null and not acknowledged
