-- How many there are of a filter: read from an index that begins with the status, or of a group.
select count(*)
from operations.failed_messages m
where {filter}
