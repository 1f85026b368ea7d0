-- $1 id
-- Primary keys, one row.
select c.body, m.content_type
from operations.contents c
         join operations.failed_messages m using (id)
where c.id = $1
