-- What operators did: who, what, when; on which messages is in action_messages.
create table operations.actions
(
    id         bigint generated always as identity primary key,
    at         timestamptz not null default now(),
    who        text        not null,
    from_where text        not null,
    action     text        not null,
    scope      text        not null,
    resource   text
);

create table operations.action_messages
(
    action_id  bigint not null,
    message_id uuid   not null,
    primary key (action_id, message_id)
);

-- Work on many messages, done in batches in the background and taken up again after a restart.
-- scope: ServiceControl's retry types. request_id: the group, endpoint or queue. group_id, queue, ids, time span and
-- source (the status of the messages it takes): which messages. done: returned to their queue, or archived, or
-- restored. skipped: prepared, but not any more in that status, or refused by the broker.
create table operations.bulk_operations
(
    id               bigint generated always as identity primary key,
    kind             text        not null check (kind in ('retry', 'archive', 'restore')),
    scope            text        not null,
    request_id       text        not null,
    originator       text,
    classifier       smallint,
    source           smallint    not null,
    group_id         uuid,
    group_classifier smallint,
    queue            text,
    ids              uuid[],
    modified_from    timestamptz,
    modified_to      timestamptz,
    action_id        bigint      not null,
    state            text        not null check (state in ('waiting', 'preparing', 'forwarding', 'completed')),
    total            integer     not null default 0,
    prepared         integer     not null default 0,
    done             integer     not null default 0,
    skipped          integer     not null default 0,
    position_at      timestamptz,
    position_id      uuid,
    last_failed_at   timestamptz,
    started_at       timestamptz not null default clock_timestamp(),
    completed_at     timestamptz,
    acknowledged     boolean     not null default false
);

-- One operation at a time on a group, endpoint or queue: a second request finds the first under way.
create unique index bulk_operations_running on operations.bulk_operations (kind, scope, request_id)
    where completed_at is null;
create index bulk_operations_completed on operations.bulk_operations (completed_at);

-- A message of an operator's making that takes the place of a failed one, until the broker has it.
create table operations.edited_messages
(
    id         uuid        not null primary key,
    edit_of    uuid        not null,
    queue      text        not null,
    headers    json        not null,
    body       bytea       not null,
    created_at timestamptz not null default now()
);

create table operations.redirects
(
    id           uuid        not null primary key,
    from_address text        not null unique,
    to_address   text        not null,
    modified_at  timestamptz not null default now()
);
