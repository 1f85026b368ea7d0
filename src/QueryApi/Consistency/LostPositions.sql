-- What restores have left behind. A handful of rows.
SELECT lost_after, lost_until, restored_at FROM recovery.restores ORDER BY restored_at
