-- Orders under way, until they complete or are canceled: what they will add to the figures.
CREATE TABLE open_orders (
    tenant     text    NOT NULL,
    order_id   uuid    NOT NULL,
    country    text    NOT NULL,
    currency   text    NOT NULL,
    total      numeric NOT NULL,
    categories jsonb   NOT NULL,   -- { "Footwear": 12.50 }
    position   bigint  NOT NULL,
    PRIMARY KEY (tenant, order_id)
);

-- Completed orders by day of completion (UTC), once for each grouping. An order has one day and one country and counts
-- once in each of its categories, so summing rows of one grouping over days never counts an order twice.
CREATE TABLE revenue (
    tenant     text    NOT NULL,
    "grouping" text    NOT NULL,   -- day, category, country
    day        date    NOT NULL,
    key        text    NOT NULL,   -- 2010-12-01, Footwear, United Kingdom
    currency   text    NOT NULL,
    orders     bigint  NOT NULL,
    amount     numeric NOT NULL,
    PRIMARY KEY (tenant, "grouping", day, key, currency)
) WITH (fillfactor = 70);

-- publish
DROP VIEW IF EXISTS read.revenue;
CREATE VIEW read.revenue AS
SELECT tenant, "grouping", day, key, currency, orders, amount
FROM revenue;
