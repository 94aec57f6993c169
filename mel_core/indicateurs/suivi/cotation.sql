-- nom: points
-- Grain: one row per quoi × points of the cotation (null: not said), n of them: `attribue`, the bails of the period in ICI
-- $ici (all when null), by the points of the demande of their household; `attente`, the demandes active on $jour that want one
-- of its communes.
with perimetre as (
    select list(code_insee) as codes from communes where ici = $ici
)
select 'attribue' as quoi, d.points, count(*) as n
from attributions_qualifiees a
left join demandes d using (pseudonyme)
where a.date_bail between $debut and $jour and ($ici is null or a.ici = $ici)
group by all
union all
select 'attente', d.points, count(*)
from demandes_actives($jour) d, perimetre p
where $ici is null or list_has_any(d.communes_souhaitees, p.codes)
group by all
order by all;
