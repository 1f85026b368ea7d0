-- $1 projection. The live build's checkpoint, for an instance that stands by.
SELECT position
FROM projections.checkpoints
WHERE projection = $1 AND state = 'live'
