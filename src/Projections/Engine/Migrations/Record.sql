-- $1 file.
INSERT INTO projections.migrations (file) VALUES ($1)
