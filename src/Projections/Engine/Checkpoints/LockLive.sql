-- $1 projection. The position of the live build, which stands still until the transaction ends: its writer's next
-- advance waits for this row.
SELECT position
FROM projections.checkpoints
WHERE projection = $1 AND state = 'live'
FOR UPDATE
