-- $1 id, $2 name, $3 host, $4 host id, $5 heard at; by the primary key. Answers whether the instance was alive before:
-- null where it is new or has never sent a heartbeat. Who sends heartbeats for the first time is monitored.
with before as (select id, alive from operations.endpoint_instances where id = $1)
insert into operations.endpoint_instances as known (id, name, host, host_id, monitored, alive, last_heard_at)
values ($1, $2, $3, $4, true, true, $5)
on conflict (id) do update
    set alive = true,
        host = excluded.host,
        monitored = known.monitored or known.alive is null,
        last_heard_at = greatest(known.last_heard_at, excluded.last_heard_at)
returning (select alive from before), monitored
