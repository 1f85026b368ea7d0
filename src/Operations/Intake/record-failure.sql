-- Records one failure, once: a redelivered one finds its attempt and changes nothing. A message that failed before gets
-- one more attempt and is unresolved again, whatever it was. Primary keys; a new message costs a row and 15 index
-- entries here, and one row each in attempts, contents and the event log.
-- $1 id, $2 attempt key, $3 failed at, $4 exception type, $5 exception message, $6 stack trace, $7 message id,
-- $8 message type, $9 is system, $10 conversation id, $11 time sent, $12-$14 sender, $15-$17 receiver, $18 queue,
-- $19 edit of, $20 body size, $21 content type, $22-$26 groups, $27 headers, $28 body, $29 words
with attempt as (
    insert into operations.attempts (id, attempt_key, failed_at, exception_type, exception_message, stack_trace)
    values ($1, $2, $3, $4, $5, $6)
    on conflict do nothing
    returning id),
message as (
    insert into operations.failed_messages as m (
        id, status, attempts, message_id, message_type, is_system, conversation_id, time_sent,
        sending_name, sending_host, sending_host_id, receiving_name, receiving_host, receiving_host_id,
        queue, exception_type, exception_message, edit_of, failed_at, modified_at, body_size, content_type,
        by_exception, by_type, by_address, by_instance, by_endpoint, words)
    select id, 1, 1, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $4, $5, $19, $3, clock_timestamp(), $20,
           $21, $22, $23, $24, $25, $26, array_to_tsvector(string_to_array($29, ' '))
    from attempt
    on conflict (id) do update
        set status = 1,
            attempts = m.attempts + 1,
            message_type = excluded.message_type,
            receiving_name = excluded.receiving_name,
            receiving_host = excluded.receiving_host,
            receiving_host_id = excluded.receiving_host_id,
            queue = excluded.queue,
            exception_type = excluded.exception_type,
            exception_message = excluded.exception_message,
            failed_at = excluded.failed_at,
            modified_at = excluded.modified_at,
            body_size = excluded.body_size,
            content_type = excluded.content_type,
            by_exception = excluded.by_exception,
            by_type = excluded.by_type,
            by_address = excluded.by_address,
            by_instance = excluded.by_instance,
            by_endpoint = excluded.by_endpoint,
            words = excluded.words,
            staged_by = null),
content as (
    insert into operations.contents as c (id, headers, body)
    select id, $27, $28
    from attempt
    on conflict (id) do update set headers = excluded.headers, body = excluded.body)
insert into operations.event_log (severity, category, event_type, description, related_to)
select 'error', 'MessageFailures', 'MessageFailed', coalesce($5, 'A message failed without saying why'),
       array ['/message/' || id, '/endpoint/' || coalesce($15, $18, '')]
from attempt
