-- Events by stream that carry the tag $1: those with personal data of one subject. By tagged_pk and events_pk.
select e.stream, count(*)
from eventstore.tagged as t
join eventstore.events as e on e.position = t.position
where t.tag = $1
group by e.stream
order by e.stream;
