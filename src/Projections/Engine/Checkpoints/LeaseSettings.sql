-- A program that is killed frees its lease at once, a machine that is gone after four seconds (keepalives). One that
-- hangs loses it after fifteen seconds of silence: long enough for a busy machine, which gives a sign of life every second
-- or two. Commits need not wait for the disk: rows and checkpoint go together, so what a crash takes back is read from
-- the log again.
SELECT set_config('idle_session_timeout', '15s', false),
       set_config('tcp_keepalives_idle', '2', false),
       set_config('tcp_keepalives_interval', '1', false),
       set_config('tcp_keepalives_count', '2', false),
       set_config('synchronous_commit', 'off', false)
