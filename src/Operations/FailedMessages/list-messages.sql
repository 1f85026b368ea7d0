-- A page of failed messages. {filter} and {order} come from constant texts; $1 offset, $2 limit, more from the filter.
-- The page's ids are read from the index of the order, up to the offset; rows and headers for the page alone.
with page as (
    select m.id
    from operations.failed_messages m
    where {filter}
    order by {order}
    offset $1
    limit $2)
select m.id, m.message_type, m.time_sent, m.is_system, m.exception_type, m.exception_message, m.message_id, m.attempts,
       m.status, m.sending_name, m.sending_host, m.sending_host_id, m.receiving_name, m.receiving_host,
       m.receiving_host_id, m.queue, m.failed_at, m.modified_at, m.edit_of, m.conversation_id,
       m.body_size, m.content_type,
       c.headers::text
from page
         join operations.failed_messages m using (id)
         left join operations.contents c using (id)
order by {order}
