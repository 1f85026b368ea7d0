-- $1 tenant, $2 SKU. Stock as the product page shows it, for while Redis is away. One lookup by the primary key.
SELECT checkpoint.position, clock_timestamp() - checkpoint.as_of,
       product.sku, product.on_hand, product.reserved, product.available
FROM read.checkpoints AS checkpoint
LEFT JOIN read.products AS product ON product.tenant = $1 AND product.sku = $2
WHERE checkpoint.projection = 'product-details';
