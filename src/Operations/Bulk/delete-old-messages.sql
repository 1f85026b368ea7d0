-- $1 age, $2 how many at once
-- Resolved and archived messages with all that is known of them. Index of status and last change.
with old as (
    select id
    from operations.failed_messages
    where status in (2, 4) and modified_at < clock_timestamp() - $1::interval
    limit $2
    for update skip locked),
contents as (delete from operations.contents where id in (select id from old)),
attempts as (delete from operations.attempts where id in (select id from old))
delete from operations.failed_messages where id in (select id from old)
