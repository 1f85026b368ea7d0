-- The highest position that any build of a projection has reached or heard of. A handful of rows.
select coalesce(max(greatest(position, head, seen)), 0) from projections.checkpoints;
