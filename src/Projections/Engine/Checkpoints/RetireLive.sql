-- $1 projection. The live build is kept until an operator drops it. By itself, before SwitchBuild.sql: the unique index
-- on the live build is checked row by row.
UPDATE projections.checkpoints
SET state = 'retired'
WHERE projection = $1 AND state = 'live'
