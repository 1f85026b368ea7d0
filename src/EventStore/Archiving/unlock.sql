select pg_advisory_unlock(x'4541524348495645'::bigint);
