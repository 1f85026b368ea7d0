-- No parameters. The session is an ordinary one again: it holds no lease and may be idle.
SELECT pg_advisory_unlock_all(), set_config('idle_session_timeout', '0', false)
