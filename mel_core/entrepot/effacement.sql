-- nom: porteuses
-- Grain: one row per table of the snapshot that names people, whatever its format.
select c.table_name as nom
from duckdb_columns() c
join duckdb_tables() t using (database_name, schema_name, table_name)
where c.database_name = 'jeu' and c.column_name = 'pseudonyme';

-- nom: vouloir
create or replace temp table voulus as select unnest($pseudonymes::text[]) as pseudonyme;

-- nom: compter
-- Grain: one row. How many rows of table $table are about the people to erase.
select count(*) as n from query_table($table) where pseudonyme in (from voulus);

-- nom: menages
select distinct pseudonyme from query_table($table) where pseudonyme in (from voulus);

-- nom: garder
-- Grain: the rows of table $table about anybody else, in their order.
select * from query_table($table) where pseudonyme is null or pseudonyme not in (from voulus);

-- nom: pseudonymes
select distinct pseudonyme from query_table($table) where pseudonyme is not null;

-- nom: baux
-- Grain: one row per day on which people to erase signed a bail.
select distinct date_bail from jeu.attributions where pseudonyme in (from voulus);

-- nom: demandes
-- Grain: one row per demande. `est_passee`: struck off on $limite or before (not when nobody knows the day).
select pseudonyme, coalesce(etat <> 'ACTIVE' and date_radiation <= $limite, false) as est_passee from jeu.demandes;
