-- $1 action, $2 messages
insert into operations.action_messages (action_id, message_id)
select $1, id
from unnest($2::uuid[]) as t (id)
on conflict do nothing
