-- $1 id
-- Every failure of a message, oldest first. Primary key's prefix.
select failed_at, exception_type, exception_message, stack_trace
from operations.attempts
where id = $1
order by failed_at
