-- $1 severity, $2 category, $3 type, $4 description, $5 related to
insert into operations.event_log (severity, category, event_type, description, related_to)
values ($1, $2, $3, $4, $5)
