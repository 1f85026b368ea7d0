-- Commands that were accepted until $1, in the last hour before it, and have no outcome yet. By the block-range index on
-- received_at. What is older than that is not about to be handled.
select count(*) from commandlog.commands
where status = 'accepted' and received_at <= $1 and received_at > $1 - interval '1 hour';
