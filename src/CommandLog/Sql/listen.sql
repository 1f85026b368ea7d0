-- Hears of outcomes. The name tells the one connection that stays open from the others, in pg_stat_activity.
set application_name = 'commandlog-waiters';
listen commandlog_done;
