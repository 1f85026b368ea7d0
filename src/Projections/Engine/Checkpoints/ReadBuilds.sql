-- $1 projection. All its builds, the newest first: a handful of rows by primary key.
SELECT projection, build, version, fingerprint, store, storage, state, position, from_position
FROM projections.checkpoints
WHERE projection = $1
ORDER BY build DESC
