-- What sagas made of messages, each change once. Primary key.
-- $1 sagas, $2 changes, $3 types, $4 endpoints, $5 statuses, $6 started, $7 finished, $8 states, $9 initiating messages,
-- $10 outgoing messages
insert into operations.saga_changes (
    saga_id, change_id, saga_type, endpoint, status, started_at, finished_at, state, initiating, outgoing)
select saga_id, change_id, saga_type, endpoint, status, started_at, finished_at, state, initiating::json,
       outgoing::json
from unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::smallint[], $6::timestamptz[], $7::timestamptz[], $8::text[],
    $9::text[], $10::text[]) as t (
    saga_id, change_id, saga_type, endpoint, status, started_at, finished_at, state, initiating, outgoing)
order by saga_id, change_id
on conflict do nothing
