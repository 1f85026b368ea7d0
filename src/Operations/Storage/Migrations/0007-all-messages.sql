-- The failed ones of the list of all messages are read, and counted, from an index that has no others.
drop index operations.failed_messages_all_sent;
create index failed_messages_all_sent on operations.failed_messages (time_sent desc nulls last, id desc)
    where not is_system;
create index failed_messages_endpoint on operations.failed_messages (receiving_name, time_sent desc nulls last, id desc)
    where not is_system;

-- Workers would take longer to start than a page to read; the days' partitions are made so.
alter table operations.audited_otherwise set (parallel_workers = 0);
