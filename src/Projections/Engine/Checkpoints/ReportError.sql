-- $1 projection, $2 error. Touches the builds that are in use: one or two rows by primary key.
UPDATE projections.checkpoints
SET error = $2
WHERE projection = $1 AND state <> 'retired'
