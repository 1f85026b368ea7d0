-- $1 projection (null: all). Streams that live builds leave out, the oldest event first.
SELECT projection, stream, parked.version, parked.position, event_type, parked.error, parked_at
FROM projections.parked
JOIN projections.checkpoints USING (projection, build)
WHERE state = 'live' AND ($1 IS NULL OR projection = $1)
ORDER BY projection, parked.position
