-- Page, total and facets of a search, one row.
-- $1 tenant, $2 words, $3 how many of them must match, $4 the whole text, $5 category, $6 brand, $7 and $8 lowest and
-- highest price, $9 sort, $10 to $12 sort key of the last product seen, $13 rows, $14 where the price ranges begin.
--
-- Each word finds its products by index: document (GIN), name (trigrams), brand and category (B-tree). The matches are
-- counted for the facets, so the cost grows with them: some 10 µs each. Without words they are the whole catalog.
WITH words AS MATERIALIZED (
    -- A word, its stem, and the brands and categories that are spelled nearly so.
    SELECT word,
           plainto_tsquery('english', word) || plainto_tsquery('simple', word) AS stems,
           length(word) > 3 AS may_be_misspelled,
           ARRAY(
               SELECT brand
               FROM (SELECT DISTINCT brand FROM read.product_search WHERE tenant = $1) AS brands
               WHERE length(word) > 3 AND strict_word_similarity(word, lower(brand)) > 0.42) AS brands,
           ARRAY(
               SELECT category
               FROM (SELECT DISTINCT category FROM read.product_search WHERE tenant = $1) AS categories
               WHERE length(word) > 3 AND strict_word_similarity(word, lower(category)) > 0.42) AS categories
    FROM unnest($2) AS word
), scored AS (
    -- How well a product matches a word: in its name best, then brand, category, description; misspelled, less.
    SELECT product.sku, product.name,
           greatest(
               ts_rank('{0, 0.1, 0.5, 1}', product.document, words.stems)
                   + CASE WHEN to_tsvector('english', product.brand) @@ words.stems THEN 0.05 ELSE 0 END,
               CASE WHEN words.may_be_misspelled
                   THEN 0.4 * strict_word_similarity(words.word, lower(product.name)) ELSE 0 END,
               CASE WHEN product.brand = ANY (words.brands) THEN 0.2 ELSE 0 END,
               CASE WHEN product.category = ANY (words.categories) THEN 0.15 ELSE 0 END) AS score
    FROM words
    JOIN read.product_search AS product
      ON product.tenant = $1
     AND (product.document @@ words.stems
          OR (words.may_be_misspelled AND lower(product.name) %>> words.word)
          OR product.brand = ANY (words.brands)
          OR product.category = ANY (words.categories))
    WHERE NOT product.discontinued
), matching AS (
    SELECT sku, max(score) AS score
    FROM (
        SELECT sku, sum(score) + 0.5 * similarity(lower(min(name)), $4) AS score
        FROM scored
        GROUP BY sku
        HAVING count(*) >= $3
        UNION ALL
        SELECT sku, 10
        FROM read.product_search
        WHERE tenant = $1 AND sku IN ($4, upper($4)) AND NOT discontinued
        UNION ALL
        SELECT sku, 0
        FROM read.product_search
        WHERE tenant = $1 AND cardinality($2) = 0 AND NOT discontinued
    ) AS ways
    GROUP BY sku
), products AS MATERIALIZED (
    -- With the verdict of each filter, as each facet leaves its own out.
    SELECT product.sku, product.name, product.brand, product.category, product.price, product.currency,
           CASE $9
               WHEN 'relevance' THEN -round(matching.score::numeric, 6)
               WHEN 'price' THEN product.price
               WHEN '-price' THEN -product.price
               ELSE 0
           END AS number,
           CASE WHEN $9 IN ('name', 'relevance') THEN lower(product.name) ELSE '' END COLLATE "C" AS word,
           ($5 IS NULL OR product.category = $5) AS in_category,
           ($6 IS NULL OR product.brand IS NOT DISTINCT FROM $6) AS in_brand,
           (product.price BETWEEN coalesce($7, '-infinity') AND coalesce($8, 'infinity')) AS in_price
    FROM matching
    JOIN read.product_search AS product ON product.tenant = $1 AND product.sku = matching.sku
), page AS (
    SELECT sku, name, brand, category, price, currency, number, word
    FROM products
    WHERE in_category AND in_brand AND in_price
      AND ($12 IS NULL OR (number, word, sku COLLATE "C") > ($10, $11, $12))
    ORDER BY number, word, sku COLLATE "C"
    LIMIT $13
)
SELECT checkpoint.position, clock_timestamp() - checkpoint.as_of,
       (SELECT count(*) FROM products WHERE in_category AND in_brand AND in_price),
       (SELECT coalesce(jsonb_agg(page ORDER BY number, word, sku COLLATE "C"), '[]') FROM page),
       (SELECT coalesce(jsonb_agg(facet), '[]')
        FROM (SELECT category AS value, count(*) FROM products WHERE in_brand AND in_price
              GROUP BY category ORDER BY count(*) DESC, category COLLATE "C" LIMIT 100) AS facet),
       (SELECT coalesce(jsonb_agg(facet), '[]')
        FROM (SELECT brand AS value, count(*) FROM products WHERE in_category AND in_price AND brand IS NOT NULL
              GROUP BY brand ORDER BY count(*) DESC, brand COLLATE "C" LIMIT 100) AS facet),
       (SELECT coalesce(jsonb_agg(facet), '[]')
        FROM (SELECT width_bucket(price, $14) AS range, count(*) FROM products WHERE in_category AND in_brand
              GROUP BY range ORDER BY range) AS facet)
FROM read.checkpoints AS checkpoint
WHERE checkpoint.projection = 'product-search';
