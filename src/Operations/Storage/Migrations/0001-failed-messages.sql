-- Failed messages. One narrow row per message, so that counting and paging through 100,000 of them stays in memory;
-- headers and body are apart, in contents.

-- status: 1 unresolved, 2 resolved, 3 retry issued, 4 archived (the numbers of ServiceControl).
-- by_*: the message's group of each classifier. staged_by: the operation that is about to return it to its queue.
create table operations.failed_messages
(
    id                uuid        not null primary key,
    status            smallint    not null check (status between 1 and 4),
    attempts          integer     not null,
    message_id        text,
    message_type      text,
    is_system         boolean     not null,
    conversation_id   text,
    time_sent         timestamptz,
    sending_name      text,
    sending_host      text,
    sending_host_id   uuid,
    receiving_name    text,
    receiving_host    text,
    receiving_host_id uuid,
    queue             text,
    exception_type    text,
    exception_message text,
    edit_of           text,
    failed_at         timestamptz not null,
    modified_at       timestamptz not null,
    body_size         integer     not null,
    content_type      text,
    by_exception      uuid,
    by_type           uuid,
    by_address        uuid,
    by_instance       uuid,
    by_endpoint       uuid,
    staged_by         bigint
) with (fillfactor = 80);

-- The orders that the lists can be asked for, each with the status that they are filtered by.
create index failed_messages_failed on operations.failed_messages (status, failed_at, id);
create index failed_messages_modified on operations.failed_messages (status, modified_at, id);
create index failed_messages_sent on operations.failed_messages (status, time_sent, id);
create index failed_messages_type on operations.failed_messages (status, message_type, id);

-- Groups of unresolved messages: counted, paged and walked through by an operation, all from the index.
create index failed_messages_by_exception on operations.failed_messages (by_exception, failed_at, id) where status = 1;
create index failed_messages_by_type on operations.failed_messages (by_type, failed_at, id) where status = 1;
create index failed_messages_by_address on operations.failed_messages (by_address, failed_at, id) where status = 1;
create index failed_messages_by_instance on operations.failed_messages (by_instance, failed_at, id) where status = 1;
create index failed_messages_by_endpoint on operations.failed_messages (by_endpoint, failed_at, id) where status = 1;

create index failed_messages_staged on operations.failed_messages (staged_by, id) where staged_by is not null;
create index failed_messages_message_id on operations.failed_messages (message_id);
create index failed_messages_conversation on operations.failed_messages (conversation_id);

-- Headers and body of the last attempt, as they go back to the queue. json, not jsonb: it takes any character.
create table operations.contents
(
    id      uuid  not null primary key,
    headers json  not null,
    body    bytea not null
);
alter table operations.contents alter column body set storage external;

-- Every failure once: attempt_key tells a failure from its own redelivery by the broker.
create table operations.attempts
(
    id                uuid        not null,
    attempt_key       uuid        not null,
    failed_at         timestamptz not null,
    exception_type    text,
    exception_message text,
    stack_trace       text,
    primary key (id, attempt_key)
);

-- What a group is called. classifier: 1 exception and stack trace, 2 message type, 3 address, 4 instance, 5 endpoint.
create table operations.groups
(
    id         uuid     not null primary key,
    classifier smallint not null,
    title      text     not null,
    comment    text
);

-- What happened, newest last; shown on the events page.
create table operations.event_log
(
    id          bigint generated always as identity primary key,
    raised_at   timestamptz not null default now(),
    severity    text        not null,
    category    text        not null,
    event_type  text        not null,
    description text        not null,
    related_to  text[]      not null default '{}'
);

create index event_log_raised_at on operations.event_log (raised_at, id);
