insert into {saga} ("Id", "Metadata", "Data", "PersistenceVersion", "SagaTypeVersion", "Concurrency", {correlation})
values ($1, $2, $3, $4, $5, 1, $6)
