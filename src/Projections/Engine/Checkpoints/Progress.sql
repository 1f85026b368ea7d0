-- $1 projection, $2 build, $3 read up to, $4 head, $5 positions per second. One row by primary key, a HOT update. Its
-- commit does not wait for the disk, which has the rows of the filling to write: a report may be lost.
WITH unhurried AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
UPDATE projections.checkpoints
SET seen = greatest(seen, $3), head = greatest(head, $4), rate = $5, error = NULL
FROM unhurried
WHERE projection = $1 AND build = $2
