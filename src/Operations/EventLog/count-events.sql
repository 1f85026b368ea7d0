-- Read from the index alone.
select count(*) from operations.event_log
