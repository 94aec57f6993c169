-- nom: gardees
-- Grain: one row per table of counts kept when the séance was frozen (mel_core/indicateurs/comptage.py). There is no
-- row of a person here; an earlier version kept fewer tables.
select table_name as nom
from duckdb_tables()
where database_name = 'jeu' and starts_with(table_name, 'comptes_');

-- nom: etendue
create view etendues as select 'attributions' as nom, premiere, derniere from jeu.comptes_etendue;

-- nom: etendue_absente
-- A séance frozen before these days were kept: no row.
create view etendues as select null::text as nom, null::date as premiere, null::date as derniere where false;
