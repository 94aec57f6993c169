-- nom: bailleurs
-- Grain: one row per bailleur that has a row in $table.
select distinct code_bailleur from query_table($table) where code_bailleur is not null;

-- nom: en_place
-- Grain: one row per row of $table, as it was given.
from query_table($table);
