-- nom: bailleurs
-- Grain: one row per code. What the store already knows, for references of a load that does not bring the table.
select code_bailleur as code from bailleurs;

-- nom: quartiers
select code_quartier as code from quartiers;

-- nom: residences
select residence as code from residences_situees;

-- nom: tables
select nom as code from tables_chargees;

-- nom: demandes
select pseudonyme as code from demandes;
