-- Writes one plain append: to one stream, without tags, keys and conditions. It costs much less than eventstore.append,
-- which does the same for any appends, and knows what to answer where this one finds something in its way.
--
-- Parameters
--   $1   the stream
--   $2   the version it must have; 0: it must be new; -1 any, -2 at least one event
--   $3   ids of the events; the first is that of the append
--   $4   their types, $5 their schema versions, $6 their data
--   $7   the command, $8 the tenant, $9 the time, $10 correlation, $11 causation, $12 user, $13 trace: the same for all
--   $14  milliseconds to wait for a lock (55P03 behind it), for a statement that is a transaction of its own;
--        null in a transaction of the caller's: waits as the session does
--
-- Result
--   the positions of the events, and the stream's version behind them; nulls where nothing was written, for whatever
--   reason
--
-- Locks as append.sql: the stream, then the announcement of the positions about to be drawn (read_head.sql), which
-- "announced" takes when it is asked for its row, so behind the lock of the stream and before the positions are drawn.
-- Cost: one statement; per event one heap insert and four index inserts; for a new stream an insert, for others the cost
-- of move_stream.sql.
with patience as materialized (
    select case when $14 is not null then set_config('lock_timeout', $14::text, true) end),
created as (
    insert into eventstore.streams as s (stream, version, above)
    select $1, cardinality($3), last_value from eventstore.positions, patience where $2 = 0
    on conflict (stream) do nothing
    returning s.id, s.version),
locked as (
    select id, version from created
    union all
    select stream_id, moved_to from patience, eventstore.move_stream($1, $2, cardinality($3), ($3)[1]) where $2 <> 0),
announced as materialized (
    select id, version - cardinality($3) as before,
        (select pg_advisory_xact_lock_shared((x'4556'::bigint << 48) | last_value) from eventstore.positions)
    from locked where id is not null),
written as (
    insert into eventstore.events as e (
        position, stream_id, version, decided_at, event_id, command_id, schema_version, stream, type, tenant,
        correlation_id, causation_id, user_name, trace_parent, data)
    select
        nextval('eventstore.positions'), id, before + n, $9, event_id, $7, schema_version, $1, type, $8,
        $10, $11, $12, $13, data
    from announced, unnest($3, $4, $5, $6) with ordinality as given (event_id, type, schema_version, data, n)
    returning e.position, e.version)
select
    array_agg(position),
    max(version),
    -- Remembered until the transaction ends or a savepoint is rolled back: see append.sql, step 9.
    case when $14 is null and count(*) > 0 then set_config(
        'eventstore.appended',
        concat_ws(' ', nullif(current_setting('eventstore.appended', true), ''), ($3)[1]::text),
        true) end
from written;
