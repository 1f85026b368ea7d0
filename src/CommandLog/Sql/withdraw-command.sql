-- $1 command id, $2 tenant, $3 key
-- Takes back the note of a command that could not be sent, and its key, unless it has an outcome nevertheless. Primary
-- keys.
with withdrawn as (
    delete from commandlog.commands where command_id = $1 and status = 'accepted' returning command_id
)
delete from commandlog.idempotency_keys
where tenant = $2 and key = $3 and command_id in (select command_id from withdrawn)
