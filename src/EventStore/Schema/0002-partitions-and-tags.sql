-- The log in partitions by position, tags on events, and repeated appends recognized by the log itself.

-- Takes other arguments from here on.
do
$$
declare
    old_function regprocedure;
begin
    for old_function in
        select oid from pg_proc where pronamespace = 'eventstore'::regnamespace and proname = 'append'
    loop
        execute format('drop function %s', old_function);
    end loop;
end;
$$;

-- All events of a stream lie above this position: readers skip the partitions below it.
alter table eventstore.streams add column above bigint not null default 0;

-- All events folded into a snapshot lie at or below this position; 0 where it was not known yet.
alter table eventstore.snapshots add column position bigint not null default 0;

alter table eventstore.events add column tags text[] collate "C";
drop index eventstore.events_by_stream;
alter table eventstore.events rename to events_from_0;
alter index eventstore.events_pk rename to events_from_0_pk;

-- The log. Only ever inserted into. A partition is a table of its own, events_from_N, that can be detached and archived.
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
    tags text[] collate "C",
    constraint events_pk primary key (position)
) partition by range (position);
-- Reads a stream and folds it. Not unique (an index over partitions cannot be without the position): the row lock in
-- `streams` is what keeps versions apart.
create index events_by_stream on eventstore.events (stream_id, version);
-- Recognizes a repeated append by the id of its first event. Ids keep the time prefix of the command's UUIDv7, so the
-- index grows at its right edge.
create index events_by_id on eventstore.events (event_id);
-- Finds rare types without reading the log from end to end.
create index events_by_type on eventstore.events (type, position);

-- The tags of events, one row for each: which events with a tag lie behind a position? Only tagged events pay for it.
create table eventstore.tagged (
    tag text collate "C" not null,
    position bigint not null,
    constraint tagged_pk primary key (tag, position)
) partition by range (position);

-- The partitions of `events` and `tagged`: events_from_N and tagged_from_N hold from_position = N up to to_position,
-- exclusive. See partitions.sql.
create table eventstore.partitions (
    from_position bigint not null,
    to_position bigint not null,
    -- The highest event id inside, once no more can be written there: what lies above need not be looked for.
    newest_event uuid,
    constraint partitions_pk primary key (from_position)
);

-- What was there becomes the first partition. Reads it once (does every position fit the range?), and once for each
-- new index: some minutes for 100 million events, during which nobody appends or reads.
do
$$
declare
    upper bigint;
begin
    if not exists (select from eventstore.events_from_0) then
        drop table eventstore.events_from_0;
        return;
    end if;
    select (last_value / 10000000 + 1) * 10000000 into upper from eventstore.positions;
    execute format(
        'alter table eventstore.events attach partition eventstore.events_from_0 for values from (0) to (%s)', upper);
    execute format(
        'create table eventstore.tagged_from_0 partition of eventstore.tagged for values from (0) to (%s)', upper);
    insert into eventstore.partitions (from_position, to_position) values (0, upper);
end;
$$;

-- The log recognizes repeated appends now.
drop table eventstore.appends;
