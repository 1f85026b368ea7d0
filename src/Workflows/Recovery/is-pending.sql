-- Whether there was a restore after which nothing was taken up yet. A handful of rows.
select exists (select from recovery.restores where resumed_at is null);
