-- $1 threshold. Instances that were alive and have not been heard since; there are few instances.
update operations.endpoint_instances
set alive = false
where alive and last_heard_at < $1
returning name, host, host_id, monitored
