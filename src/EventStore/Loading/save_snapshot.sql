-- Keeps the snapshot of the stream $1 under the fold $2, unless a newer one of the same schema version is there. $6 is
-- the position of the last event in it.
-- One descent of streams_pk, one upsert by snapshots_pk.
insert into eventstore.snapshots as kept (stream_id, fold, schema_version, version, state, position)
select id, $2, $3, $4, $5, $6 from eventstore.streams where stream = $1 and version >= $4
on conflict (stream_id, fold) do update
set schema_version = excluded.schema_version, version = excluded.version, state = excluded.state,
    position = excluded.position
where kept.schema_version <> excluded.schema_version or kept.version < excluded.version;
