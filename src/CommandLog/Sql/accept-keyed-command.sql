-- $1 command id, $2 tenant, $3 type, $4 key, $5 body hash
-- As accept-command.sql, where the key stands for this command and this body. Two primary keys; one index insert.
with unhurried as materialized (select set_config('synchronous_commit', 'off', true))
insert into commandlog.commands (command_id, tenant, type, status)
select $1, $2, $3, 'accepted'
from unhurried, commandlog.idempotency_keys k
where k.tenant = $2 and k.key = $4 and k.command_id = $1 and k.body_hash = $5
on conflict (command_id) do nothing
returning received_at
