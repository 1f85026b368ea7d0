-- $1 saga
-- The newest changes of a saga. Primary key's prefix.
select status, started_at, finished_at, state, initiating::text, outgoing::text, endpoint, saga_type
from operations.saga_changes
where saga_id = $1
order by finished_at desc, change_id
limit 1000
