-- $1 the message's id as the API names it, null where it is none; $2 its message id
-- The body of a message: of its last failure, else as it was handled; null where it was too large to keep. Indexes.
(select c.body, m.content_type
 from operations.failed_messages m
          join operations.contents c using (id)
 where m.id = $1)
union all
(select body, content_type from operations.audited_messages where unique_id = $1 order by processed_at desc limit 1)
union all
(select body, content_type from operations.audited_messages where message_id = $2 order by processed_at desc limit 1)
union all
(select c.body, m.content_type
 from operations.failed_messages m
          join operations.contents c using (id)
 where m.message_id = $2
 limit 1)
limit 1
