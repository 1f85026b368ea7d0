-- $1 operation, $2 messages
-- The broker does not take them: they are unresolved again. Primary key.
update operations.failed_messages
set status = 1, staged_by = null, modified_at = clock_timestamp()
where id = any ($2) and staged_by = $1
