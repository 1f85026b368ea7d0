-- Instances of endpoints: known by their heartbeats, or by a message that failed in them.
-- id: MD5 of name and host id, as ServiceControl has it. monitored: whether silence is a failure.
create table operations.endpoint_instances
(
    id            uuid        not null primary key,
    name          text        not null,
    host          text        not null,
    host_id       uuid        not null,
    monitored     boolean     not null,
    alive         boolean,
    last_heard_at timestamptz
);

-- Whether every instance of an endpoint counts, or one that is alive is enough; '' is the default for all.
create table operations.endpoint_settings
(
    name            text    not null primary key,
    track_instances boolean not null
);

insert into operations.endpoint_settings (name, track_instances)
values ('', true);

-- The last result of each check, of endpoints and of Operations itself.
create table operations.custom_checks
(
    id              uuid        not null primary key,
    custom_check_id text        not null,
    category        text        not null,
    failed          boolean     not null,
    failure_reason  text,
    reported_at     timestamptz not null,
    endpoint_name   text        not null,
    endpoint_host   text        not null,
    endpoint_host_id uuid       not null
);

create index custom_checks_reported on operations.custom_checks (failed, reported_at desc, id);
