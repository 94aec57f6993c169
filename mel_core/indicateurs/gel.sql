-- nom: gardes
-- Grain: one row per set of cuts whose counts were kept for the period. A cell without a row then means 0.
select coupes
from comptes_gardes
where debut = $debut and fin = $fin;

-- nom: bloc_garde
-- Grain: one row when counts of the block $bloc were kept, else none: the séance was frozen before they were counted.
select view_name from duckdb_views() where view_name = 'comptes_' || $bloc;

-- nom: bailleur_porte
-- Grain: one row when counts were kept of $bailleur, else none.
select bailleur from comptes_parts where bailleur = $bailleur limit 1;

-- nom: parts
-- Grain: that of the block of the same name of comptes.sql, filters being one more cut; a cut that is not in $coupes is null.
select * exclude (debut, fin, coupes, valeur, population)
from comptes_parts
where debut = $debut and fin = $fin and coupes = $coupes and valeur = $valeur and population = $population;

-- nom: parts_par_fragilite
select * exclude (debut, fin, coupes, valeur, population)
from comptes_parts_par_fragilite
where debut = $debut and fin = $fin and coupes = $coupes and valeur = $valeur and population = $population;

-- nom: classes
select * exclude (debut, fin, coupes)
from comptes_classes
where debut = $debut and fin = $fin and coupes = $coupes;

-- nom: delais
select * exclude (debut, fin, coupes)
from comptes_delais
where debut = $debut and fin = $fin and coupes = $coupes;

-- nom: flux
select * exclude (debut, fin, coupes)
from comptes_flux
where debut = $debut and fin = $fin and coupes = $coupes;

-- nom: stock
select * exclude (debut, fin, coupes)
from comptes_stock
where debut = $debut and fin = $fin and coupes = $coupes;
