-- $1 id
-- Primary key.
select id, classifier, title
from operations.groups
where id = $1
