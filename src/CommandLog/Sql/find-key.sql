-- $1 tenant, $2 key
-- Who holds the key. Primary key, one row.
select body_hash, command_id
from commandlog.idempotency_keys
where tenant = $1 and key = $2
