-- $1 age, $2 how many at once
delete from operations.event_log
where id in (select id from operations.event_log where raised_at < clock_timestamp() - $1::interval limit $2)
