-- $1 command ids
-- Tells all processes that the outcomes of these commands are recorded, or are about to be. Asynchronous commit: the
-- message is worth no wait for the disk.
select set_config('synchronous_commit', 'off', true), pg_notify('commandlog_done', array_to_string($1, ' '))
