-- $1 how many at most
-- Messages that wait to be sent, oldest first; there are few.
select id, queue, headers::text, body
from operations.edited_messages
order by created_at
limit $1
