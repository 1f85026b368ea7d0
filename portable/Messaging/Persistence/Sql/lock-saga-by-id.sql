-- One at a time for messages to this saga.
select pg_advisory_xact_lock(hashtextextended($1::text, 7340022))
