-- The broker has these messages: what was to be sent is forgotten, the ids are kept for deduplication. By primary key.
update {outbox}
set "Dispatched" = true, "DispatchedAt" = now() at time zone 'utc', "Operations" = '[]'
where "MessageId" = any ($1)
