-- nom: besoins_des_mutations
-- Grain: one row per quoi × typologie that occurs: `souhaits` (demandes de mutation active on $jour, counted in each
-- typologie that they want, `inconnu` without any), `besoins` (the same, by one room a person; `inconnu` without a size),
-- `obtenus` (mutations signed in the period), `statuts` (`mutation`, `autre`, `inconnu`: whose housing is not said). Of ICI
-- $ici (all when null): demandes that want one of its communes, bails signed there.
with perimetre as (
    select list(code_insee) as codes from communes where ici = $ici
),
demandeurs as (
    select d.typologies, d.n_personnes,
        case when statut_logement is null then 'inconnu' when statut_logement = 'HLM' then 'mutation' else 'autre' end as statut
    from demandes_actives($jour) d, perimetre p
    where $ici is null or list_has_any(d.communes_souhaitees, p.codes)
),
dits as (
    select 'statuts' as quoi, statut as typologie from demandeurs
    union all
    select 'souhaits', unnest(case when len(typologies) > 0 then list_distinct(typologies) else ['inconnu'] end)
    from demandeurs
    where statut = 'mutation'
    union all
    select 'besoins', case when n_personnes >= 6 then 'T6P' when n_personnes >= 1 then 'T' || n_personnes else 'inconnu' end
    from demandeurs
    where statut = 'mutation'
    union all
    select 'obtenus', typologie
    from attributions_qualifiees
    where mutation = 'mutation' and date_bail between $debut and $jour and ($ici is null or ici = $ici)
)
select quoi, typologie, count(*) as n
from dits
group by all
order by all;

-- nom: plafonds_plus
-- Grain: one row per category of household: the PLUS ceiling of the year of $jour, and what each person over six adds to it
-- in category 6 (euros). No row for a year without an official ceiling.
select categorie, plafond_eur, supplement_eur
from parametres_plafonds
where annee = year($jour)
order by categorie;

-- nom: menages_par_plafond
-- Grain: one row per rank of the ceilings: 1, the income is at most the first one (PLAI), 2 and 3 the next ones (PLUS, PLS),
-- 4 above; 0 unknown. Demandes active on $jour that want a commune of ICI $ici (all when null). Ceilings are in
-- hundred-millionths of a euro, one more than the last income that they let in (see `rang_ressources`).
with perimetre as (
    select list(code_insee) as codes from communes where ici = $ici
)
select rang_ressources(
        d.revenu_entier, d.categorie, d.n_supplementaires, $plai, $plus, $pls, $plai_sup, $plus_sup, $pls_sup
    ) as rang,
    count(*) as n
from demandes_actives($jour) d, perimetre p
where $ici is null or list_has_any(d.communes_souhaitees, p.codes)
group by all
order by all;

-- nom: attributions_par_produit
-- Grain: one row per financement (`inconnu` when not said) of the bails signed in the period in ICI $ici (all when null).
select financement as produit, count(*) as n
from attributions_qualifiees
where date_bail between $debut and $jour and ($ici is null or ici = $ici)
group by all
order by all;

-- nom: parc_par_produit
-- Grain: one row per financement (`inconnu` when not said) of the résidences of ICI $ici (all when null): n dwellings.
select coalesce(financement_donne, 'inconnu') as produit, sum(n_logements)::bigint as n
from residences_situees
where $ici is null or ici = $ici
group by all
order by all;
