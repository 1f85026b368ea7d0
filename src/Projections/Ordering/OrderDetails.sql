-- One row per order with all that its page shows: a page is one primary key lookup.
CREATE TABLE orders (
    tenant          text        NOT NULL,
    order_id        uuid        NOT NULL,
    customer_id     text        NOT NULL,
    status          text        NOT NULL,   -- placed, confirmed, shipped, completed, canceled
    reason          text,                   -- why it is canceled, or asked to be
    lines           jsonb       NOT NULL,   -- [{ sku, name, category, quantity, unitPrice: { amount, currency } }]
    total           numeric     NOT NULL,
    currency        text        NOT NULL,
    address         jsonb       NOT NULL,   -- { name, line1, line2, city, postalCode, country }
    tracking_number text,
    history         jsonb       NOT NULL,   -- [{ step, at, detail }], oldest first
    placed_at       timestamptz NOT NULL,
    position        bigint      NOT NULL,
    PRIMARY KEY (tenant, order_id)
) WITH (fillfactor = 70);

-- publish
DROP VIEW IF EXISTS read.orders;
CREATE VIEW read.orders AS
SELECT tenant, order_id, customer_id, status, reason, lines, total, currency, address, tracking_number, history,
       placed_at, position
FROM orders;
