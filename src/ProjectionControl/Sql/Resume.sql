-- $1 projection. One row by primary key; tells the instances.
WITH resumed AS (
    DELETE FROM projections.paused WHERE projection = $1)
SELECT pg_notify('projection_control', $1)
