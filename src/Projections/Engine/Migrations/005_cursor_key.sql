-- The key that the query API signs its cursors with, made once: the same for all its instances and after every restart.
-- Two random UUIDs are 244 random bits.
CREATE TABLE projections.cursor_key (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    key    bytea   NOT NULL DEFAULT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
);

INSERT INTO projections.cursor_key DEFAULT VALUES;

CREATE VIEW read.cursor_key AS
SELECT key
FROM projections.cursor_key;
