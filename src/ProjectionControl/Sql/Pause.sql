-- $1 projection, $2 who. One row by primary key; tells the instances.
WITH paused AS (
    INSERT INTO projections.paused (projection, paused_by) VALUES ($1, $2)
    ON CONFLICT (projection) DO NOTHING)
SELECT pg_notify('projection_control', $1)
