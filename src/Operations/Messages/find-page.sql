-- A page of all messages: which ones, in order. A message that failed and was handled later is the failed one.
-- $1 offset + limit, $2 offset, $3 limit, more from {filter}; the texts in braces are constant ones. Each half is read
-- from the index of its order as far as the page goes (which a join would spoil: nobody tells the planner that almost no
-- message has failed); a search that finds little is {materialized}: by its words
-- first, and sorted then.
with audited as {materialized} (
    select m.day, m.id, m.unique_id, {audited} as place
    from operations.audited_messages m
    where {filter}),
both_kinds as (
    (select null::date as day, m.id, {failed} as place
     from operations.failed_messages m
     where {filter}
     order by place {direction}, id {way}
     limit $1)
    union all
    (select a.day, a.id, a.place
     from audited a
     where coalesce((select false from operations.failed_messages f where f.id = a.unique_id), true)
     order by place {direction}, id {way}
     limit $1))
select day, id
from both_kinds
order by place {direction}, id {way}
offset $2
limit $3
