-- $1 message id
-- The messages of an id: one for each endpoint that handled it. Indexes of message ids.
select null::date, m.id
from operations.failed_messages m
where m.message_id = $1
union all
select a.day, a.id
from operations.audited_messages a
where a.message_id = $1
  and coalesce((select false from operations.failed_messages f where f.id = a.unique_id), true)
limit 50
