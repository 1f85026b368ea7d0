-- Closes the stream $1 (an id) by the event at position $2 and version $3. Two rows.
with closed as (update eventstore.streams set tombstone = $2 where id = $1)
insert into eventstore.tombstones (stream_id, version, placed_at, placed_by, reason) values ($1, $3, $4, $5, $6);
