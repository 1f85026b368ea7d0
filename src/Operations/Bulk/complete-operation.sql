-- $1 operation, $2 whether there is nobody to acknowledge it
-- What was taken and not refused has been done: also what a crash left uncounted.
update operations.bulk_operations
set state = 'completed', completed_at = clock_timestamp(), acknowledged = $2,
    total = prepared, done = prepared - skipped
where id = $1
returning done
