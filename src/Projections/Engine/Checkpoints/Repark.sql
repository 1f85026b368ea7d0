-- $1 projection, $2 build, $3 stream, $4 version, $5 position, $6 event id, $7 event type, $8 error: the stream stays
-- parked, from this event on. One row by primary key.
UPDATE projections.parked
SET version = $4, position = $5, event_id = $6, event_type = $7, error = $8, parked_at = now()
WHERE projection = $1 AND build = $2 AND stream = $3
