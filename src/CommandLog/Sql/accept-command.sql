-- $1 command id, $2 tenant, $3 type
-- Notes the command unless it is there: then a crash had lost the note but not the message. Primary key; one index insert.
insert into commandlog.commands (command_id, tenant, type, status)
values ($1, $2, $3, 'accepted')
on conflict (command_id) do nothing
