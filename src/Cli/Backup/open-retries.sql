-- Failed messages that were on their way back to their queue (status 3) are failed messages again (1): the queue is gone.
-- One that was handled meanwhile is recognized by the inbox of its endpoint. By the index on status.
with opened as (
    update operations.failed_messages
    set status = 1, staged_by = null, modified_at = now()
    where status = 3
    returning 1)
select count(*) from opened;
