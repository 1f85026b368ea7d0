-- One migrator at a time; held until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('projections/migrations', 0))
