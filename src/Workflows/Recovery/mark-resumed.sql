-- What was under way is taken up; $1 orders.
update recovery.restores set resumed_at = now(), resumed_orders = $1 where resumed_at is null;
