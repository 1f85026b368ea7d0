-- $1 command id, $2 tenant, $3 type, $4 status, $5 token, $6 rule, $7 message
-- Records the outcome. Inserts where the note of acceptance was lost in a crash or never made; leaves a completed or
-- rejected command alone. Tells nobody: a transaction that has called NOTIFY commits alone, and waits for the disk with
-- all others of its kind behind it; see announce.sql. Primary key; an update touches no index.
insert into commandlog.commands as c (command_id, tenant, type, status, token, rule, message, completed_at)
values ($1, $2, $3, $4, $5, $6, $7, now())
on conflict (command_id) do update
    set status = excluded.status,
        token = excluded.token,
        rule = excluded.rule,
        message = excluded.message,
        completed_at = excluded.completed_at
    where c.status in ('accepted', 'failed')
