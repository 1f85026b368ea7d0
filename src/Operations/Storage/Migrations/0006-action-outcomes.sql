-- What became of what an operator asked for. done: recorded in the transaction that did it, or when it was done;
-- asked: what became of it is not known (yet); waiting: it goes on; refused: by a rule, a role or a limit; failed: a
-- server was in the way. detail: in words, where there is more to say.
alter table operations.actions
    add column outcome text not null default 'done'
        check (outcome in ('done', 'asked', 'waiting', 'refused', 'failed')),
    add column detail text;
