-- Operations of a condition from constant texts, {filter}. Few rows: those under way or not acknowledged.
select id, kind, scope, request_id, originator, source, group_id, group_classifier, queue, ids, modified_from,
       modified_to, action_id, state, total, prepared, done, skipped, position_at, position_id, last_failed_at,
       started_at, completed_at, acknowledged
from operations.bulk_operations
where {filter}
