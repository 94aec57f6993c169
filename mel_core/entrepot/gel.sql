-- nom: portee_mel
-- Grain: one row per count kept when the séance was frozen (mel_core/indicateurs/gel_indicateurs.sql). There is no row of a person here.
create view comptes_parts as from jeu.comptes_parts;
create view comptes_parts_par_fragilite as from jeu.comptes_parts_par_fragilite;
create view comptes_classes as from jeu.comptes_classes;
create view comptes_delais as from jeu.comptes_delais;
create view comptes_stock as from jeu.comptes_stock;
create view comptes_gardes as from jeu.comptes_gardes;

-- nom: flux
create view comptes_flux as from jeu.comptes_flux;

-- nom: a_un_flux
-- Grain: one row. Whether the counts of the gestion en flux were kept: not in a séance frozen before they were counted.
select count(*) > 0 as est_present
from duckdb_tables()
where database_name = 'jeu' and table_name = 'comptes_flux';

-- nom: etendue
create view etendues as select 'attributions' as nom, premiere, derniere from jeu.comptes_etendue;

-- nom: etendue_absente
-- A séance frozen before these days were kept: no row.
create view etendues as select null::text as nom, null::date as premiere, null::date as derniere where false;

-- nom: a_une_etendue
-- Grain: one row. Whether the days between which the bails were held were kept.
select count(*) > 0 as est_presente
from duckdb_tables()
where database_name = 'jeu' and table_name = 'comptes_etendue';
