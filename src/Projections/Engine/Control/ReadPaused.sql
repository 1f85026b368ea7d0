-- $1 projections. Those that stand still, by primary key.
SELECT projection
FROM projections.paused
WHERE projection = ANY ($1)
