-- $1 projection, $2 build, $3 head, $4 complete as of (null: behind), $5 writer. One row by primary key, a HOT update.
UPDATE projections.checkpoints
SET head = greatest(head, $3), as_of = greatest(as_of, $4), writer = $5, error = NULL
WHERE projection = $1 AND build = $2
