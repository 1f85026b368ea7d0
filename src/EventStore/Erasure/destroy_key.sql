-- Destroys the key of the subject $1, for whom and why ($2, $3), unless that was done before. By
-- subject_keys_subject.
update eventstore.subject_keys
set key = null, wrapped_with = null, destroyed_at = now(), destroyed_by = $2, reason = $3
where subject = $1 and destroyed_at is null;
