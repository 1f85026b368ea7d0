-- $1 projections. The open requests, the oldest first, by the index of open requests.
SELECT projection, id, action, build, from_position, stream, requested_by, sample, repair
FROM projections.requests
WHERE projection = ANY ($1) AND done_at IS NULL
ORDER BY id
