-- When each group's last retry ended. Few rows.
select request_id, max(completed_at)
from operations.bulk_operations
where scope = 'FailureGroup' and kind = 'retry' and completed_at is not null
group by request_id
