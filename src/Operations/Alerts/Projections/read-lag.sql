-- $1 positions that models have reached. Answers each, the log's safe head, and when the first event behind the
-- position was decided (null: there is none). One descent of events_pk each.
with log as materialized (select head from eventstore.read_head())
select reached, log.head,
       (select decided_at from eventstore.events where position > reached and position <= log.head
        order by position limit 1)
from log, unnest($1::bigint[]) as reached
