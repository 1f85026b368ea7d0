-- $1 id of a new message that the broker does not take
-- The failed message that it stood for is unresolved again. Primary keys.
update operations.failed_messages
set status = 1, modified_at = clock_timestamp()
where status = 2 and id = (select edit_of from operations.edited_messages where id = $1)
