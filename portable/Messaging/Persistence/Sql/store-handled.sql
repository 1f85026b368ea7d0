-- As store-outbox, for a message whose handlers sent nothing: there is nothing left to dispatch.
insert into {outbox} ("MessageId", "Operations", "PersistenceVersion", "Dispatched", "DispatchedAt")
values ($1, '[]', $2, true, now() at time zone 'utc')
