-- $1 projection, $2 version of the declaration, $3 stream, $4 stream version, $5 position, $6 event id, $7 event type,
-- $8 error, $9 who. One row by primary key.
INSERT INTO projections.skipped
    (projection, version, stream, stream_version, position, event_id, event_type, error, skipped_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (projection, version, position) DO NOTHING
