-- $1 id, $2 to
update operations.redirects
set to_address = $2, modified_at = now()
where id = $1
