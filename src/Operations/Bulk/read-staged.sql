-- $1 operation, $2 limit, $3 most bytes
-- The next messages to be returned to their queues, as many as fit into the bytes, at least one. Index of those staged.
with next as (
    select id, queue, body_size
    from operations.failed_messages
    where staged_by = $1
    order by id
    limit $2),
sized as (
    select id, queue, sum(body_size) over (order by id) as bytes, row_number() over (order by id) as number
    from next)
select s.id, s.queue, c.headers::text, c.body
from sized s
         join operations.contents c using (id)
where s.number = 1 or s.bytes <= $3
order by s.id
