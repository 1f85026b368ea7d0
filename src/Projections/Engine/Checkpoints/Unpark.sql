-- $1 projection, $2 build, $3 stream. One row by primary key.
DELETE FROM projections.parked
WHERE projection = $1 AND build = $2 AND stream = $3
