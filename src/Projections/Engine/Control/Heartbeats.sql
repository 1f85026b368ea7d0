-- $1 projections, $2 builds, $3 head, $4 complete as of (null: behind), $5 writer: the live builds that this process
-- fills. A few rows by primary key, HOT updates.
UPDATE projections.checkpoints AS c
SET head = greatest(c.head, $3), as_of = greatest(c.as_of, beat.as_of), writer = $5, error = NULL
FROM unnest($1::text[], $2::integer[], $4::timestamptz[]) AS beat (projection, build, as_of)
WHERE c.projection = beat.projection AND c.build = beat.build
