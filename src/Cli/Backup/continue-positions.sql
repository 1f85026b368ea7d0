-- The next event gets a position above $1; nothing where that is so already. Makes the partitions for it, of the size of
-- the latest one. Nobody else is at work.
with moved as (
    select setval('eventstore.positions', $1) as position
    from eventstore.positions
    where last_value < $1),
size as (
    select coalesce(
        (select to_position - from_position from eventstore.partitions order by from_position desc limit 1),
        10000000) as positions
    from (select count(*) from moved) as first)
select eventstore.add_partitions(positions, 2) from size;
