-- By the unique index of the correlation property.
select "Id", "Metadata", "Data", "Concurrency" from {saga} where {correlation} = $1
