-- $1 ids of messages that an endpoint says it has handled
-- Resolves them and notes it; those it knows as resolved already are left alone. Primary key.
with resolved as (
    update operations.failed_messages
    set status = 2, staged_by = null, modified_at = clock_timestamp()
    where id = any ($1) and status <> 2
    returning id)
insert into operations.event_log (severity, category, event_type, description, related_to)
select 'info', 'MessageFailures', 'MessageFailureResolvedByRetry', 'Failed message resolved by retry',
       array ['/message/' || id]
from resolved
