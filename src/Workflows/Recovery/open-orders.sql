-- Orders that were placed and are neither completed nor canceled. Three walks along the index on (type, position).
select stream from eventstore.events where type = 'order-placed'
except
select stream from eventstore.events where type in ('order-completed', 'order-canceled');
