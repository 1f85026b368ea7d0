-- Full text, trigrams and facets on PostgreSQL, where no Elasticsearch is configured.
CREATE TABLE product_search (
    tenant       text    NOT NULL,
    sku          text    NOT NULL,
    name         text    NOT NULL,
    description  text,
    brand        text,
    category     text    NOT NULL,
    price        numeric NOT NULL,
    currency     text    NOT NULL,
    discontinued boolean NOT NULL,
    position     bigint  NOT NULL,
    document     tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', sku), 'A')
        || setweight(to_tsvector('english', name), 'A')
        || setweight(to_tsvector('english', coalesce(brand, '') || ' ' || category), 'B')
        || setweight(to_tsvector('english', coalesce(description, '')), 'C')) STORED,
    PRIMARY KEY (tenant, sku)
);

CREATE INDEX product_search_document ON product_search USING gin (document);
CREATE INDEX product_search_category ON product_search (tenant, category);
CREATE INDEX product_search_brand ON product_search (tenant, brand);
CREATE INDEX product_search_price ON product_search (tenant, price, sku);
CREATE INDEX product_search_name ON product_search (tenant, lower(name) text_pattern_ops, sku);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
        CREATE INDEX product_search_trigrams ON product_search USING gin (lower(name) gin_trgm_ops);
    END IF;
END
$$;

-- publish
DROP VIEW IF EXISTS read.product_search;
CREATE VIEW read.product_search AS
SELECT tenant, sku, name, description, brand, category, price, currency, discontinued, position, document
FROM product_search;
