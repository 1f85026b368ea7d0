-- eventstore.append: writes a batch of independent appends in one round trip.
--
-- Every append of the batch stands alone: it is written whole, or refused without a trace while the others go on.
-- A refusal is an answer, not an error, so a transaction that called this function stays usable.
--
-- Arguments (arrays; the index of an append, a stream or an event is its place in the arrays, from 1)
--   append_ids           id of each append: the id of its first event. Each at most once in a batch.
--   append_streams       its first stream. A repeated append has the same one, so its row lock keeps twins apart.
--   stream_appends       per stream: the append it belongs to
--   stream_names         per stream: its name. Each at most once in a batch, and SORTED: the rows are locked in this
--                        order, and one order for all callers is what rules out deadlocks.
--   stream_expected      per stream: the version it must have; -1 any, -2 at least one event, 0 no event
--   stream_counts        per stream: how many events it receives
--   event_streams        per event, in the order in which positions are drawn: its stream
--   event_offsets        per event: 1, 2, 3, ... within its stream
--   event_...            per event: the columns of eventstore.events; null for an array of nulls
--   tag_events           per tag of an event: the event
--   tag_names            per tag of an event: the tag
--   lock_keys            advisory locks on tags, each once and SORTED: of every tag that is written, and of the first
--                        tag of each condition;
--   lock_alone           the latter are taken alone (true), the others shared
--   conditions           null, or [{append, after, tags, types, tenant, since}]: no event with all of the tags, one of
--                        the types, of the tenant, decided since then (null: any) lies above the position `after`
--   key_appends          per key: the append that claims or releases it
--   key_names            per key: the key. Each at most once in a batch.
--   key_owners           per key: who claims it; null releases it
--   patience             milliseconds to wait for a lock (55P03 behind it), for a call that is a transaction of its own;
--                        null in a transaction of the caller's: waits as the session does
--
-- Result (one row)
--   positions            of the events written, in the order of the arguments, without those refused or repeated
--   versions             per stream: its version behind the append (of use for the appends written)
--   repeated             appends whose id is in the log already: nothing was written for them
--   conflicting_streams  streams that were not at the expected version, and
--   actual_versions      the versions they have; negated where the stream is closed by a tombstone
--   failed_conditions    conditions that do not hold, as indexes into conditions, and
--   offending_positions  the first position that offends each
--   taken_keys           keys that belong to another owner, as indexes into key_names, and
--   key_holders          those owners
--
-- Errors
--   P0001 when an append id was used before in this very transaction: that is no repetition but a second append.
--   23514 when a position has no partition: see partitions.sql.
--   EA001 when a condition's position lies below events that are archived: it cannot be judged.
--
-- Locks, always in this order, each group sorted: tags, streams, keys. They are held until the transaction ends.
-- Whoever writes an event holds the locks of all its tags, shared, before its position is drawn; whoever judges a
-- condition holds that of its first tag alone. So nobody is writing what the condition looks for, and of two appends
-- that would break each other's condition the second sees the first. Appends without tags and conditions meet no lock
-- of a tag.
-- Cost: six statements whatever the size of the batch; per event one heap insert and four index inserts, per tag one
-- heap and one index insert, per stream a HOT update, per append to an existing stream one descent of events_by_id in
-- each partition that may know it, per condition a range of tagged_pk behind its position. A refusal adds the
-- statements that take it back.
-- Planned for indexes alone: plans are kept, and a plan made while a table is empty would read it whole for good.
create or replace function eventstore.append(
    append_ids uuid[], append_streams int[],
    stream_appends int[], stream_names text[], stream_expected bigint[], stream_counts int[],
    event_streams int[], event_offsets int[],
    event_ids uuid[], event_types text[], event_schemas int[], event_data json[],
    event_commands uuid[], event_tenants text[], event_times timestamptz[],
    event_correlations text[], event_causations text[], event_users text[], event_traces text[],
    tag_events int[], tag_names text[], lock_keys bigint[], lock_alone bool[], conditions jsonb,
    key_appends int[], key_names text[], key_owners text[],
    patience int,
    out positions bigint[], out versions bigint[], out repeated int[],
    out conflicting_streams int[], out actual_versions bigint[],
    out failed_conditions int[], out offending_positions bigint[],
    out taken_keys int[], out key_holders text[])
language plpgsql volatile
set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as
$$
#variable_conflict use_column
declare
    stream_ids bigint[];
    before bigint;
    closed bool;
    suspects int[];
    lowest bigint;
    refused int[];
    claimed text[] := '{}';
begin
    if patience is not null then
        perform set_config('lock_timeout', patience::text, true);
    end if;

    -- 1. Lock the tags.
    if cardinality(lock_keys) > 0 then
        perform case when alone then pg_advisory_xact_lock(key) else pg_advisory_xact_lock_shared(key) end
        from unnest(lock_keys, lock_alone) as wanted (key, alone);
    end if;

    -- 2. Lock the streams and move their versions, in the order given. Were they open, and where the callers believed
    --    them to be? Which appends go to streams that may know them already? What was wrong is taken back in step 6.
    if cardinality(stream_names) = 1 then
        -- The same for one stream, at half the cost.
        insert into eventstore.streams as s (stream, version, above)
        select stream_names[1], stream_counts[1], last_value from eventstore.positions
        on conflict (stream) do update set version = s.version + excluded.version
        returning array[s.id], array[s.version], s.version - stream_counts[1], s.tombstone is not null
        into stream_ids, versions, before, closed;
        if closed or not (case stream_expected[1]
            when -1 then true when -2 then before > 0 else before = stream_expected[1] end) then
            conflicting_streams := '{1}';
            actual_versions := array[case when closed then -before else before end];
            refused := '{1}';
        end if;
        if before > 0 then
            suspects := '{1}';
        end if;
    else
        with moved as (
            insert into eventstore.streams as s (stream, version, above)
            select stream, events, last_value
            from eventstore.positions, unnest(stream_names, stream_counts) as wanted (stream, events)
            on conflict (stream) do update set version = s.version + excluded.version
            returning s.id, s.version, s.tombstone is not null as closed)
        select array_agg(id), array_agg(version),
               array_agg(n) filter (where wrong),
               array_agg(case when closed then -before else before end) filter (where wrong),
               array_agg(append) filter (where wrong),
               array_agg(append) filter (where before > 0 and append_streams[append] = n)
        into stream_ids, versions, conflicting_streams, actual_versions, refused, suspects
        from (
            select id, version, closed, n, before, stream_appends[n] as append,
                closed or not case stream_expected[n]
                    when -1 then true when -2 then before > 0 else before = stream_expected[n] end as wrong
            from (
                select id, version, closed, n, version - stream_counts[n] as before
                from (select id, version, closed, row_number() over ()::int as n from moved) as numbered) as counted)
            as judged;
    end if;

    -- 3. Has the log any of them already? That is rare: all are asked for at once, and one by one only if it has.
    if suspects is not null then
        select coalesce(min(from_position), 0) into lowest from eventstore.partitions
        where newest_event is null
           or newest_event >= (select id from unnest(append_ids) as given (id) order by id limit 1);
        if exists (
            select from eventstore.events where event_id = any (append_ids) and position >= lowest) then
            select array_agg(s) into repeated from unnest(suspects) as s
            where exists (select from eventstore.events where event_id = append_ids[s]);
        end if;
        if repeated is not null and patience is null and exists (
            select from unnest(repeated) as r
            where position(append_ids[r]::text in current_setting('eventstore.appended', true)) > 0) then
            raise exception 'the command has appended in this transaction already'
                using hint = 'put all events that a command appends to the same first stream into one append';
        end if;
        if repeated is not null and refused is not null then
            -- Whatever version a repeated append expects, its answer is the first one.
            select array_agg(s), array_agg(actual), array_agg(stream_appends[s])
            into conflicting_streams, actual_versions, refused
            from unnest(conflicting_streams, actual_versions) as conflict (s, actual)
            where stream_appends[s] <> all (repeated);
        end if;
    end if;

    -- 4. Do the conditions hold? Judged with the locks of their tags held, so nobody is about to change the answer.
    if conditions is not null then
        perform eventstore.refuse_archived(after) from jsonb_to_recordset(conditions) as wanted (after bigint)
        where after < (select max(last_position) from eventstore.archives);
        select array_agg(n::int), array_agg(position), refused || array_agg(append)
        into failed_conditions, offending_positions, refused
        from rows from (
            jsonb_to_recordset(conditions)
                as (append int, after bigint, tags text[], types text[], tenant text, since timestamptz))
            with ordinality as wanted (append, after, tags, types, tenant, since, n)
        cross join lateral (
            -- "offset 0" keeps this order of work: for the sake of the limit the planner would rather walk the log.
            select t.position
            from (
                select position from eventstore.tagged
                where tag = wanted.tags[1] and position > wanted.after
                order by position
                offset 0) as t
            cross join lateral (
                select from eventstore.events as e
                where e.position = t.position
                  and (cardinality(wanted.tags) = 1 or e.tags @> wanted.tags)
                  and (wanted.types is null or e.type = any (wanted.types))
                  and (wanted.tenant is null or e.tenant = wanted.tenant)
                  and (wanted.since is null or e.decided_at >= wanted.since)
                offset 0) as e
            order by t.position
            limit 1) as offense
        where (refused is null or append <> all (refused)) and (repeated is null or append <> all (repeated));
    end if;

    -- 5. Claim keys. The existing ones are locked first, in order, whether they are claimed or released.
    if cardinality(key_names) > 0 then
        perform from eventstore.keys where key = any (key_names) order by key for update;
        with claims as (
            insert into eventstore.keys as k (key, owner)
            select key, owner from unnest(key_appends, key_names, key_owners) as wanted (append, key, owner)
            where owner is not null and (refused is null or append <> all (refused))
              and (repeated is null or append <> all (repeated))
            order by key
            on conflict (key) do update set owner = k.owner
            returning k.key, k.owner, k.xmax = 0 as inserted)
        select array_agg(n) filter (where holder <> owner),
               array_agg(holder) filter (where holder <> owner),
               coalesce(array_agg(key) filter (where inserted), '{}'),
               refused || array_agg(append) filter (where holder <> owner)
        into taken_keys, key_holders, claimed, refused
        from (
            select c.key, c.owner as holder, c.inserted, wanted.owner, wanted.append, wanted.n::int
            from claims as c
            join unnest(key_appends, key_names, key_owners) with ordinality as wanted (append, key, owner, n)
                on wanted.key = c.key) as answered;
    end if;

    -- 6. Take back what the refused appends (and the repeated ones) have moved.
    if refused is not null or repeated is not null then
        if cardinality(claimed) > 0 and refused is not null then
            delete from eventstore.keys
            where key in (
                select key from unnest(key_appends, key_names) as wanted (append, key)
                where append = any (refused) and key = any (claimed));
        end if;
        refused := refused || repeated;
        update eventstore.streams as s set version = s.version - wanted.events
        from unnest(stream_appends, stream_names, stream_counts) as wanted (append, stream, events)
        where s.stream = wanted.stream and append = any (refused);
        delete from eventstore.streams where stream = any (stream_names) and version = 0;
        if not exists (select from unnest(append_ids) with ordinality as given (id, n) where n <> all (refused)) then
            return;
        end if;
    end if;

    -- 7. Announce the positions about to be drawn: see read_head.sql. Once per transaction; both the setting and the
    --    lock fall with a savepoint that is rolled back, together with the events they stand for.
    if patience is not null or current_setting('eventstore.announced', true) is distinct from 'yes' then
        perform pg_advisory_xact_lock_shared((x'4556'::bigint << 48) | last_value) from eventstore.positions;
        if patience is null then
            perform set_config('eventstore.announced', 'yes', true);
        end if;
    end if;

    -- 8. Write. Positions are drawn with the streams locked, so they rise with the versions of a stream.
    if tag_names is null and cardinality(event_ids) = 1 then
        insert into eventstore.events as e (
            position, stream_id, version, decided_at, event_id, command_id, schema_version, stream, type, tenant,
            correlation_id, causation_id, user_name, trace_parent, data)
        values (
            nextval('eventstore.positions'), stream_ids[1], versions[1], event_times[1], event_ids[1],
            event_commands[1], event_schemas[1], stream_names[1], event_types[1], event_tenants[1],
            event_correlations[1], event_causations[1], event_users[1], event_traces[1], event_data[1])
        returning array[e.position] into positions;
    elsif tag_names is null then
        with written as (
            insert into eventstore.events as e (
                position, stream_id, version, decided_at, event_id, command_id, schema_version, stream, type, tenant,
                correlation_id, causation_id, user_name, trace_parent, data)
            select
                nextval('eventstore.positions'), stream_ids[s], versions[s] - stream_counts[s] + event_offsets[n],
                event_times[n], event_ids[n], event_commands[n], event_schemas[n], stream_names[s], event_types[n],
                event_tenants[n], event_correlations[n], event_causations[n], event_users[n], event_traces[n],
                event_data[n]
            from generate_series(1, cardinality(event_ids)) as n, lateral (select event_streams[n]) as receiving (s)
            where refused is null or stream_appends[s] <> all (refused)
            returning e.position)
        select array_agg(position) into positions from written;
    else
        with tagging as (
            select event, array_agg(tag order by tag) as tags
            from unnest(tag_events, tag_names) as given (event, tag)
            group by event),
        written as (
            insert into eventstore.events as e (
                position, stream_id, version, decided_at, event_id, command_id, schema_version, stream, type, tenant,
                correlation_id, causation_id, user_name, trace_parent, data, tags)
            select
                nextval('eventstore.positions'), stream_ids[s], versions[s] - stream_counts[s] + event_offsets[n],
                event_times[n], event_ids[n], event_commands[n], event_schemas[n], stream_names[s], event_types[n],
                event_tenants[n], event_correlations[n], event_causations[n], event_users[n], event_traces[n],
                event_data[n], tags
            from (
                select n, event_streams[n] as s, tags
                from generate_series(1, cardinality(event_ids)) as n
                left join tagging on event = n
                order by n) as ordered
            where refused is null or stream_appends[s] <> all (refused)
            returning e.position, e.tags),
        kept as (
            insert into eventstore.tagged (tag, position)
            select tag, position from written, unnest(tags) as tag)
        select array_agg(position) into positions from written;
    end if;

    -- 9. Remember what this transaction has appended, until it ends or a savepoint is rolled back.
    if patience is null then
        perform set_config(
            'eventstore.appended',
            concat_ws(' ', nullif(current_setting('eventstore.appended', true), ''), append_ids::text),
            true);
    end if;

    -- 10. Give keys back.
    if cardinality(key_names) > 0 then
        delete from eventstore.keys
        where key in (
            select key from unnest(key_appends, key_names, key_owners) as wanted (append, key, owner)
            where owner is null and (refused is null or append <> all (refused)));
    end if;
end;
$$;
