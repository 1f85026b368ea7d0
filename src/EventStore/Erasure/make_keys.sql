-- Keeps new keys for the subjects that have none. Two processes may make one at once: the first stays.
insert into eventstore.subject_keys (subject, key, wrapped_with)
select subject, key, $3 from unnest($1::text[], $2::bytea[]) as made (subject, key) order by subject
on conflict (subject) do nothing;
