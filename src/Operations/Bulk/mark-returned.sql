-- $1 operation, $2 messages
-- The broker has them. Those that meanwhile were confirmed or failed again are left as they are. Primary key.
update operations.failed_messages
set staged_by = null
where id = any ($2) and staged_by = $1
