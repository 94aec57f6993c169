-- nom: en_place
-- Grain: one row per table that the store holds: how many rows.
select nom as "table", n from tables_chargees;

-- nom: bailleurs
-- Grain: one row per table that names its bailleur and per bailleur that has a row in it.
select 'bailleurs' as "table", code_bailleur from jeu.bailleurs
union select 'residences', code_bailleur from jeu.residences
union select 'evenements', code_bailleur from jeu.evenements where code_bailleur is not null
union select 'attributions', code_bailleur from jeu.attributions;

-- nom: residences
-- Grain: one row per row in place, as it was given.
from jeu.residences;

-- nom: evenements
-- Grain: as `residences`.
from jeu.evenements;

-- nom: attributions
-- Grain: as `residences`.
from jeu.attributions;
