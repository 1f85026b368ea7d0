select count(*) from operations.actions
