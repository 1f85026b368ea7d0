-- The tag $9: walks tagged_pk backward.
select position from eventstore.tagged where tag = $9 and position < $1 order by position desc limit $2
