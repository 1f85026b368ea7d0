-- Locks the stream $1 against appends. By streams_pk.
select id, version, tombstone is not null from eventstore.streams where stream = $1 for update;
