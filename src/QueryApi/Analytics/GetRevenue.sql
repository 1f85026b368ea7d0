-- $1 tenant, $2 grouping, $3 and $4 first and last day. One range of the key (tenant, grouping, day, key, currency).
SELECT checkpoint.position, clock_timestamp() - checkpoint.as_of,
       revenue.key, revenue.orders, revenue.amount, revenue.currency
FROM read.checkpoints AS checkpoint
LEFT JOIN LATERAL (
    SELECT key, sum(orders)::bigint AS orders, sum(amount) AS amount, currency
    FROM read.revenue
    WHERE tenant = $1 AND "grouping" = $2 AND day BETWEEN $3 AND $4
    GROUP BY key, currency
) AS revenue ON true
WHERE checkpoint.projection = 'revenue'
ORDER BY revenue.key, revenue.currency;
