-- $1 and $2 tenants and ids of the orders watched, $3 position seen. One lookup by primary key per watched order; gives
-- those that changed since.
SELECT checkpoint.position, clock_timestamp() - checkpoint.as_of,
       orders.order_id, orders.customer_id, orders.status, orders.reason, orders.total, orders.currency, orders.lines,
       orders.address, orders.tracking_number, orders.placed_at, orders.history, orders.tenant
FROM read.checkpoints AS checkpoint
LEFT JOIN (
    unnest($1, $2) AS watched (tenant, order_id)
    JOIN read.orders AS orders ON orders.tenant = watched.tenant AND orders.order_id = watched.order_id
) ON orders.position > $3
WHERE checkpoint.projection = 'order-details';
