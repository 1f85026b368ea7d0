-- eventstore.read_head: the last position that is safe to read up to. No event at or below it can still appear.
--
-- Result
--   head          position of the last visible event below every position that an open transaction may still fill;
--                 0 when there is none
--   drawn         the last position drawn by anybody: head trails it while appends are open
--   open_appends  transactions that have drawn positions and are neither committed nor rolled back
--
-- Why it is safe. A transaction that appends takes, before it draws its first position, a shared advisory lock whose
-- key holds the last position drawn until then (append.sql, step 7; append_plain.sql): all its positions are above that
-- floor. It keeps the lock until after its commit is visible (PostgreSQL leaves the list of running transactions first,
-- and releases locks then) or until it has rolled back. Here we look, in this order and each with a snapshot of its
-- own, at
--   1. the last position drawn,
--   2. the floors of the locks held,
--   3. the events up to the lower of both.
-- Take any position q up to 1. It was drawn before 1, so its transaction held its lock before 1. Either it still holds
-- it at 2: then its floor is below q and q is beyond the head. Or it has let go: then it ended before 2, and 3 sees
-- its events if it committed. So everything at or below the head is visible now or never.
-- Only appending transactions count: a long report, a vacuum or another database's transaction delays nobody.
--
-- The head is the position of an existing event, not merely of one drawn: a committed event survives a crash of the
-- server, a position that was only drawn may be drawn again after it.
--
-- Cost: one tuple of the sequence, one look at the lock table, one descent of events_pk from the last partition
-- down to the first that has an event. Needs READ COMMITTED (every statement its own snapshot) and the primary server
-- (a standby does not know the locks).
create or replace function eventstore.read_head(out head bigint, out drawn bigint, out open_appends int)
language plpgsql volatile as
$$
declare
    lowest_floor bigint;
begin
    if current_setting('transaction_isolation') <> 'read committed' or pg_is_in_recovery() then
        raise exception 'the head of the log can be read on the primary server in READ COMMITTED only, not in % here',
            upper(current_setting('transaction_isolation'));
    end if;

    select last_value into drawn from eventstore.positions;

    select min(((classid::bigint & x'FFFF'::bigint) << 32) | objid::bigint), count(distinct virtualtransaction)
    into lowest_floor, open_appends
    from pg_locks
    where locktype = 'advisory' and objsubid = 1 and classid::bigint >> 16 = x'4556'::bigint
      and database = (select oid from pg_database where datname = current_database());

    select coalesce(max(position), 0) into head
    from eventstore.events
    where position <= least(drawn, lowest_floor);
end;
$$;
