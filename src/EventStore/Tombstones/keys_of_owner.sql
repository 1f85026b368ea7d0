-- The unique keys that $1 owns. One pass over keys.
select key from eventstore.keys where owner = $1 order by key;
