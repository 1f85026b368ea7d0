-- $1 tenant, $2 order id. One lookup by the primary key, with the checkpoint of the same snapshot.
SELECT checkpoint.position, clock_timestamp() - checkpoint.as_of,
       orders.order_id, orders.customer_id, orders.status, orders.reason, orders.total, orders.currency, orders.lines,
       orders.address, orders.tracking_number, orders.placed_at, orders.history
FROM read.checkpoints AS checkpoint
LEFT JOIN read.orders AS orders ON orders.tenant = $1 AND orders.order_id = $2
WHERE checkpoint.projection = 'order-details';
