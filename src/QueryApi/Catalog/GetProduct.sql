-- $1 tenant, $2 SKU. One lookup by the primary key, with the checkpoint of the same snapshot.
SELECT checkpoint.position, clock_timestamp() - checkpoint.as_of,
       product.sku, product.name, product.description, product.brand, product.category, product.price, product.currency,
       product.discontinued, product.on_hand, product.reserved
FROM read.checkpoints AS checkpoint
LEFT JOIN read.products AS product ON product.tenant = $1 AND product.sku = $2
WHERE checkpoint.projection = 'product-details';
