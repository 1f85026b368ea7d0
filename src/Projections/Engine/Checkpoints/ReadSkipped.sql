-- $1 projection, $2 version of the declaration. As many rows as operators have left out events, by primary key.
SELECT position
FROM projections.skipped
WHERE projection = $1 AND version = $2
