-- $1 age, $2 how many at once
-- Old messages that are in no day's partition, and their part of the counts: none is changed when none is left. Index
-- of processed_at.
with old as (
    delete from operations.audited_otherwise
    where (day, id) in (
        select day, id
        from operations.audited_otherwise
        where processed_at < clock_timestamp() - $1::interval
        limit $2)
    returning day, receiving_name, is_system)
update operations.audit_counts c
set count = c.count - o.count
from (select day, coalesce(receiving_name, '') as endpoint, is_system, count(*) as count from old group by 1, 2, 3) o
where (c.day, c.endpoint, c.is_system) = (o.day, o.endpoint, o.is_system)
