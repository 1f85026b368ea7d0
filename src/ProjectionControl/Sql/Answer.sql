-- $1 request. By primary key; no row while it is open.
SELECT failed, outcome, instance
FROM projections.requests
WHERE id = $1 AND done_at IS NOT NULL
