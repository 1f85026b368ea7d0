-- Unresolved messages by endpoint, host and type: one pass over them, and three over the few kinds that there are.
with kinds as materialized (
    select receiving_name, receiving_host, message_type, count(*) as count
    from operations.failed_messages
    where status = 1
    group by receiving_name, receiving_host, message_type)
select grouping(receiving_name, receiving_host, message_type), coalesce(receiving_name, receiving_host, message_type),
       sum(count)::bigint
from kinds
group by grouping sets (receiving_name, receiving_host, message_type)
having coalesce(receiving_name, receiving_host, message_type) <> ''
order by 2
