-- Deletes deduplication records by age, a batch at a time. By "Index_DispatchedAt".
delete from {outbox}
where "MessageId" in (
    select "MessageId" from {outbox}
    where "DispatchedAt" < (now() at time zone 'utc') - $1 and "Dispatched"
    order by "DispatchedAt"
    limit $2)
