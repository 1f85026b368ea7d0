-- One row, read when the feed connects. Made by the projections' migration.
SELECT key
FROM read.cursor_key;
