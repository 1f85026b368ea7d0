-- $1 id
-- The groups of a message. Primary keys.
select g.id, g.title, g.classifier
from operations.failed_messages m
         join operations.groups g
              on g.id in (m.by_exception, m.by_type, m.by_address, m.by_instance, m.by_endpoint)
where m.id = $1
order by g.classifier
