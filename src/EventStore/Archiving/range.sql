-- The positions that are archived, and where the files of the last partition are. No row: none.
select min(first_position) filter (where events > 0), max(last_position), max(to_position),
       (array_agg(directory order by from_position desc))[1]
from eventstore.archives
having count(*) > 0;
