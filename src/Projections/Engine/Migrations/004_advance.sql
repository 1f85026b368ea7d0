-- Moves a checkpoint and tells the world. Raises CQ001 where the checkpoint is not where the writer left it: another
-- writer has moved it, and the transaction with this writer's data must not commit.
CREATE FUNCTION projections.advance(
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
    WHERE projection = of_projection AND build = of_build AND position = from_position
    RETURNING state INTO now_state;

    IF NOT FOUND THEN
        RAISE EXCEPTION 'the checkpoint of % (build %) is not at % any more', of_projection, of_build, from_position
            USING ERRCODE = 'CQ001', HINT = 'another instance has taken the projection over';
    END IF;

    IF now_state = 'live' THEN
        PERFORM pg_notify('projection_checkpoints', of_projection || ':' || to_position);
    END IF;
END
$$;
