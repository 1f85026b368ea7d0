-- $1 a safe position
-- How far the events behind it follow each other without a gap. They are all visible, so no other can come in between:
-- the last of them is safe too, whatever is open behind it. And the last position drawn by anybody: where that is
-- further on, an append is open or was rolled back, which only read_head.sql can tell.
-- Walks events_pk from $1, a thousand events at most, and reads one tuple of the sequence. No look at the lock table,
-- which every append would wait for.
select coalesce(max(position), $1), (select last_value from eventstore.positions)
from (
    select position, row_number() over (order by position) as n
    from (select position from eventstore.events where position > $1 order by position limit 1000) as behind) as counted
where position = $1 + n;
