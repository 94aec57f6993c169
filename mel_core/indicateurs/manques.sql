-- nom: colonnes
-- Grain: one row per table that was loaded: its name, and the columns that its file had (list).
select nom, colonnes_presentes
from tables_chargees;

-- nom: annees_connues
-- Grain: one row per year whose first-quartile threshold is known.
select annee from parametres_seuils;
