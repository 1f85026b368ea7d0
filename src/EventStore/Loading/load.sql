-- Folds' input for the streams $1: the snapshot of the fold $2 with schema version $3 unless $4 is false, and the events
-- behind it. See Schema/load.sql.
select n, version, type, schema_version, position, data, has_appended from eventstore.load($1, $2, $3, $4);
