-- $1 declaration: projection, version and fingerprint. True when this session fills its builds from now on, until the
-- session ends: the lock goes with it. Programs of two versions hold a lease each, so the old one goes on filling its
-- build until the new one has taken its place.
-- The session ends by itself where the program hangs (no sign of life) or its machine is gone (no answer to keepalives).
SELECT pg_try_advisory_lock(hashtextextended('projection/' || $1, 0))
