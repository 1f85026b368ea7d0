-- The type $9: walks events_by_type backward.
select position from eventstore.events
where (type, position) < ($9, $1) and (type, position) >= ($9, 0::bigint)
order by type desc, position desc
limit $2
