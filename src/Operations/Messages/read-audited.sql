-- $1 days, $2 ids. Primary key of each day's partition.
select m.id, m.unique_id, m.message_id, m.message_type, m.sending_name, m.sending_host, m.sending_host_id,
       m.receiving_name, m.receiving_host, m.receiving_host_id, m.time_sent, m.processed_at, m.critical_us,
       m.processing_us, m.delivery_us, m.is_system, m.conversation_id, m.is_retried, m.body_size, m.headers::text
from unnest($1::date[], $2::uuid[]) as wanted (day, id)
         join operations.audited_messages m on m.day = wanted.day and m.id = wanted.id
