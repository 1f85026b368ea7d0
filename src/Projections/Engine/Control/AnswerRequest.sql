-- $1 request, $2 failed, $3 outcome, $4 instance. One row by primary key; tells those who wait for it.
WITH answered AS (
    UPDATE projections.requests
    SET done_at = now(), failed = $2, outcome = $3, instance = $4
    WHERE id = $1
    RETURNING projection)
SELECT pg_notify('projection_control', projection) FROM answered
