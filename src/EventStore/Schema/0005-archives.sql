-- Partitions that are in files, and the identity of the log they belong to.

-- Tells this log from others: files of archives name it. A copy of the database has the same.
create table eventstore.identity (
    store_id uuid not null default gen_random_uuid()
);
insert into eventstore.identity default values;

-- The partitions whose events are in files: always the oldest ones, so the log begins behind the last of them. A row is
-- there before its partition goes, and goes after the partition is back: whoever finds no row finds the events.
create table eventstore.archives (
    from_position bigint not null,
    to_position bigint not null,
    -- Of events inside; both 0 where there are none.
    first_position bigint not null,
    last_position bigint not null,
    events bigint not null,
    -- Of the rows as the files hold them, uncompressed.
    sha256 text not null,
    directory text not null,
    archived_at timestamptz not null default now(),
    archived_by text collate "C" not null,
    constraint archives_pk primary key (from_position)
);
