-- Ends another connection of this role with its transaction.
select pg_terminate_backend($1)
