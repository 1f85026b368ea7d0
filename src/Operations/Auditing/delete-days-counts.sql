-- $1 day whose messages are gone. Primary key's prefix.
delete from operations.audit_counts where day = $1
