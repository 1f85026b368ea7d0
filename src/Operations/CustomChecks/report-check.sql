-- $1 id, $2 check, $3 category, $4 failed, $5 reason, $6 reported at, $7 endpoint, $8 host, $9 host id
-- By the primary key. Answers whether it failed before: null where it is new.
with before as (select id, failed from operations.custom_checks where id = $1)
insert into operations.custom_checks
    (id, custom_check_id, category, failed, failure_reason, reported_at, endpoint_name, endpoint_host, endpoint_host_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (id) do update
    set category = excluded.category, failed = excluded.failed, failure_reason = excluded.failure_reason,
        reported_at = excluded.reported_at
returning (select failed from before)
