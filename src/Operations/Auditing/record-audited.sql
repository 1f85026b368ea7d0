-- Messages that were handled, each once: one that the broker delivers again finds itself and changes nothing. One
-- statement for a batch; a row costs eleven index entries in its day's partition and a few dozen words in its search
-- index. How many are new is added up by endpoint: a row or two of audit_counts.
-- $1 days, $2 ids, $3 unique ids, $4 message ids, $5 types, $6 system messages, $7 retried, $8 conversations,
-- $9 times sent, $10 times processed, $11 critical, $12 processing, $13 delivery times, $14-$16 senders,
-- $17-$19 receivers, $20 content types, $21 body sizes, $22 headers, $23 bodies, $24 words, separated by spaces
with new as (
    insert into operations.audited_messages (
        day, id, unique_id, message_id, message_type, is_system, is_retried, conversation_id, time_sent, processed_at,
        critical_us, processing_us, delivery_us, sending_name, sending_host, sending_host_id, receiving_name,
        receiving_host, receiving_host_id, content_type, body_size, headers, body, words)
    select day, id, unique_id, message_id, message_type, is_system, is_retried, conversation_id, time_sent,
           processed_at, critical_us, processing_us, delivery_us, sending_name, sending_host, sending_host_id,
           receiving_name, receiving_host, receiving_host_id, content_type, body_size, headers::json, body,
           array_to_tsvector(string_to_array(words, ' '))
    from unnest(
        $1::date[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::boolean[], $7::boolean[], $8::text[],
        $9::timestamptz[], $10::timestamptz[], $11::bigint[], $12::bigint[], $13::bigint[], $14::text[], $15::text[],
        $16::uuid[], $17::text[], $18::text[], $19::uuid[], $20::text[], $21::integer[], $22::text[], $23::bytea[],
        $24::text[]) as t (
        day, id, unique_id, message_id, message_type, is_system, is_retried, conversation_id, time_sent, processed_at,
        critical_us, processing_us, delivery_us, sending_name, sending_host, sending_host_id, receiving_name,
        receiving_host, receiving_host_id, content_type, body_size, headers, body, words)
    order by day, id
    on conflict do nothing
    returning day, receiving_name, is_system)
insert into operations.audit_counts as c (day, endpoint, is_system, count)
select day, coalesce(receiving_name, ''), is_system, count(*)
from new
group by 1, 2, 3
order by 1, 2, 3
on conflict (day, endpoint, is_system) do update set count = c.count + excluded.count
