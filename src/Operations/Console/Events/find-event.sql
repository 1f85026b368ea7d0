-- $1 position. By primary key.
select e.position, e.stream, e.version, e.type, e.schema_version, e.tenant, e.decided_at,
       e.event_id, e.command_id, e.correlation_id, e.causation_id, e.user_name, e.trace_parent, e.tags,
       e.data
from eventstore.events as e
where e.position = $1
