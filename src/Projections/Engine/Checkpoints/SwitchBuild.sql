-- $1 projection, $2 the build that is live from now on. The one before was retired by RetireLive.sql.
UPDATE projections.checkpoints
SET state = 'live', rate = NULL
WHERE projection = $1 AND build = $2 AND state = 'building'
