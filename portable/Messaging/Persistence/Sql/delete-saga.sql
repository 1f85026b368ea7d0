-- No row when somebody else has changed it. By primary key.
delete from {saga} where "Id" = $1 and "Concurrency" = $2
