-- A row per projection; seven today.
SELECT checkpoint.projection, checkpoint.store, checkpoint.version, checkpoint.position, checkpoint.head,
       clock_timestamp() - checkpoint.as_of,
       (SELECT count(*) FROM read.parked WHERE parked.projection = checkpoint.projection),
       checkpoint.last_event_at, checkpoint.error
FROM read.checkpoints AS checkpoint
ORDER BY checkpoint.projection;
