-- Unresolved messages by endpoint, host and type: one pass over them.
select grouping(receiving_name, receiving_host, message_type), coalesce(receiving_name, receiving_host, message_type),
       count(*)
from operations.failed_messages
where status = 1
group by grouping sets (receiving_name, receiving_host, message_type)
having coalesce(receiving_name, receiving_host, message_type) <> ''
order by 2
