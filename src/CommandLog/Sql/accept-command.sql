-- $1 command id, $2 tenant, $3 type
-- Notes the command unless it is there: then a crash had lost the note but not the message. Primary key; one index insert.
-- The commit does not wait for the disk: the outcome is recorded also where the note was lost.
with unhurried as materialized (select set_config('synchronous_commit', 'off', true))
insert into commandlog.commands (command_id, tenant, type, status)
select $1, $2, $3, 'accepted' from unhurried
on conflict (command_id) do nothing
returning received_at
