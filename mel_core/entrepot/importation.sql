-- nom: bailleurs
-- Grain: one row per code. What the store already knows, for references of a load that does not bring the table.
select code_bailleur as code, nom from bailleurs;

-- nom: quartiers
select code_quartier as code from quartiers;

-- nom: residences
select residence as code from residences_situees;

-- nom: bailleurs_portes
-- Grain: one row per known code that a row in place bears, out of the tables $remplacees (never empty): that of a table
-- that comes back is one of them. From the rows as given: those qualified at publication no longer say what was typed.
select distinct code
from (
    select code_bailleur as code from jeu.attributions where not list_contains($remplacees, 'attributions')
    union all select code_bailleur from jeu.residences where not list_contains($remplacees, 'residences')
    union all select code_bailleur from jeu.evenements where not list_contains($remplacees, 'evenements')
) semi join (select code_bailleur as code from bailleurs) using (code)
order by code;

-- nom: quartiers_portes
-- Grain: as `bailleurs_portes`.
select distinct code
from (
    select code_quartier as code from jeu.attributions where not list_contains($remplacees, 'attributions')
    union all select code_quartier from jeu.residences where not list_contains($remplacees, 'residences')
) semi join (select code_quartier as code from quartiers) using (code)
order by code;

-- nom: residences_portes
-- Grain: as `bailleurs_portes`.
select distinct code
from (
    select code_residence as code from jeu.attributions where not list_contains($remplacees, 'attributions')
    union all select code_residence from jeu.evenements where not list_contains($remplacees, 'evenements')
) semi join (select residence as code from residences_situees) using (code)
order by code;

-- nom: tables
select nom as code from tables_chargees;

-- nom: demandes
select pseudonyme as code from demandes;
