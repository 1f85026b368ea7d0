-- $1 instance. A process that stops in good order says so: as many rows as it has models.
DELETE FROM projections.instances WHERE instance = $1
