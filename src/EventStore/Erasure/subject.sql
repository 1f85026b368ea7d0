-- Whether the subject $1 has a key, and since when not. By subject_keys_subject.
select destroyed_at from eventstore.subject_keys where subject = $1;
