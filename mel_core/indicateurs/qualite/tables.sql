-- nom: chargees
-- Grain: one row per table that was loaded: its name, its rows, and the columns that its file had (list).
select nom, n, colonnes_presentes
from tables_chargees;
