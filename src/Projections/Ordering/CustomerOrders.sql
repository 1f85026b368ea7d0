-- The order history of a customer: a page is one range of the index below, newest first, keyset by (placed_at,
-- order_id).
CREATE TABLE customer_orders (
    tenant      text        NOT NULL,
    order_id    uuid        NOT NULL,
    customer_id text        NOT NULL,
    status      text        NOT NULL,
    total       numeric     NOT NULL,
    currency    text        NOT NULL,
    line_count  integer     NOT NULL,
    units       integer     NOT NULL,
    placed_at   timestamptz NOT NULL,
    position    bigint      NOT NULL,
    PRIMARY KEY (tenant, order_id)
) WITH (fillfactor = 70);

-- A change of status touches no column of it, so it stays a HOT update.
CREATE INDEX customer_orders_newest ON customer_orders (tenant, customer_id, placed_at DESC, order_id DESC);

-- publish
DROP VIEW IF EXISTS read.customer_orders;
CREATE VIEW read.customer_orders AS
SELECT tenant, customer_id, order_id, placed_at, status, total, currency, line_count, units, position
FROM customer_orders;
