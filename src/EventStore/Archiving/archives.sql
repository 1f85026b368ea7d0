-- What is archived, the oldest first.
select from_position, to_position, first_position, last_position, events, sha256, directory, archived_at, archived_by
from eventstore.archives
order by from_position;
