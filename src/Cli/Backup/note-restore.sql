-- $1 id, $2 last position that is back, $3 last position that is left out, $4 when the backup was taken, $5 who.
insert into recovery.restores (id, lost_after, lost_until, backup_taken_at, restored_by) values ($1, $2, $3, $4, $5);
