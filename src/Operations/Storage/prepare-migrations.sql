-- The schema and the list of what was applied to it. Safe to run again.
create schema if not exists operations;
create table if not exists operations.migrations
(
    version    integer     not null primary key,
    applied_at timestamptz not null default now()
);
