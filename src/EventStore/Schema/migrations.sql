-- What was applied to this database. Created on the first migration.
create schema if not exists eventstore;
create table if not exists eventstore.migrations (
    file text primary key,
    checksum text not null,
    applied_at timestamptz not null default now()
);
