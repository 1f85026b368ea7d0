-- eventstore.move_stream: moves the version of a stream for an append, and so locks it. See append_plain.sql, which does
-- it by itself where the stream has to be new.
--
-- Arguments
--   name      of the stream
--   expected  the version it must have, 1 or more; -1 any, -2 at least one event
--   events    how many events it receives
--   append    id of the append: the id of its first event
--
-- Result
--   the id of the stream and its version behind the append; nulls, and nothing is changed, where it has another
--   version, is closed by a tombstone, or the log has the append already
--
-- Cost: a HOT update (an insert for a new stream), and for an existing one a descent of events_by_id in each partition
-- that may know the append.
-- Planned for indexes alone: plans are kept, and a plan made while a table is small would read it whole for a while.
create or replace function eventstore.move_stream(
    name text, expected bigint, events int, append uuid, out stream_id bigint, out moved_to bigint)
language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off as
$$
begin
    if expected = -1 then
        insert into eventstore.streams as s (stream, version, above)
        select name, events, last_value from eventstore.positions
        on conflict (stream) do update set version = s.version + excluded.version where s.tombstone is null
        returning s.id, s.version into stream_id, moved_to;
    else
        update eventstore.streams as s set version = s.version + events
        where s.stream = name and s.tombstone is null and (s.version = expected or expected = -2)
        returning s.id, s.version into stream_id, moved_to;
    end if;

    -- Asked behind the lock, so a twin of this append has ended, and is seen if it has committed.
    if moved_to > events and exists (
        select from eventstore.events as e
        where e.event_id = append
          and e.position >= (
            select coalesce(min(p.from_position), 0) from eventstore.partitions as p
            where p.newest_event is null or p.newest_event >= append)) then
        update eventstore.streams as s set version = s.version - events where s.stream = name;
        stream_id := null;
        moved_to := null;
    end if;
end;
$$;
