-- The safe head of the log: see Schema/read_head.sql.
select head, open_appends from eventstore.read_head();
