-- $1 failed or not, null for all; $2 offset, $3 limit. From the index.
select id, custom_check_id, category, failed, failure_reason, reported_at, endpoint_name, endpoint_host,
       endpoint_host_id, count(*) over ()
from operations.custom_checks
where $1::boolean is null or failed = $1
order by reported_at desc, id
offset $2
limit $3
