-- $1 endpoint, '' for the default; $2 whether each instance counts
insert into operations.endpoint_settings (name, track_instances)
values ($1, $2)
on conflict (name) do update set track_instances = excluded.track_instances
