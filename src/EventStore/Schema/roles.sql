-- Roles for services that shall not own the schema: grant them to login roles.
--   eventstore_reader  reads the log, streams and snapshots: projections
--   eventstore_writer  appends and keeps snapshots as well; cannot change or delete an event
-- Erasing subjects, placing tombstones, archiving, restoring and migrating take the owner.
-- Roles belong to the whole server: where the migrating role may not create roles, and they are not there, nothing
-- is granted, and only the owner works with the store.
do
$$
begin
    if (select rolcreaterole or rolsuper from pg_roles where rolname = current_user) then
        begin
            if not exists (select from pg_roles where rolname = 'eventstore_reader') then
                create role eventstore_reader nologin;
            end if;
            if not exists (select from pg_roles where rolname = 'eventstore_writer') then
                create role eventstore_writer nologin;
            end if;
        exception when duplicate_object or unique_violation then
            -- Another database of this server is being migrated at the same moment: it has made them.
            null;
        end;
    end if;
    if (select count(*) from pg_roles where rolname in ('eventstore_reader', 'eventstore_writer')) < 2 then
        return;
    end if;

    grant usage on schema eventstore to eventstore_reader, eventstore_writer;
    grant select on all tables in schema eventstore to eventstore_reader, eventstore_writer;
    grant select on all sequences in schema eventstore to eventstore_reader;
    grant select, usage on all sequences in schema eventstore to eventstore_writer;
    grant insert on eventstore.events, eventstore.tagged to eventstore_writer;
    grant insert, update, delete on eventstore.streams, eventstore.keys, eventstore.snapshots to eventstore_writer;
    grant insert on eventstore.subject_keys to eventstore_writer;
    revoke execute on function eventstore.add_partitions from public;
    grant execute on function eventstore.add_partitions to eventstore_writer;
end;
$$;
