-- $1 projection, $2 build, $3 error. One row by primary key.
UPDATE projections.checkpoints
SET error = $3
WHERE projection = $1 AND build = $2
