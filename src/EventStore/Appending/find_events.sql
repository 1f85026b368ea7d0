-- Positions and versions of given events: what a repeated append answered the first time.
-- One descent of events_by_id for each event and partition; only repeated appends ask.
select event_id, stream, position, version
from eventstore.events
where event_id = any ($1);
