-- What operators ask for, and what they are shown. Everything goes through these tables and a notification, so it works
-- with any number of instances, and none need be reachable.
ALTER TABLE projections.checkpoints
    ADD COLUMN started_at    timestamptz NOT NULL DEFAULT now(), -- when the build was made
    ADD COLUMN from_position bigint      NOT NULL DEFAULT 0,     -- it holds what happened behind this position
    ADD COLUMN seen          bigint      NOT NULL DEFAULT 0,     -- a rebuild has read up to here; saved is position
    ADD COLUMN rate          double precision;                   -- positions per second that a rebuild gets through

-- A row here: the projection's builds stand still until it is gone.
CREATE TABLE projections.paused (
    projection text        PRIMARY KEY,
    paused_by  text        NOT NULL,
    paused_at  timestamptz NOT NULL DEFAULT now()
);

-- Work for whichever instance fills the projection.
CREATE TABLE projections.requests (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    projection    text        NOT NULL,
    action        text        NOT NULL CHECK (action IN ('rebuild', 'drop', 'retry', 'skip')),
    build         integer,                           -- of drop; null: every one that is not live
    from_position bigint,                            -- of rebuild
    stream        text,                              -- of retry and skip; null: every parked stream
    requested_by  text        NOT NULL,
    requested_at  timestamptz NOT NULL DEFAULT now(),
    done_at       timestamptz,
    failed        boolean     NOT NULL DEFAULT false,
    outcome       text,                              -- in words, once it is done
    instance      text                               -- which did it
);

CREATE INDEX requests_open ON projections.requests (projection, id) WHERE done_at IS NULL;

-- Which processes there are to do the work. A row that was not renewed for ten seconds is of a process that is gone.
CREATE TABLE projections.instances (
    projection  text        NOT NULL,
    instance    text        NOT NULL,
    version     integer     NOT NULL,
    fingerprint text        NOT NULL,
    fills       boolean     NOT NULL,                -- false: it stands by
    seen_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (projection, instance)
);

-- Events that an operator decided to leave out, for every build of that version: kept, so that it can be told later.
CREATE TABLE projections.skipped (
    projection     text        NOT NULL,
    version        integer     NOT NULL,             -- of the declaration
    stream         text        NOT NULL,
    stream_version bigint      NOT NULL,
    position       bigint      NOT NULL,
    event_id       uuid        NOT NULL,
    event_type     text        NOT NULL,
    error          text        NOT NULL,
    skipped_by     text        NOT NULL,
    skipped_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (projection, version, position)
);

-- Moves a checkpoint and tells the world, once per batch. Raises CQ001 where the checkpoint is not where the writer left
-- it, CQ002 where the build was retired meanwhile: the transaction with this writer's data must not commit.
-- Channels: readmodels_checkpoints and, under its first name, projection_checkpoints.
CREATE OR REPLACE FUNCTION projections.advance(
    of_projection text,
    of_build      integer,
    from_position bigint,
    to_position   bigint,
    new_head      bigint,
    event_at      timestamptz,
    complete_at   timestamptz)
RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    now_state text;
BEGIN
    UPDATE projections.checkpoints
    SET position = to_position,
        head = greatest(head, new_head, to_position),
        last_event_at = coalesce(event_at, last_event_at),
        as_of = greatest(as_of, complete_at),
        error = NULL
    WHERE projection = of_projection AND build = of_build AND position = advance.from_position
    RETURNING state INTO now_state;

    IF NOT FOUND THEN
        RAISE EXCEPTION 'the checkpoint of % (build %) is not at % any more', of_projection, of_build, from_position
            USING ERRCODE = 'CQ001', HINT = 'another instance has taken the projection over';
    END IF;

    IF now_state = 'retired' THEN
        RAISE EXCEPTION 'build % of % was retired: another took its place', of_build, of_projection
            USING ERRCODE = 'CQ002';
    END IF;

    IF now_state = 'live' THEN
        PERFORM projections.announce(of_projection, to_position);
    END IF;
END
$$;

CREATE FUNCTION projections.announce(of_projection text, at_position bigint)
RETURNS void
LANGUAGE sql
AS $$
    SELECT pg_notify('readmodels_checkpoints', of_projection || ':' || at_position),
           pg_notify('projection_checkpoints', of_projection || ':' || at_position);
$$;
