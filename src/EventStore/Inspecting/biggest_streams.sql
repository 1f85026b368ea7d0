-- The $1 longest streams. One pass over streams.
select s.stream, s.version from eventstore.streams as s order by s.version desc, s.stream limit $1;
