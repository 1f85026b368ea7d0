insert into {saga} ("Id", "Metadata", "Data", "PersistenceVersion", "SagaTypeVersion", "Concurrency")
values ($1, $2, $3, $4, $5, 1)
