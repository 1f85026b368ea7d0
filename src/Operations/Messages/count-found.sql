-- How many messages there are of a filter; $1: how far is counted of each kind.
select (select count(*) from (select from operations.failed_messages m where {filter} limit $1) failed),
       (select count(*) from (select from operations.audited_messages m where {filter} limit $1) audited)
