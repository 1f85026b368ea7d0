-- $1 operation, $2 total, $3 newest failure
update operations.bulk_operations
set state = 'preparing', total = $2, last_failed_at = $3
where id = $1
