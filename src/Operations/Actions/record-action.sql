-- $1 who, $2 from where, $3 action, $4 scope, $5 resource
insert into operations.actions (who, from_where, action, scope, resource)
values ($1, $2, $3, $4, $5)
returning id
