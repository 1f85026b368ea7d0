-- A session that keeps silent for five seconds loses its lease; the heartbeat comes every second. Commits need not wait
-- for the disk: rows and checkpoint go together, so what a crash takes back is read from the log again.
SELECT set_config('idle_session_timeout', '5s', false),
       set_config('tcp_keepalives_idle', '2', false),
       set_config('tcp_keepalives_interval', '1', false),
       set_config('tcp_keepalives_count', '2', false),
       set_config('synchronous_commit', 'off', false)
