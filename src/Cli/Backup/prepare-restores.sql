-- The restores of this database. Commerce.Workflows looks here when it starts, and takes up what was under way where
-- resumed_at is null. Positions above lost_after and up to lost_until are not given again: who names one speaks of
-- something that is lost.
create schema if not exists recovery;
create table if not exists recovery.restores (
    id uuid not null primary key,
    restored_at timestamptz not null default now(),
    backup_taken_at timestamptz,
    lost_after bigint not null,
    lost_until bigint not null,
    restored_by text not null,
    resumed_at timestamptz,
    resumed_orders bigint
);
-- The query API refuses tokens of positions that are lost.
do
$$
begin
    if exists (select from pg_roles where rolname = 'eventstore_reader') then
        grant usage on schema recovery to eventstore_reader;
        grant select on recovery.restores to eventstore_reader;
    end if;
end;
$$;
