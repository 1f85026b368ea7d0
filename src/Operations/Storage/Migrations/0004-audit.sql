-- Messages that were handled, from the audit queue. One partition per day on which they were handled, so that the old
-- ones are dropped and not deleted; days for which there is no partition (a wrong clock, no time at all) are in
-- audited_otherwise.

-- day: of processed_at; 1970-01-01 where the message does not say when it was handled. With it, id (which message, by
-- whom, when) tells a message from its own redelivery. unique_id: what ServiceControl and the failed messages call it.
-- *_us: microseconds. body: null where there is none or it was too large to keep. words: see SearchWords.
create table operations.audited_messages
(
    day               date        not null,
    id                uuid        not null,
    unique_id         uuid        not null,
    message_id        text,
    message_type      text,
    is_system         boolean     not null,
    is_retried        boolean     not null,
    conversation_id   text,
    time_sent         timestamptz,
    processed_at      timestamptz not null,
    critical_us       bigint      not null,
    processing_us     bigint      not null,
    delivery_us       bigint      not null,
    sending_name      text,
    sending_host      text,
    sending_host_id   uuid,
    receiving_name    text,
    receiving_host    text,
    receiving_host_id uuid,
    content_type      text,
    body_size         integer     not null,
    headers           json        not null,
    body              bytea,
    words             tsvector    not null,
    primary key (day, id)
) partition by list (day);

-- The orders that ServicePulse asks for.
create index audited_sent on operations.audited_messages (time_sent desc nulls last, id desc) where not is_system;
create index audited_processing on operations.audited_messages (processing_us, id) where not is_system;
create index audited_critical on operations.audited_messages (critical_us, id) where not is_system;
create index audited_delivery on operations.audited_messages (delivery_us, id) where not is_system;
create index audited_received on operations.audited_messages (receiving_name, time_sent desc nulls last, id desc)
    where not is_system;

create index audited_processed on operations.audited_messages (processed_at);
create index audited_unique on operations.audited_messages (unique_id);
create index audited_message on operations.audited_messages (message_id);
create index audited_conversation on operations.audited_messages (conversation_id);
create index audited_words on operations.audited_messages using gin (words);

create table operations.audited_otherwise partition of operations.audited_messages default;

-- How many there are, so that a list can say so without counting. endpoint: who handled them, '' where they do not say.
create table operations.audit_counts
(
    day       date    not null,
    endpoint  text    not null,
    is_system boolean not null,
    count     bigint  not null,
    primary key (day, endpoint, is_system)
) with (fillfactor = 50);

-- What sagas made of messages. status: 1 new, 2 updated, 3 completed. initiating, outgoing: as the API answers them.
create table operations.saga_changes
(
    saga_id     uuid        not null,
    change_id   uuid        not null,
    saga_type   text        not null,
    endpoint    text        not null,
    status      smallint    not null check (status between 1 and 3),
    started_at  timestamptz not null,
    finished_at timestamptz not null,
    state       text        not null,
    initiating  json        not null,
    outgoing    json        not null,
    primary key (saga_id, change_id)
);

create index saga_changes_finished on operations.saga_changes (finished_at);

-- The list of all messages shows failed ones among them, in this order whatever their status, and finds them by words.
create index failed_messages_all_sent on operations.failed_messages (time_sent desc nulls last, id desc);
alter table operations.failed_messages add column words tsvector;
update operations.failed_messages
set words = array_to_tsvector(array_remove(regexp_split_to_array(
    lower(concat_ws(
        ' ', replace(message_id, '-', ''), replace(conversation_id, '-', ''), message_type, receiving_name,
        exception_type, left(exception_message, 1000))),
    '[^[:alnum:]]+'), ''));
create index failed_messages_words on operations.failed_messages using gin (words);
-- Headers are half of an audited message. lz4 costs a fraction of the default; a server built without it keeps that.
do
$$
    begin
        alter table operations.audited_messages alter column headers set compression lz4;
        alter table operations.audited_otherwise alter column headers set compression lz4;
    exception
        when feature_not_supported then null;
    end
$$;
