-- Which files have been applied. Run under the lock, so "if not exists" is safe.
CREATE SCHEMA IF NOT EXISTS projections;

CREATE TABLE IF NOT EXISTS projections.migrations (
    file       text        PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);
