-- $1 action, $2 outcome, $3 detail
-- Primary key.
update operations.actions
set outcome = $2, detail = $3
where id = $1
