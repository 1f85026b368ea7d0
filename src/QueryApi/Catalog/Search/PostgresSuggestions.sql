-- $1 tenant, $2 a regular expression per word typed, $3 LIKE pattern of the whole text, $4 rows.
-- Words by the trigram index on the name, the SKU by a scan of the tenant's key. Names that begin with the text first.
SELECT checkpoint.position, clock_timestamp() - checkpoint.as_of,
       product.sku, product.name
FROM read.checkpoints AS checkpoint
LEFT JOIN LATERAL (
    SELECT sku, name, lower(name) LIKE $3 AS first
    FROM read.product_search
    WHERE tenant = $1
      AND NOT discontinued
      AND ((cardinality($2) > 0 AND lower(name) ~ ALL ($2)) OR lower(sku) LIKE $3)
    ORDER BY first DESC, lower(name) COLLATE "C", sku COLLATE "C"
    LIMIT $4
) AS product ON true
WHERE checkpoint.projection = 'product-search'
ORDER BY product.first DESC, lower(product.name) COLLATE "C", product.sku COLLATE "C";
