-- nom: bailleurs
-- Grain: one row per code. What the store already knows, for references of a load that does not bring the table.
select code_bailleur as code, nom from bailleurs;

-- nom: quartiers
select code_quartier as code from quartiers;

-- nom: residences
-- Grain: one row per résidence, and what tells it from the others.
select residence as code, bailleur, nullif(commune, 'inconnu') as commune, nom, nullif(quartier, 'inconnu') as quartier
from residences_situees;

-- nom: portes
-- Grain: one row per value of the column $colonnes (one name) that a row of $table bears. From the rows as given: those
-- qualified at publication no longer say what was typed.
select distinct columns($colonnes) as code from query_table($table);

-- nom: tables
select nom as code from tables_chargees;

-- nom: demandes
select pseudonyme as code from demandes;

-- nom: residences_chargees
-- Grain: one row when the résidences were loaded: the numbers that were learnt of them are in `declarees`.
from tables_chargees where nom = 'residences';
