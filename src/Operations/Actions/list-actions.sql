-- $1 offset, $2 limit
-- Newest first, with how many messages each was about and the first thousand of them. Primary keys.
select a.id, a.at, a.who, a.from_where, a.action, a.scope, a.resource,
       (select count(*) from operations.action_messages m where m.action_id = a.id),
       array(select m.message_id from operations.action_messages m
             where m.action_id = a.id order by m.message_id limit 1000),
       a.outcome, a.detail
from operations.actions a
order by a.id desc
offset $1
limit $2
