-- $1 tenant, $2 customer, $3 and $4 time and id of the last order seen (null: from the newest), $5 rows.
-- One range of the index (tenant, customer_id, placed_at DESC, order_id DESC): a late page costs what the first does.
SELECT checkpoint.position, clock_timestamp() - checkpoint.as_of,
       orders.order_id, orders.status, orders.total, orders.currency, orders.line_count, orders.units, orders.placed_at
FROM read.checkpoints AS checkpoint
LEFT JOIN LATERAL (
    SELECT *
    FROM read.customer_orders
    WHERE tenant = $1
      AND customer_id = $2
      AND (placed_at, order_id) < (coalesce($3, 'infinity'), coalesce($4, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
    ORDER BY placed_at DESC, order_id DESC
    LIMIT $5
) AS orders ON true
WHERE checkpoint.projection = 'customer-orders'
ORDER BY orders.placed_at DESC, orders.order_id DESC;
