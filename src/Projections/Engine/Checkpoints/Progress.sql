-- $1 projection, $2 build, $3 read up to, $4 head, $5 positions per second. One row by primary key, a HOT update.
UPDATE projections.checkpoints
SET seen = greatest(seen, $3), head = greatest(head, $4), rate = $5, error = NULL
WHERE projection = $1 AND build = $2
