-- All redirects; there are few.
select id, from_address, to_address, modified_at
from operations.redirects
order by from_address
