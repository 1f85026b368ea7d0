-- $1 endpoint, null for all
-- How many messages are kept: handled ones from their counts, of which there are few; failed ones one by one.
select (select count(*)
        from operations.failed_messages m
        where not m.is_system and ($1::text is null or m.receiving_name = $1)),
       (select coalesce(sum(count), 0)::bigint
        from operations.audit_counts
        where not is_system and ($1::text is null or endpoint = $1))
