-- nom: passages
-- Grain: one row per commune × bailleur × residence × typologie (`inconnu` when not said) with at least one passage in
-- commission of the period whose commune is known. rang_1: first ranks; rang_1_refuses: those that the household refused;
-- decisions: passages whose decision is known; non_attribues: those decided NON_ATTRIBUE.
select ici, commune, bailleur, residence, typologie,
    count(*) filter (where est_rang_1) as rang_1,
    count(*) filter (where est_rang_1 and est_refuse) as rang_1_refuses,
    count(decision) as decisions,
    count(*) filter (where decision = 'NON_ATTRIBUE') as non_attribues
from passages_situes($debut, $fin)
where ici <> 'inconnu'
group by all
order by all;

-- nom: stock
-- Grain: one row per résidence of a known commune whose vacant dwellings are counted. A résidence of the renewal programme
-- is emptied on purpose: left out.
select ici, commune, bailleur, residence, 'inconnu' as typologie,
    n_logements as logements,
    least(n_vacants, n_logements) as vacants
from residences_situees
where ici <> 'inconnu' and n_vacants is not null and not coalesce(npru, false)
order by residence;

-- nom: tension
-- Grain: one row per commune × typologie of a known ICI that is wanted or let. demandes: active demandes that want it (one
-- counts in each commune and typologie that it wants); attributions: leases signed in the period.
with voulues as (
    select list_distinct(communes_souhaitees) as communes, list_distinct(typologies) as types
    from demandes_actives($fin)
),
par_typologie as (
    select communes, unnest(types) as typologie from voulues
),
souhaits as (
    select unnest(communes) as commune, typologie from par_typologie
),
offre as (
    select commune, typologie, 0 as demandes, 1 as attributions
    from attributions_qualifiees
    where date_bail between $debut and $fin and typologie <> 'inconnu'
),
ensemble as (
    select commune, typologie, 1 as demandes, 0 as attributions from souhaits
    union all
    from offre
)
select c.ici, e.commune, 'inconnu' as bailleur, 'inconnu' as residence, e.typologie,
    sum(demandes)::bigint as demandes,
    sum(attributions)::bigint as attributions
from ensemble e
join communes c on c.code_insee = e.commune
where c.ici is not null
group by all
order by all;

-- nom: noms
-- Grain: one row per code of a commune, bailleur or résidence in scope; nom is null when not given.
select 'commune' as quoi, code_insee as code, nom from communes
union all select 'bailleur', code_bailleur, nom from bailleurs
union all select 'residence', residence, nom from residences_situees;
