-- Commands that were accepted and had no outcome were on the broker: they are not any more. Their senders are told.
-- Reads the command log once.
with failed as (
    update commandlog.commands
    set status = 'failed',
        completed_at = now(),
        message = 'The system was restored to a state of before this command was handled. Nothing of it was done: send it '
            || 'again, under another idempotency key.'
    where status = 'accepted'
    returning 1)
select count(*) from failed;
