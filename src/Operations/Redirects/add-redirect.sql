-- $1 id, $2 from, $3 to
insert into operations.redirects (id, from_address, to_address)
values ($1, $2, $3)
on conflict (id) do nothing
