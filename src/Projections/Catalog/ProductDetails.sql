-- One row per SKU, with its stock. A row may know the stock before the product: the view hides it until then.
CREATE TABLE products (
    tenant              text        NOT NULL,
    sku                 text        NOT NULL,
    name                text,
    description         text,
    brand               text,
    category            text,
    price               numeric,
    currency            text,
    discontinued        boolean     NOT NULL,
    discontinued_reason text,
    registered_at       timestamptz,
    on_hand             integer     NOT NULL,
    reserved            integer     NOT NULL,
    position            bigint      NOT NULL,
    PRIMARY KEY (tenant, sku)
) WITH (fillfactor = 80);

-- publish
DROP VIEW IF EXISTS read.products;
CREATE VIEW read.products AS
SELECT tenant, sku, name, description, brand, category, price, currency, discontinued, discontinued_reason,
       registered_at, on_hand, reserved, on_hand - reserved AS available, position
FROM products
WHERE name IS NOT NULL;
