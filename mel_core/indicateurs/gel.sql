-- nom: gardes
-- Grain: one row per set of cuts whose counts by the block $bloc (a séance frozen before `bloc` was told: by any) were kept
-- for the period. A cell without a row then means 0. None when the séance was frozen before the block was counted.
select columns('^(bloc|coupes)$')
from comptes_gardes
where debut = $debut and fin = $fin
    and exists (select 1 from duckdb_views() where view_name = 'comptes_' || $bloc);

-- nom: comptes
-- Grain: that of the block $bloc of comptes.sql, filters being one more cut; a cut that is not in $coupes is null.
select * exclude (debut, fin, coupes)
from query_table('comptes_' || $bloc)
where debut = $debut and fin = $fin and coupes = $coupes;

-- nom: bailleur_porte
-- Grain: one row when counts were kept of $bailleur, else none.
select bailleur from comptes_parts where bailleur = $bailleur limit 1;
