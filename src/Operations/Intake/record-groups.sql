-- $1 ids, $2 classifiers, $3 titles
-- Names groups that are new. Primary key.
insert into operations.groups (id, classifier, title)
select distinct on (id) id, classifier, title
from unnest($1::uuid[], $2::smallint[], $3::text[]) as t (id, classifier, title)
order by id
on conflict (id) do nothing
