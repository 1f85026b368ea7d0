-- Lists of 100,000 failed messages are read from indexes in some ten milliseconds. Workers would take longer to start
-- than to read, and more so on a machine that has other work.
alter table operations.failed_messages set (parallel_workers = 0);

-- The queues that messages failed in, and the messages of one queue whatever their status.
create index failed_messages_queue on operations.failed_messages (queue);
