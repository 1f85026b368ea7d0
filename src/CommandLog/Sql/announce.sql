-- $1 command ids
-- Tells all processes which of these commands are done, and returns them. Asynchronous commit: the message is worth no
-- wait for the disk. Primary key, one row per id.
with done as materialized (
    select command_id from commandlog.commands where command_id = any ($1) and status <> 'accepted'
), told as materialized (
    select set_config('synchronous_commit', 'off', true),
           pg_notify('commandlog_done', string_agg(command_id::text, ' '))
    from done
    having count(*) > 0
)
select done.command_id from done, told
