-- What was sent when these messages were handled; no row for one that was not. By primary key.
select "MessageId", "Dispatched", "Operations" from {outbox} where "MessageId" = any ($1)
