-- eventstore.load: folds' input for streams, in one round trip: per stream its snapshot (as a row without type), then
-- the events behind it.
--
-- Arguments
--   names          the streams
--   fold           whose snapshots, and
--   fold_version   of which schema version
--   use_snapshots  false: from the first event on
--
-- Result, by stream and version
--   n              the stream's place in the names, from 1; streams that are not there have no row
--   version        null: all events of the stream are archived, and there is no such snapshot
--   has_appended   this transaction has appended itself
--
-- Cost per stream: streams_pk, snapshots_pk, a range of events_by_stream in the partitions since the snapshot (without
-- one, since the stream's first event).
-- A function because its plan is kept: the statement by itself would be planned for each call, at several times the
-- cost of running it. Planned for indexes alone: a plan made while a table is small would read it whole for a while.
create or replace function eventstore.load(names text[], fold text, fold_version int, use_snapshots bool)
returns table (
    n bigint, version bigint, type text, schema_version int, "position" bigint, data json, has_appended bool)
language plpgsql stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as
$$
#variable_conflict use_column
begin
    return query
    select wanted.n, part.version, part.type, part.schema_version, part.position, part.data,
           current_setting('eventstore.announced', true) is not distinct from 'yes'
    from unnest(names) with ordinality as wanted (stream, n)
    join eventstore.streams as s on s.stream = wanted.stream
    left join eventstore.snapshots as snapshot
        on use_snapshots and snapshot.stream_id = s.id and snapshot.fold = load.fold
        and snapshot.schema_version = fold_version and snapshot.version <= s.version
    left join lateral (
        select snapshot.version, null as type, 0 as schema_version, 0::bigint as position, snapshot.state as data
        where snapshot.version is not null
        union all
        select e.version, e.type, e.schema_version, e.position, e.data
        from eventstore.events as e
        where e.stream_id = s.id and e.version > coalesce(snapshot.version, 0)
          and e.position > greatest(s.above, snapshot.position)) as part on true
    order by wanted.n, part.version;
end;
$$;
