-- Which of the streams $1 has a transaction of somebody else locked? One descent of streams_pk for each, twice.
with free as materialized (
    select stream from eventstore.streams where stream = any ($1) for no key update skip locked)
select stream from eventstore.streams where stream = any ($1) and stream not in (select stream from free);
