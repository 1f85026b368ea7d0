-- $1 projection, $2 build, $3 position that the store really holds. The model is not complete until it has caught up.
UPDATE projections.checkpoints
SET position = $3, seen = $3, as_of = NULL
WHERE projection = $1 AND build = $2
