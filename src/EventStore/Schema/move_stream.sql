-- eventstore.move_stream: moves the version of a stream that an append continues, and so locks it. See append_plain.sql.
--
-- Arguments
--   name      of the stream
--   expected  the version it must have, 1 or more
--   events    how many events it receives
--   append    id of the append: the id of its first event
--
-- Result
--   the id of the stream; null, and nothing is changed, where it has another version, is closed by a tombstone, or the
--   log has the append already
--
-- Cost: a HOT update, and one descent of events_by_id in each partition that may know the append.
-- Planned for indexes alone: plans are kept, and a plan made while a table is small would read it whole for a while.
create or replace function eventstore.move_stream(name text, expected bigint, events int, append uuid) returns bigint
language plpgsql volatile
set plan_cache_mode = force_generic_plan set enable_seqscan = off as
$$
#variable_conflict use_variable
declare
    moved bigint;
begin
    update eventstore.streams as s set version = s.version + events
    where s.stream = name and s.version = expected and s.tombstone is null
    returning s.id into moved;

    -- Asked behind the lock, so a twin of this append has ended, and is seen if it has committed.
    if moved is not null and exists (
        select from eventstore.events as e
        where e.event_id = append
          and e.position >= (
            select coalesce(min(p.from_position), 0) from eventstore.partitions as p
            where p.newest_event is null or p.newest_event >= append)) then
        update eventstore.streams as s set version = s.version - events where s.stream = name;
        moved := null;
    end if;
    return moved;
end;
$$;
