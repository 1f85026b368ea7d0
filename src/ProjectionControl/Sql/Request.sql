-- $1 projection, $2 action, $3 build, $4 from position, $5 stream, $6 who, $7 sample, $8 repair. Tells the instances.
WITH request AS (
    INSERT INTO projections.requests (projection, action, build, from_position, stream, requested_by, sample, repair)
    VALUES ($1, $2, $3::integer, $4::bigint, $5::text, $6, $7::integer, $8)
    RETURNING id, projection)
SELECT id, pg_notify('projection_control', projection) FROM request
