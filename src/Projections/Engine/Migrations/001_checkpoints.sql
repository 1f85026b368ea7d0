-- The engine's own tables. A read model is filled by a "build": one filling of one version of a projection, in storage
-- of its own (a schema, a key prefix, an index). Readers see the live build only, through schema read.
CREATE TABLE projections.checkpoints (
    projection    text        NOT NULL,
    build         integer     NOT NULL,
    version       integer     NOT NULL,              -- of the declaration in the code
    fingerprint   text        NOT NULL,              -- of the declaration: a change without a new version is refused
    store         text        NOT NULL,              -- postgres, redis, elasticsearch
    storage       text        NOT NULL,              -- schema, key prefix or index
    state         text        NOT NULL CHECK (state IN ('building', 'live', 'retired')),
    position      bigint      NOT NULL DEFAULT 0,    -- every event up to here is in the model
    head          bigint      NOT NULL DEFAULT 0,    -- the log's last position, as last seen
    last_event_at timestamptz,                       -- when the last event in the model was decided
    as_of         timestamptz,                       -- the model held all that the log held at this time
    error         text,                              -- what stops it at the moment; null while it runs
    writer        text,                              -- the instance that fills it
    PRIMARY KEY (projection, build)
) WITH (fillfactor = 50);                            -- every advance is a HOT update: no index entry, no bloat

CREATE UNIQUE INDEX checkpoints_one_live ON projections.checkpoints (projection) WHERE state = 'live';

CREATE TABLE projections.parked (
    projection text        NOT NULL,
    build      integer     NOT NULL,
    stream     text        NOT NULL,
    version    bigint      NOT NULL,                 -- the event in its stream that could not be applied
    position   bigint      NOT NULL,
    event_id   uuid        NOT NULL,
    event_type text        NOT NULL,
    error      text        NOT NULL,
    parked_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (projection, build, stream),
    FOREIGN KEY (projection, build) REFERENCES projections.checkpoints ON DELETE CASCADE
);
