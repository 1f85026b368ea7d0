-- The queues that messages failed in, with how many: read from the index of the queue alone.
select queue, count(*)
from operations.failed_messages
where queue is not null
group by queue
order by queue
