-- What is wrong with the log as a whole, at most $1 findings of each kind: a row for each, with what is wrong, the
-- stream or key concerned, and the number that does not fit. No row: nothing is wrong.
-- Reads an index of events by stream once (events_by_stream) and everything else once; sorts on disk where memory does
-- not do. Its reader should hold one snapshot (REPEATABLE READ) for the five parts to agree with each other.
-- What is archived is not there to be compared: a stream may begin behind it.
with archived as (
    select coalesce(max(last_position), 0) as last from eventstore.archives),
of_streams as (
    select stream_id, count(*) as events, min(version) as lowest, max(version) as highest,
           bool_or(position <= before) as falling
    from (
        select stream_id, version, position,
               lag(position) over (partition by stream_id order by version) as before
        from eventstore.events) as e
    group by stream_id)
(select 'versions-with-holes' as finding, coalesce(s.stream, 'stream id ' || o.stream_id) as subject,
        o.highest - o.lowest + 1 - o.events as number
 from of_streams as o left join eventstore.streams as s on s.id = o.stream_id
 where o.highest - o.lowest + 1 <> o.events limit $1)
union all
(select 'first-version-missing', coalesce(s.stream, 'stream id ' || o.stream_id), o.lowest
 from of_streams as o left join eventstore.streams as s on s.id = o.stream_id
 where o.lowest <> 1 and not coalesce(s.above < (select last from archived), false) limit $1)
union all
(select 'positions-fall', coalesce(s.stream, 'stream id ' || o.stream_id), o.highest
 from of_streams as o left join eventstore.streams as s on s.id = o.stream_id
 where o.falling limit $1)
union all
(select 'stream-row-missing', 'stream id ' || o.stream_id, o.events
 from of_streams as o
 where not exists (select from eventstore.streams as s where s.id = o.stream_id) limit $1)
union all
(select 'stream-version-differs', s.stream, s.version
 from eventstore.streams as s left join of_streams as o on o.stream_id = s.id
 where s.version <> coalesce(o.highest, 0)
   and not (o.highest is null and s.above < (select last from archived)) limit $1)
union all
(select 'tombstone-not-last', s.stream, s.tombstone
 from eventstore.streams as s left join eventstore.tombstones as t on t.stream_id = s.id
 where s.tombstone is not null and t.version is distinct from s.version limit $1)
union all
(select 'key-without-owner', k.key || ' of ' || k.owner, null
 from eventstore.keys as k
 where not exists (select from eventstore.streams as s where s.stream = k.owner) limit $1)
union all
(select 'snapshot-ahead', s.stream || ', fold ' || n.fold, n.version
 from eventstore.snapshots as n join eventstore.streams as s on s.id = n.stream_id
 where n.version > s.version limit $1);
