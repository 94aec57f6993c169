-- nom: colonnes
-- Grain: one row per table that was loaded: its name, the columns that its file had or that were declared
-- (`colonnes_presentes`, list), and what was declared of those (`declarees`, list of « column=what covers it », a column that
-- an older snapshot does not have).
from tables_chargees;

-- nom: annees_connues
-- Grain: one row per year whose first-quartile threshold is known.
select annee from parametres_seuils;
