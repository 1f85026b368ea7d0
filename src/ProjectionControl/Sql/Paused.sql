-- $1 projection (null: all).
SELECT projection FROM projections.paused WHERE $1 IS NULL OR projection = $1
