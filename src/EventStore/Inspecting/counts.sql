-- How much there is. The number of events is counted exactly: one pass over the smallest index of each partition.
select (select count(*) from eventstore.events), (select count(*) from eventstore.streams),
       (select count(*) from eventstore.keys), (select count(*) from eventstore.snapshots),
       (select coalesce(min(position), 0) from eventstore.events),
       (select coalesce(max(position), 0) from eventstore.events),
       pg_database_size(current_database());
