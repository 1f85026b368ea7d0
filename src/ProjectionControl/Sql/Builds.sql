-- $1 projection (null: all). A handful of rows, the newest build first.
SELECT projection, build, version, store, storage, state, position, greatest(seen, position),
       greatest(head, position), from_position, rate,
       CASE WHEN state = 'live' THEN greatest(clock_timestamp() - as_of, interval '0') END, started_at, last_event_at, error, writer
FROM projections.checkpoints
WHERE $1 IS NULL OR projection = $1
ORDER BY projection, build DESC
