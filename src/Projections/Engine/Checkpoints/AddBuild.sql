-- $1 projection, $2 build, $3 version, $4 fingerprint, $5 store, $6 storage, $7 from position. One row by primary key.
INSERT INTO projections.checkpoints
    (projection, build, version, fingerprint, store, storage, state, position, from_position, seen)
VALUES ($1, $2, $3, $4, $5, $6, 'building', $7, $7, $7)
