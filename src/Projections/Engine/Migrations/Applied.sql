-- A row per file ever applied: a handful.
SELECT coalesce(array_agg(file), '{}') FROM projections.migrations
