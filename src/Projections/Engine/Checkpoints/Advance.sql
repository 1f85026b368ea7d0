-- $1 projection, $2 build, $3 from, $4 to, $5 head, $6 time of the last event, $7 complete as of. One row by primary
-- key.
SELECT projections.advance($1, $2, $3, $4, $5, $6, $7)
