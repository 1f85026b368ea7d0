-- Streams and their events by kind: what stands before the first slash of the name. One pass over streams.
select split_part(stream, '/', 1), count(*), sum(version)::bigint, max(version)
from eventstore.streams
group by 1
order by 3 desc, 1;
