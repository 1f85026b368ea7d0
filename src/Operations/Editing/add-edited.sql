-- $1 id of the new message, $2 the failed one, $3 queue, $4 headers, $5 body
-- Notes the new message and resolves the failed one. Primary keys.
with resolved as (
    update operations.failed_messages
    set status = 2, staged_by = null, modified_at = clock_timestamp()
    where id = $2)
insert into operations.edited_messages (id, edit_of, queue, headers, body)
values ($1, $2, $3, $4, $5)
