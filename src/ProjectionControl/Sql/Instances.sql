-- $1 projection (null: all). Processes that were alive in the last ten seconds.
SELECT projection, instance, version, fills, seen_at
FROM projections.instances
WHERE seen_at > now() - interval '10 seconds' AND ($1 IS NULL OR projection = $1)
ORDER BY projection, fills DESC, instance
