-- Keys of persons, tombstones, and what was archived.

-- One row for each subject that personal data was stored about. Destroying the key (key = null) erases the data
-- wherever its ciphertext is; the row stays, so that nothing personal is stored about the subject again.
create table eventstore.subject_keys (
    id bigint generated always as identity,
    subject text collate "C" not null,
    -- 256 bits, wrapped by the key-encryption key that wrapped_with names; as they are where it is null.
    key bytea,
    wrapped_with text collate "C",
    created_at timestamptz not null default now(),
    destroyed_at timestamptz,
    destroyed_by text collate "C",
    reason text collate "C",
    constraint subject_keys_pk primary key (id),
    constraint subject_keys_subject unique (subject),
    constraint subject_keys_destroyed check ((key is null) = (destroyed_at is not null))
);
