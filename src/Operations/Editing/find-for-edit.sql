-- $1 id
-- The message as it stands, locked: of two who edit it, the second waits and finds it resolved. Primary keys.
select m.status, m.queue, c.headers::text
from operations.failed_messages m
         join operations.contents c using (id)
where m.id = $1
for update of m
