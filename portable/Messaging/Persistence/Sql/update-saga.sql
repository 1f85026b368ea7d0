-- No row when somebody else has changed it: the message is then handled again. By primary key.
update {saga}
set "Data" = $2, "PersistenceVersion" = $3, "SagaTypeVersion" = $4, "Concurrency" = $5 + 1
where "Id" = $1 and "Concurrency" = $5
