-- The whole log: walks events_pk backward.
select position from eventstore.events where position < $1 order by position desc limit $2
