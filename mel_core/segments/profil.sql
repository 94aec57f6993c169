-- nom: profil
-- Grain: one row per axis × modality that occurs among the active demandes (`inconnu` when the demande does not say).
-- n: demandes of the segment; n_actives: all of them. A demande has one modality of each axis.
-- renouvellement: a file lives 12 months from its creation or last renewal; renewed after the reference date, or created more
-- than 12 months ago without a renewal date, it is not known. $un_an, $onze_mois: reference − 12 and − 11 months.
with demandes_en_cours as (
    select coalesce((/* regle */), false) as est_dedans,
        case
            when coalesce(len(communes_souhaitees), 0) = 0 then 'inconnu'
            when len(communes_souhaitees) = 1 then '1'
            when len(communes_souhaitees) <= 3 then '2-3'
            else '4+'
        end as n_communes,
        /* ressources */ as ressources,
        case
            when date_renouvellement > $jour then 'inconnu'
            when greatest(date_renouvellement, date_creation) > $onze_mois then 'a_jour'
            when greatest(date_renouvellement, date_creation) > $un_an then 'dans_le_mois'
            when date_renouvellement is null then 'inconnu'
            else 'depasse'
        end as renouvellement,
        case when /* jamais_presente */ then 'oui' else 'non' end as jamais_presente,
        case
            when age is null then 'inconnu'
            when age < 30 then '-30'
            when age < 45 then '30-44'
            when age < 60 then '45-59'
            when age < 75 then '60-74'
            else '75+'
        end as age,
        case /* est_mutation */ when true then 'mutation' when false then 'premier_acces' else 'inconnu' end as mutation,
        /* bande_personnes */ as n_personnes,
        case est_menage_aci when true then 'oui' when false then 'non' else 'inconnu' end as menage_aci
    from suivi
    where date_creation <= $jour and fin > $jour
),
modalites as (
    unpivot demandes_en_cours
    on n_communes, ressources, renouvellement, jamais_presente, age, mutation, n_personnes, menage_aci
    into name axe value modalite
)
select axe, modalite,
    count(*) filter (where est_dedans) as n,
    count(*) as n_actives
from modalites
group by all
order by all;

-- nom: profil_typologie
-- Grain: one row per typologie wanted (a demande counts in each; `inconnu` without any), and one row `ensemble` whose counts
-- are of demandes that say at least one. n: of the segment; n_actives: all active demandes.
with demandes_en_cours as (
    select coalesce((/* regle */), false) as est_dedans,
        case when len(typologies) > 0 then list_append(list_distinct(typologies), 'ensemble') else ['inconnu'] end as types
    from suivi
    where date_creation <= $jour and fin > $jour
),
depliees as (
    select est_dedans, unnest(types) as modalite
    from demandes_en_cours
)
select 'typologie' as axe, modalite,
    count(*) filter (where est_dedans) as n,
    count(*) as n_actives
from depliees
group by all
order by all;

-- nom: tension
-- Grain: one row per commune × typologie (`inconnu` when not said, `hors_mel` for a commune outside) wanted by an active
-- demande, or let in the 12 months after $un_an up to $jour. A demande counts in each commune and typologie that it wants.
-- n: of the segment; n_actives: all of them; n_attributions: leases signed in the 12 months.
with souhaits as (
    select coalesce((/* regle */), false) as est_dedans,
        case when len(communes_souhaitees) > 0 then list_distinct(communes_souhaitees) else ['inconnu'] end as communes,
        case when len(typologies) > 0 then list_distinct(typologies) else ['inconnu'] end as types
    from suivi
    where date_creation <= $jour and fin > $jour
),
combinaisons as (
    select communes, types, count(*) filter (where est_dedans) as n, count(*) as n_actives
    from souhaits
    group by all
),
par_commune as (
    select unnest(communes) as commune, types, n, n_actives from combinaisons
),
par_cellule as (
    select commune, unnest(types) as typologie, n, n_actives from par_commune
),
demande as (
    select commune, typologie, sum(n)::bigint as n, sum(n_actives)::bigint as n_actives
    from par_cellule
    group by all
),
offre as (
    select commune, typologie, count(*) as n_attributions
    from attributions_qualifiees
    where date_bail > $un_an and date_bail <= $jour
    group by all
)
select coalesce(d.commune, o.commune) as commune,
    coalesce(d.typologie, o.typologie) as typologie,
    coalesce(d.n, 0) as n,
    coalesce(d.n_actives, 0) as n_actives,
    coalesce(o.n_attributions, 0) as n_attributions
from demande d
full join offre o on o.commune = d.commune and o.typologie = d.typologie
order by all;

-- nom: souhaits
-- Grain: one row per combination of communes and typologies wanted by a demande of the segment: `communes` and `typologies`
-- joined by `|` (empty when none is said), n demandes.
select coalesce(array_to_string(list_sort(list_distinct(communes_souhaitees)), '|'), '') as communes,
    coalesce(array_to_string(list_sort(list_distinct(typologies)), '|'), '') as typologies,
    count(*) as n
from suivi
where date_creation <= $jour and fin > $jour and (/* regle */)
group by all
order by all;
