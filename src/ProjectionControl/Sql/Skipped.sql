-- $1 projection (null: all). Events that operators left out, the latest first.
SELECT projection, version, stream, stream_version, position, event_type, skipped_by, skipped_at
FROM projections.skipped
WHERE $1 IS NULL OR projection = $1
ORDER BY projection, skipped_at DESC
