-- eventstore.append: writes a batch of independent appends in one round trip.
--
-- Every append of the batch stands alone: it is written whole, or refused without a trace while the others go on.
-- A refusal is an answer, not an error, so a transaction that called this function stays usable.
--
-- Arguments (arrays; the index of an append, a stream or an event is its place in the arrays, from 1)
--   append_ids           id of each append: the id of its first event. Each at most once in a batch.
--   stream_appends       per stream: the append it belongs to
--   stream_names         per stream: its name. Each at most once in a batch, and SORTED: the rows are locked in this
--                        order, and one order for all callers is what rules out deadlocks.
--   stream_expected      per stream: the version it must have; -1 any, -2 at least one event, 0 no event
--   stream_counts        per stream: how many events it receives
--   event_appends        per event, in the order in which positions are drawn: the append it belongs to
--   event_streams        per event: its stream
--   event_offsets        per event: 1, 2, 3, ... within its stream
--   event_...            per event: the columns of eventstore.events
--   key_appends          per key: the append that claims or releases it
--   key_names            per key: the key. Each at most once in a batch.
--   key_owners           per key: who claims it; null releases it
--
-- Result (one row)
--   positions            of the events written, in the order of the arguments, without those refused or repeated
--   versions             per stream: its version behind the append (of use for the appends written)
--   repeated             appends whose id is in the log already: nothing was written for them
--   conflicting_streams  streams that were not at the expected version, and
--   actual_versions      the versions they have
--   taken_keys           keys that belong to another owner, as indexes into key_names, and
--   key_holders          those owners
--
-- Errors
--   P0001 when an append id was used before in this very transaction: that is no repetition but a second append.
--
-- Locks, always in this order, each group sorted: append ids, streams, keys. They are held until the transaction ends.
-- Cost: four statements whatever the size of the batch; per event one heap insert and two index inserts, per stream a
-- HOT update, per append one heap and one index insert. A refusal adds the statements that take it back.
create or replace function eventstore.append(
    append_ids uuid[],
    stream_appends int[], stream_names text[], stream_expected bigint[], stream_counts int[],
    event_appends int[], event_streams int[], event_offsets int[],
    event_ids uuid[], event_stream_names text[], event_types text[], event_schemas int[], event_data json[],
    event_commands uuid[], event_tenants text[], event_times timestamptz[],
    event_correlations text[], event_causations text[], event_users text[], event_traces text[],
    key_appends int[], key_names text[], key_owners text[],
    out positions bigint[], out versions bigint[], out repeated int[],
    out conflicting_streams int[], out actual_versions bigint[],
    out taken_keys int[], out key_holders text[])
language plpgsql volatile as
$$
#variable_conflict use_column
declare
    fresh_ids uuid[];
    stream_ids bigint[];
    refused int[] := '{}';
    claimed text[] := '{}';
begin
    positions := '{}';
    repeated := '{}';
    taken_keys := '{}';
    key_holders := '{}';

    -- 1. Which appends are new? A concurrent twin is waited for here.
    with fresh as (
        insert into eventstore.appends as a (id)
        select id from unnest(append_ids) as wanted (id) order by id
        on conflict (id) do nothing
        returning a.id)
    select array_agg(id) into fresh_ids from fresh;

    if cardinality(fresh_ids) is distinct from cardinality(append_ids) then
        select array_agg(n::int) into repeated
        from unnest(append_ids) with ordinality as wanted (id, n)
        where id <> all (coalesce(fresh_ids, '{}'));
        perform from eventstore.appends
        where id = any (append_ids) and id <> all (coalesce(fresh_ids, '{}'))
          and transaction = pg_current_xact_id_if_assigned();
        if found then
            raise exception 'the command has appended in this transaction already'
                using hint = 'put all events that a command appends to the same first stream into one append';
        end if;
    end if;

    -- 2. Lock the streams and move their versions, in the order given; what was wrong is taken back in step 5.
    with moved as (
        insert into eventstore.streams as s (stream, version)
        select stream, events from unnest(stream_names, stream_counts) as wanted (stream, events)
        on conflict (stream) do update set version = s.version + excluded.version
        returning s.id, s.version)
    select array_agg(id), array_agg(version) into stream_ids, versions from moved;

    -- 3. Were they where the callers believed them to be?
    select coalesce(array_agg(n::int), '{}'), coalesce(array_agg(version - events), '{}'),
           coalesce(array_agg(append), '{}')
    into conflicting_streams, actual_versions, refused
    from unnest(versions, stream_counts, stream_expected, stream_appends)
        with ordinality as s (version, events, expected, append, n)
    where append <> all (repeated)
      and not case expected when -1 then true when -2 then version > events else version - events = expected end;

    -- 4. Claim keys. The existing ones are locked first, in order, whether they are claimed or released.
    if cardinality(key_names) > 0 then
        perform from eventstore.keys where key = any (key_names) order by key for update;
        with claims as (
            insert into eventstore.keys as k (key, owner)
            select key, owner from unnest(key_appends, key_names, key_owners) as wanted (append, key, owner)
            where owner is not null and append <> all (refused) and append <> all (repeated)
            order by key
            on conflict (key) do update set owner = k.owner
            returning k.key, k.owner, k.xmax = 0 as inserted)
        select coalesce(array_agg(n) filter (where holder <> owner), '{}'),
               coalesce(array_agg(holder) filter (where holder <> owner), '{}'),
               coalesce(array_agg(key) filter (where inserted), '{}'),
               refused || coalesce(array_agg(append) filter (where holder <> owner), '{}')
        into taken_keys, key_holders, claimed, refused
        from (
            select c.key, c.owner as holder, c.inserted, wanted.owner, wanted.append, wanted.n::int
            from claims as c
            join unnest(key_appends, key_names, key_owners) with ordinality as wanted (append, key, owner, n)
                on wanted.key = c.key) as answered;
    end if;

    -- 5. Take back what the refused appends (and the repeated ones) have moved.
    if cardinality(refused) > 0 or cardinality(repeated) > 0 then
        delete from eventstore.appends
        where id in (
            select id from unnest(append_ids) with ordinality as wanted (id, n)
            where n = any (refused) and n <> all (repeated));
        delete from eventstore.keys
        where key in (
            select key from unnest(key_appends, key_names) as wanted (append, key)
            where append = any (refused) and key = any (claimed));
        update eventstore.streams as s set version = s.version - wanted.events
        from unnest(stream_appends, stream_names, stream_counts) as wanted (append, stream, events)
        where s.stream = wanted.stream and (append = any (refused) or append = any (repeated));
        delete from eventstore.streams where stream = any (stream_names) and version = 0;
        refused := refused || repeated;
        if not exists (select from unnest(append_ids) with ordinality as given (id, n) where n <> all (refused)) then
            return;
        end if;
    end if;

    -- 6. Announce the positions about to be drawn: see read_head.sql. Once per transaction; both the setting and the
    --    lock fall with a savepoint that is rolled back, together with the events they stand for.
    if current_setting('eventstore.announced', true) is distinct from 'yes' then
        perform pg_advisory_xact_lock_shared((x'4556'::bigint << 48) | last_value) from eventstore.positions;
        perform set_config('eventstore.announced', 'yes', true);
    end if;

    -- 7. Write. Positions are drawn with the streams locked, so they rise with the versions of a stream.
    with written as (
        insert into eventstore.events as e (
            position, stream_id, version, decided_at, event_id, command_id, schema_version, stream, type, tenant,
            correlation_id, causation_id, user_name, trace_parent, data)
        select
            nextval('eventstore.positions'), stream_ids[s], versions[s] - stream_counts[s] + n, decided_at, event_id,
            command_id, schema_version, stream, type, tenant, correlation_id, causation_id, user_name, trace_parent,
            data
        from unnest(
            event_appends, event_streams, event_offsets, event_times, event_ids, event_commands, event_schemas,
            event_stream_names, event_types, event_tenants, event_correlations, event_causations, event_users,
            event_traces, event_data) as given (
            append, s, n, decided_at, event_id, command_id, schema_version, stream, type, tenant, correlation_id,
            causation_id, user_name, trace_parent, data)
        where append <> all (refused)
        returning e.position)
    select array_agg(position) into positions from written;

    -- 8. Give keys back.
    if cardinality(key_names) > 0 then
        delete from eventstore.keys
        where key in (
            select key from unnest(key_appends, key_names, key_owners) as wanted (append, key, owner)
            where owner is null and append <> all (refused));
    end if;
end;
$$;
