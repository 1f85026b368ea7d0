-- $1 projection, $2 build. As many rows as streams are parked, by primary key.
SELECT stream, version, position, event_id, event_type, error
FROM projections.parked
WHERE projection = $1 AND build = $2
ORDER BY position
