-- The outbox: a row per message handled. Several instances may create it at once (the caller holds an advisory lock).
create table if not exists {outbox} (
    "MessageId" character varying(200),
    "Dispatched" boolean not null default false,
    "DispatchedAt" timestamp,
    "PersistenceVersion" character varying(23),
    "Operations" jsonb not null,
    primary key ("MessageId")
);
create index if not exists "Index_DispatchedAt" on {outbox} using btree ("DispatchedAt" asc nulls last);
