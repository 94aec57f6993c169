-- nom: attributions
-- Grain: one row when the attributions were loaded: what was declared of their columns (`declarees`, list of « column=what
-- covers it », a column that an older snapshot does not have).
from tables_chargees where nom = 'attributions';

-- nom: annees_connues
-- Grain: one row per year whose first-quartile threshold is known.
select annee from parametres_seuils;
