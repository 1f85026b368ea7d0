-- The keys of some subjects, by subject_keys_subject.
select id, subject, key, wrapped_with from eventstore.subject_keys where subject = any ($1);
