-- $1 limit
-- The newest actions, with how many messages each was about, counted up to a thousand. Primary keys.
select a.id, a.at, a.who, a.action, a.scope, a.resource,
       (select count(*)
        from (select from operations.action_messages m where m.action_id = a.id limit 1000) counted),
       a.outcome, a.detail
from operations.actions a
order by a.id desc
limit $1
