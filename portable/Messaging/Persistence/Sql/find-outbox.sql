-- What was sent when this message was handled; no row when it was not. By primary key.
select "Dispatched", "Operations" from {outbox} where "MessageId" = $1
