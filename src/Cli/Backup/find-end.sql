-- Where the log ends: its last event, the last position drawn, and when that event was decided. By primary key.
select coalesce((select max(position) from eventstore.events), 0),
       (select last_value from eventstore.positions),
       coalesce(
           (select decided_at from eventstore.events order by position desc limit 1), clock_timestamp());
