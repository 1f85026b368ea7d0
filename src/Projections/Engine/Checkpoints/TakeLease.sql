-- $1 projection. True when this session is its writer from now on, until the session ends: the lock goes with it.
-- The session ends by itself where the program hangs (no heartbeat) or its machine is gone (no answer to keepalives).
SELECT pg_try_advisory_lock(hashtextextended('projection/' || $1, 0))
