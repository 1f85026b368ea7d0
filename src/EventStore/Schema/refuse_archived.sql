-- eventstore.refuse_archived: ends the statement with EA001. Called where a reader would silently miss what is archived.
--
-- Arguments
--   after   the position that somebody wanted to go on behind
create or replace function eventstore.refuse_archived(after bigint) returns bool
language plpgsql stable as
$$
begin
    raise exception using
        errcode = 'EA001',
        message = format(
            'the events up to position %s are archived: nothing can be said about what lies behind position %s',
            (select max(last_position) from eventstore.archives), after),
        hint = 'cqrs event-store restore';
end;
$$;
