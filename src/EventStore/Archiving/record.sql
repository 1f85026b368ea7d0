-- Says that a partition is archived: from here on readers are told so.
insert into eventstore.archives (
    from_position, to_position, first_position, last_position, events, sha256, directory, archived_by)
values ($1, $2, $3, $4, $5, $6, $7, $8);
