-- Writes a batch of appends: see Schema/append.sql.
select positions, versions, repeated, conflicting_streams, actual_versions, failed_conditions, offending_positions,
       taken_keys, key_holders
from eventstore.append(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
    $26, $27, $28);
