-- Some keys, by subject_keys_pk.
select id, subject, key, wrapped_with from eventstore.subject_keys where id = any ($1);
