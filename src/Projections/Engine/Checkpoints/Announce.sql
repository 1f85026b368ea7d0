-- $1 projection, $2 position.
SELECT projections.announce($1, $2)
