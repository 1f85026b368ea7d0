-- What readers may see: the views of schema read, through a role that can select and nothing else. The views run with
-- their owner's rights, so the role needs no right on the tables behind them.
DO $$
BEGIN
    CREATE ROLE cqrs_reader NOLOGIN;
EXCEPTION
    -- A role belongs to the server: another database of it may have made it, before or at this moment.
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

GRANT cqrs_reader TO CURRENT_USER;

CREATE SCHEMA read;
GRANT USAGE ON SCHEMA read TO cqrs_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA read GRANT SELECT ON TABLES TO cqrs_reader;

CREATE VIEW read.checkpoints AS
SELECT projection, version, store, storage, state, position, head, last_event_at, as_of, error
FROM projections.checkpoints
WHERE state = 'live';

CREATE VIEW read.parked AS
SELECT parked.projection, parked.stream, parked.version, parked.position, parked.event_type, parked.error,
       parked.parked_at
FROM projections.parked
JOIN projections.checkpoints USING (projection, build)
WHERE checkpoints.state = 'live';
