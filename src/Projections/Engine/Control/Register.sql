-- $1 projections, $2 versions, $3 fingerprints, $4 fills, $5 instance. One row for each model of the process, by primary
-- key; rows of processes that are long gone are cleared away.
WITH gone AS (
    DELETE FROM projections.instances WHERE seen_at < now() - interval '10 minutes')
INSERT INTO projections.instances (projection, instance, version, fingerprint, fills)
SELECT projection, $5, version, fingerprint, fills
FROM unnest($1::text[], $2::integer[], $3::text[], $4::boolean[]) AS model (projection, version, fingerprint, fills)
ON CONFLICT (projection, instance) DO UPDATE
SET version = excluded.version, fingerprint = excluded.fingerprint, fills = excluded.fills, seen_at = now()
