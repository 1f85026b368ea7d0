-- $1 command ids
-- Their states. Primary key, one row per id.
select command_id, tenant, type, status, token, rule, message, received_at, completed_at
from commandlog.commands
where command_id = any ($1)
