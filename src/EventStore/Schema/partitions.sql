-- eventstore.add_partitions: makes partitions of the log ahead of need.
--
-- Arguments
--   size     positions in each new partition
--   ahead    partitions that must lie wholly above the last position drawn
--
-- Result
--   ends_at  the first position that has no partition yet
--
-- A partition is made apart and then attached: that takes a lock on the log that neither readers nor writers meet.
-- Sizes may differ from one partition to the next. Runs with the rights of the owner, for writers may not create tables.
-- Also notes the highest event id of partitions that are complete (no open append can reach them any more), so that
-- eventstore.append need not look for repetitions there.
-- Cost: some milliseconds for a new partition, else two looks at small tables.
create or replace function eventstore.add_partitions(size bigint, ahead int, out ends_at bigint)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as
$$
declare
    drawn bigint;
    complete record;
    newest uuid;
begin
    -- One at a time. "EPARTITI" as a number, apart from the locks of append.sql ("EV", "ET").
    perform pg_advisory_xact_lock(x'4550415254495449'::bigint);

    select last_value into drawn from eventstore.positions;
    select coalesce(max(to_position), 0) into ends_at from eventstore.partitions;
    if ends_at = 0 and drawn > 0 then
        ends_at := drawn + 1;
    end if;
    while ends_at <= drawn + size * ahead loop
        execute format('create table eventstore.events_from_%s (like eventstore.events including all)', ends_at);
        execute format('create table eventstore.tagged_from_%s (like eventstore.tagged including all)', ends_at);
        execute format(
            'alter table eventstore.events attach partition eventstore.events_from_%s for values from (%s) to (%s)',
            ends_at, ends_at, ends_at + size);
        execute format(
            'alter table eventstore.tagged attach partition eventstore.tagged_from_%s for values from (%s) to (%s)',
            ends_at, ends_at, ends_at + size);
        insert into eventstore.partitions (from_position, to_position) values (ends_at, ends_at + size);
        ends_at := ends_at + size;
    end loop;

    for complete in
        select from_position from eventstore.partitions
        where newest_event is null and to_position <= (select head from eventstore.read_head())
          and to_regclass(format('eventstore.events_from_%s', from_position)) is not null
    loop
        execute format(
            'select event_id from eventstore.events_from_%s order by event_id desc limit 1', complete.from_position)
            into newest;
        update eventstore.partitions set newest_event = coalesce(newest, '00000000-0000-0000-0000-000000000000')
        where from_position = complete.from_position;
    end loop;
end;
$$;
