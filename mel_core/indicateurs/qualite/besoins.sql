-- nom: remplies
-- Grain: one row. n: rows of $table; n_remplies: those where at least one of $colonnes is not empty. 0 is none.
select count(*) as n, count(coalesce(*columns(*))) as n_remplies
from (select columns($colonnes)::varchar from query_table($table));

-- nom: annees_des_baux
-- Grain: one row per year in which bails were signed (`annee`), the first one first; `est_connue`: whether its
-- first-quartile threshold is.
select distinct year(date_bail) as annee, annee in (select s.annee from parametres_seuils s) as est_connue
from attributions_qualifiees
order by annee;

-- nom: objectifs
-- Grain: one row per indicator that has a target, of the whole or of a place.
select distinct indicateur from parametres_cibles;
