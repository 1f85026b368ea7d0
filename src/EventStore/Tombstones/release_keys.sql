-- Gives back the unique keys that $1 owns, locked in the order of append.sql. One pass over keys.
with owned as (select key from eventstore.keys where owner = $1 order by key for update)
delete from eventstore.keys where key in (select key from owned);
