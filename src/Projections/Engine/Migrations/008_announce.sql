-- Tells where the checkpoint of a live build is, on one channel: nobody listens under its first name any more. In
-- PL/pgSQL, which keeps its plans; a function of language sql was planned for each call.
CREATE OR REPLACE FUNCTION projections.announce(of_projection text, at_position bigint)
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM pg_notify('readmodels_checkpoints', of_projection || ':' || at_position);
END
$$;
