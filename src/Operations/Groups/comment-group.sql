-- $1 id, $2 comment or null
update operations.groups
set comment = $2
where id = $1
