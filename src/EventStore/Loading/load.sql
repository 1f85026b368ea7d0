-- Folds' input for the streams $1 in one round trip: per stream its snapshot of the fold $2 with schema version $3
-- (as a row without type), then the events behind it. $4 = false ignores snapshots.
-- A row without version: all events of the stream are archived, and there is no such snapshot.
-- has_appended: this transaction has appended itself.
-- Per stream: streams_pk, snapshots_pk, a range of events_by_stream in the partitions since the snapshot (without one,
-- since the stream's first event).
select wanted.n, part.version, part.type, part.schema_version, part.position, part.data,
       current_setting('eventstore.announced', true) is not distinct from 'yes' as has_appended
from unnest($1::text[]) with ordinality as wanted (stream, n)
join eventstore.streams as s on s.stream = wanted.stream
left join eventstore.snapshots as snapshot
    on $4 and snapshot.stream_id = s.id and snapshot.fold = $2 and snapshot.schema_version = $3
    and snapshot.version <= s.version
left join lateral (
    select snapshot.version, null as type, 0 as schema_version, 0 as position, snapshot.state as data
    where snapshot.version is not null
    union all
    select e.version, e.type, e.schema_version, e.position, e.data
    from eventstore.events as e
    where e.stream_id = s.id and e.version > coalesce(snapshot.version, 0)
      and e.position > greatest(s.above, snapshot.position)) as part on true
order by wanted.n, part.version;
