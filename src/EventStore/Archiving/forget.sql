-- The partition $1 is back.
delete from eventstore.archives where from_position = $1;
