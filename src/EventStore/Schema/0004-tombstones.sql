-- Streams that are closed for good.

-- Where the stream's tombstone lies; null: the stream is open.
alter table eventstore.streams add column tombstone bigint;

-- When, by whom and why a stream was closed. The same is in its last event, which may be archived.
create table eventstore.tombstones (
    stream_id bigint not null,
    version bigint not null,
    placed_at timestamptz not null,
    placed_by text collate "C" not null,
    reason text collate "C",
    constraint tombstones_pk primary key (stream_id)
);
