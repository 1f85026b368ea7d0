-- The stream $9: walks events_by_stream backward, in the partitions since its first event.
select position from eventstore.events
where stream_id = (select id from eventstore.streams where stream = $9)
  and position > (select above from eventstore.streams where stream = $9)
  and position < $1
order by version desc
limit $2
