-- Groups of one classifier (the column {group}) with their messages of one status. $1 title, or null for all.
-- Unresolved ones are counted from the group's partial index alone.
select g.id, g.title, counted.count, g.comment, counted.first, counted.last
from (select {group} as id, count(*) as count, min(failed_at) as first, max(failed_at) as last
      from operations.failed_messages
      where status = {status} and {group} is not null
      group by {group}) counted
         join operations.groups g using (id)
where $1::text is null or g.title = $1
order by counted.last desc
