-- How many messages an operation has before it, and when the newest of them failed. {filter} from constant texts.
select count(*), max(m.failed_at)
from operations.failed_messages m
where {filter}
