-- Primary key.
select coalesce(max(id), 0) from operations.actions
