-- One at a time for messages to the saga of this correlation value, if there is one. By its unique index.
select pg_advisory_xact_lock(hashtextextended("Id"::text, 7340022)) from {saga} where {correlation} = $1
