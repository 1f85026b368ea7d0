-- Seven rows, once a second per process. The age is the database's own: no clock of another machine comes in.
SELECT projection, storage, position, clock_timestamp() - as_of
FROM read.checkpoints;
