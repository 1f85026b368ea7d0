-- $1 from, $2 to, $3 ids or null for all, $4 queue or null, $5-$6 time of the last change or null
-- Changes those that stand as expected, and says which. Primary key, or the index of the status.
update operations.failed_messages
set status = $2, staged_by = null, modified_at = clock_timestamp()
where status = $1
  and ($3::uuid[] is null or id = any ($3))
  and ($4::text is null or queue = $4)
  and ($5::timestamptz is null or modified_at between $5 and $6)
returning id
