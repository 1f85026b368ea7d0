-- By primary key.
select "Id", "Metadata", "Data", "Concurrency" from {saga} where "Id" = $1
