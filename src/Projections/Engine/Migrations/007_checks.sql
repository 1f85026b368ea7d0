-- Operators may also ask for a comparison with the log.
ALTER TABLE projections.requests
    DROP CONSTRAINT requests_action_check,
    ADD CONSTRAINT requests_action_check CHECK (action IN ('rebuild', 'drop', 'retry', 'skip', 'check')),
    ADD COLUMN sample integer,                               -- of check: how many entities
    ADD COLUMN repair boolean NOT NULL DEFAULT false;        -- of check: whether to set right what differs
