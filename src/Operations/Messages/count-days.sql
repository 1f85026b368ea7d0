-- $1 endpoint
-- How many messages an endpoint handled on each day. As many rows as days are kept.
select day, sum(count)::bigint
from operations.audit_counts
where endpoint = $1 and not is_system and day > '1970-01-01'
group by day
having sum(count) > 0
order by day
