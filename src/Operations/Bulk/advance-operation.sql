-- $1 operation, $2 state, $3 taken, $4 done, $5 skipped, $6-$7 where it has got to
-- The counts are added. Primary key.
update operations.bulk_operations
set state = $2,
    prepared = prepared + $3,
    total = greatest(total, prepared + $3),
    done = done + $4,
    skipped = skipped + $5,
    position_at = coalesce($6, position_at),
    position_id = coalesce($7, position_id)
where id = $1
