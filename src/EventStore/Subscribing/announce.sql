-- Wakes the subscriptions of all processes. Asynchronous commit: the message is worth no wait for the disk.
select set_config('synchronous_commit', 'off', true), pg_notify('eventstore_log', '');
