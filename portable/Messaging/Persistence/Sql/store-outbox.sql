-- The message is handled and these messages are to be sent: commits with the handler's work. The primary key makes the
-- second of two concurrent deliveries fail here.
insert into {outbox} ("MessageId", "Operations", "PersistenceVersion") values ($1, $2, $3)
