-- The broker has these messages: what was to be sent is forgotten, the ids are kept for deduplication. By primary key.
-- The commit does not wait for the disk: to send once more what a crash has made one forget does no harm.
with unhurried as materialized (select set_config('synchronous_commit', 'off', true))
update {outbox}
set "Dispatched" = true, "DispatchedAt" = now() at time zone 'utc', "Operations" = '[]'
from unhurried
where "MessageId" = any ($1)
