-- $1 id
delete from operations.redirects where id = $1
