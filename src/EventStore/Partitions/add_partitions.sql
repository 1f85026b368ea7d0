-- Makes partitions until $2 lie ahead, each of $1 positions: see Schema/partitions.sql.
select eventstore.add_partitions($1, $2);
