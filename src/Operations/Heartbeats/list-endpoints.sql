-- All instances; there are few.
select id, name, host, host_id, monitored, alive, last_heard_at
from operations.endpoint_instances
order by name, host, id
