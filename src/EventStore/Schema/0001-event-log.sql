-- The log, its streams, the appends it has seen, unique keys and snapshots.

-- Draws global positions. Kept apart from the table because readers look at last_value (read_head.sql), and set to
-- "0 drawn" so that last_value always means "the last position drawn". CACHE must stay 1: positions have to rise in
-- the order of drawing.
create sequence eventstore.positions as bigint minvalue 0 start 0 cache 1;
select nextval('eventstore.positions');

-- One row per stream. Its row lock orders the writers of the stream and makes the version sequence free of holes.
-- Half-empty pages keep the update of `version` on its page (HOT: no index is touched).
create table eventstore.streams (
    id bigint generated always as identity,
    version bigint not null,
    stream text collate "C" not null,
    constraint streams_pk primary key (stream)
) with (fillfactor = 60);

-- The log. Only ever inserted into. The key is the position alone, so that the table can become one partition of a
-- table partitioned by position range without being rewritten; nothing outside refers to it by any other key.
create table eventstore.events (
    position bigint not null default nextval('eventstore.positions'),
    stream_id bigint not null,
    version bigint not null,
    decided_at timestamptz not null,
    event_id uuid not null,
    command_id uuid not null,
    schema_version int not null,
    stream text collate "C" not null,
    type text collate "C" not null,
    tenant text collate "C" not null,
    correlation_id text collate "C",
    causation_id text collate "C",
    user_name text collate "C",
    trace_parent text collate "C",
    data json compression lz4 not null,
    constraint events_pk primary key (position)
);
-- Reads a stream and folds it. The row lock in `streams` already guarantees uniqueness; the index holds us to it.
create unique index events_by_stream on eventstore.events (stream_id, version);

-- One row per append, by the id of its first event: what makes a repeated append recognizable. The ids keep the time
-- prefix of the command's UUIDv7, so the index grows at its right edge.
create table eventstore.appends (
    id uuid not null,
    transaction xid8 not null default pg_current_xact_id(),
    constraint appends_pk primary key (id)
);

-- Keys that at most one owner holds.
create table eventstore.keys (
    key text collate "C" not null,
    owner text collate "C" not null,
    constraint keys_pk primary key (key)
);

-- The latest snapshot of each fold of each stream.
create table eventstore.snapshots (
    stream_id bigint not null,
    fold text collate "C" not null,
    schema_version int not null,
    version bigint not null,
    state json compression lz4 not null,
    constraint snapshots_pk primary key (stream_id, fold)
);
