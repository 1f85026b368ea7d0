-- $1 who, $2 from where, $3 action, $4 scope, $5 resource, $6 outcome, $7 detail, $8 when, or null for now
insert into operations.actions (who, from_where, action, scope, resource, outcome, detail, at)
values ($1, $2, $3, $4, $5, $6, $7, coalesce($8, now()))
returning id
