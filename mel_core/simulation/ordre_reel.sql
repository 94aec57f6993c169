-- nom: loges
-- Grain: one row per code of $coupe (commune, bailleur): the bails of the period in ICI $ici (all when null), those whose
-- household has points of the cotation, those of them that have $seuil or more.
select case $coupe when 'commune' then a.commune else a.bailleur end as code,
    count(*) as n_attributions,
    count(d.points) as n_connus,
    count(*) filter (where d.points >= $seuil) as n_en_tete
from attributions_qualifiees a
left join demandes d using (pseudonyme)
where a.date_bail between $debut and $fin and ($ici is null or a.ici = $ici)
group by all
order by all;

-- nom: attente
-- Grain: one row per demande active on $jour that wants a commune of ICI $ici (any when null) and has points.
with perimetre as (
    select list(code_insee) as codes from communes where ici = $ici
)
select d.pseudonyme, d.points
from demandes_actives($jour) d, perimetre p
where d.points is not null and ($ici is null or list_has_any(d.communes_souhaitees, p.codes));
