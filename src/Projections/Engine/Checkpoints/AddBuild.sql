-- $1 projection, $2 build, $3 version, $4 fingerprint, $5 store, $6 storage, $7 state. One row by primary key.
INSERT INTO projections.checkpoints (projection, build, version, fingerprint, store, storage, state)
VALUES ($1, $2, $3, $4, $5, $6, $7)
