-- One archive or restore at a time, until unlocked or the connection ends. "EARCHIVE" as a number.
select pg_try_advisory_lock(x'4541524348495645'::bigint);
