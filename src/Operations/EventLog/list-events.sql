-- $1 offset, $2 limit
-- Newest first, from the index.
select id, description, severity, raised_at, related_to, category, event_type
from operations.event_log
order by raised_at desc, id desc
offset $1
limit $2
