-- Which log this is.
select store_id from eventstore.identity;
