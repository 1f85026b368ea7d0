-- The queues that messages failed in, with how many. Reads the table once.
select queue, count(*)
from operations.failed_messages
where queue is not null
group by queue
order by queue
