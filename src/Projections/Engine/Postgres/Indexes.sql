-- $1 table. Its constraints with an index and its other indexes: how each is dropped and made, and the columns it is made
-- of. A handful of rows of the system catalogs.
SELECT coalesce(
           'ALTER TABLE ' || x.indrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(c.conname),
           'DROP INDEX ' || x.indexrelid::regclass),
       coalesce(
           'ALTER TABLE ' || x.indrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(c.conname) || ' '
               || pg_get_constraintdef(c.oid),
           pg_get_indexdef(x.indexrelid)),
       ARRAY(
           SELECT quote_ident(a.attname) FROM pg_attribute AS a
           WHERE a.attrelid = x.indrelid AND a.attnum = ANY (x.indkey))
FROM pg_index AS x
LEFT JOIN pg_constraint AS c ON c.conindid = x.indexrelid AND c.conrelid = x.indrelid
WHERE x.indrelid = $1::regclass
