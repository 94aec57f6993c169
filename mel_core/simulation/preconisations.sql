-- nom: stock
-- Grain: one row per résidence of ICI $ici (all when null). fragilite: class of its quartier on $fin; n_modestes, n_occupants:
-- null when one of the four known classes is not counted; attendues: dwellings let again in six months (n_logements ×
-- taux_rotation ÷ 2), null without a rotation.
select r.residence, r.nom, r.quartier, r.commune, r.bailleur, r.qpv, r.ici,
    fragilite_au(r.fragilite_donnee, r.ips, $fin) as fragilite,
    r.n_logements, r.n_vacants,
    r.n_occupants_connus as n_occupants,
    case when r.n_occupants_connus is not null then r.n_occupants_tres_modestes + r.n_occupants_modestes end as n_modestes,
    r.n_logements * r.taux_rotation / 2 as attendues
from residences_situees r
where $ici is null or r.ici = $ici
order by r.residence;

-- nom: quartiers
-- Grain: one row per quartier of ICI $ici (all when null), whether or not anything is let there. fragilite on $fin.
select q.code_quartier as quartier, q.nom, q.code_insee as commune,
    fragilite_au(q.fragilite, q.ips, $fin) as fragilite
from quartiers q
join communes c using (code_insee)
where $ici is null or c.ici = $ici
order by q.code_quartier;

-- nom: offre_demande
-- Grain: one row per commune of ICI $ici × typologie, and one per commune for all (`ensemble`). n_demandes: active demandes on
-- $fin that want it (one counts in each commune and typologie that it wants); n_attributions: leases of the period.
with perimetre as (
    select list(code_insee) as codes from communes where ici = $ici
),
voulues as (
    select list_distinct(list_filter(communes_souhaitees, lambda x: list_contains(codes, x))) as communes,
        case when len(typologies) > 0 then list_distinct(typologies) else ['inconnu'] end as types
    from demandes_actives($fin), perimetre
    where list_has_any(communes_souhaitees, codes)
),
par_typologie as (
    select communes, unnest(list_append(types, 'ensemble')) as typologie from voulues
),
souhaits as (
    select unnest(communes) as commune, typologie from par_typologie
),
baux as (
    select commune, unnest([typologie, 'ensemble']) as typologie
    from attributions_qualifiees
    where ici = $ici and date_bail between $debut and $fin
),
comptes as (
    select commune, typologie, 1 as d, 0 as a from souhaits
    union all select commune, typologie, 0, 1 from baux
    union all select code_insee, 'ensemble', 0, 0 from communes where ici = $ici
)
select commune, c.nom, typologie, sum(d)::bigint as n_demandes, sum(a)::bigint as n_attributions
from comptes
join communes c on c.code_insee = commune
group by all
order by commune, typologie;

-- nom: mutations_bloquees
-- Grain: one row per sens × commune of ICI $ici (all when null) with a blocked mutation pending on $jour. `souhaitee`: a
-- demande counts in each commune that it wants; `residence`: in the one where it lives. No maximum: it would be the date of
-- one household.
with pendantes as (
    select communes_souhaitees, code_insee_actuel, anciennete_au(date_creation, $jour) as mois
    from demandes_actives($jour)
    where mutation_bloquee
),
lieux as (
    select 'souhaitee' as sens, unnest(list_distinct(communes_souhaitees)) as commune, mois from pendantes
    union all
    select 'residence', code_insee_actuel, mois from pendantes
)
select sens, commune, c.nom, count(*) as n, median(mois) as mediane_mois,
    count(*) filter (where mois >= 24) as n_24_mois, count(*) filter (where mois >= 36) as n_36_mois
from lieux
join communes c on c.code_insee = commune
where $ici is null or c.ici = $ici
group by all
order by sens desc, n_36_mois desc, n_24_mois desc, n desc, commune;

-- nom: qpv
-- Grain: one row per QPV of a quartier of ICI $ici (all when null).
select code_qpv as qpv, min(nom_qpv) as nom
from quartiers
join communes c using (code_insee)
where code_qpv is not null and ($ici is null or c.ici = $ici)
group by all
order by code_qpv;

-- nom: qpv_du_lieu
-- Grain: one row per QPV where the commune $code has a quartier, or the bailleur $code a résidence.
select code_qpv as qpv from quartiers where code_qpv is not null and code_insee = $code
union
select qpv from residences_situees where qpv is not null and bailleur = $code;

-- nom: commissions
-- Grain: one row per QPV with a commission held in the period. Counts are sums over what is said, null when nothing is; each
-- share is over the meetings that say both its terms (`…_situes`).
select code_qpv as qpv,
    count(*) as n_commissions,
    max(date) as derniere,
    sum(n_candidats)::bigint as n_candidats,
    sum(n_designes)::bigint as n_designes,
    sum(n_refuses)::bigint as n_refuses,
    (sum(n_candidats) filter (where n_designes is not null))::bigint as n_candidats_situes,
    (sum(n_designes) filter (where n_candidats is not null))::bigint as n_designes_situes,
    n_designes_situes / nullif(n_candidats_situes, 0) as part_designes,
    sum(n_refuses) filter (where n_designes is not null) / nullif(sum(n_designes) filter (where n_refuses is not null), 0)
        as part_refuses
from commissions_qpv
where date between $debut and $fin
group by all
order by code_qpv;
