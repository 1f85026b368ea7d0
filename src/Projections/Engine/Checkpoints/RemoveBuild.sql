-- $1 projection, $2 build. One row by primary key; what was parked in it goes with it.
DELETE FROM projections.checkpoints
WHERE projection = $1 AND build = $2 AND state <> 'live'
