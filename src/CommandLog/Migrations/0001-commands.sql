-- One row per command. Written twice: when it is accepted and when it is done. The primary key serves every read.
-- Retention: rows are of no use once no client asks for them any more; see docs/command-api.md.
create table commandlog.commands
(
    command_id   uuid        not null primary key,
    tenant       text        not null,
    type         text        not null,
    status       text        not null check (status in ('accepted', 'completed', 'rejected', 'failed')),
    token        bigint,
    rule         text,
    message      text,
    received_at  timestamptz not null default now(),
    completed_at timestamptz
) with (fillfactor = 85); -- room for the second write on the same page, so that it touches no index

-- Deleting by age reads this instead of the table. Rows arrive in time order, so a block-range index is enough and costs
-- next to nothing to keep.
create index commands_received_at on commandlog.commands using brin (received_at);

-- A client's own names for its requests. body_hash (SHA-256 of the command) tells a repetition from a mistake.
create table commandlog.idempotency_keys
(
    tenant      text        not null,
    key         text        not null check (length(key) between 1 and 100),
    body_hash   bytea       not null,
    command_id  uuid        not null,
    received_at timestamptz not null default now(),
    primary key (tenant, key)
);

create index idempotency_keys_received_at on commandlog.idempotency_keys using brin (received_at);
