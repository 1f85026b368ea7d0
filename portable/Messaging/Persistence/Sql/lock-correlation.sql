-- One at a time for messages that may start the saga of this correlation value. An advisory lock: it takes no
-- transaction id, which would hold up readers of the event log while the handler runs.
select pg_advisory_xact_lock(hashtextextended($1, 7340021))
