-- $1 projection, $2 build, $3 stream, $4 version, $5 position, $6 event id, $7 event type, $8 error.
-- A stream stays parked from its first event that could not be applied.
INSERT INTO projections.parked (projection, build, stream, version, position, event_id, event_type, error)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (projection, build, stream) DO NOTHING
