-- $1 ids
delete from operations.edited_messages where id = any ($1)
