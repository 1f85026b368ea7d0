-- $1 tenant, $2 key, $3 body hash, $4 command id
-- Claims the key unless it is taken. A claim under way elsewhere is waited for. Primary key; one index insert.
insert into commandlog.idempotency_keys (tenant, key, body_hash, command_id)
values ($1, $2, $3, $4)
on conflict (tenant, key) do nothing
