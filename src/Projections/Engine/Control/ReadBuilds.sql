-- $1 projections. All their builds, the newest first: a handful of rows for each, by primary key.
SELECT projection, build, version, fingerprint, store, storage, state, position, from_position
FROM projections.checkpoints
WHERE projection = ANY ($1)
ORDER BY projection, build DESC
