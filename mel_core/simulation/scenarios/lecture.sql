-- nom: vacances
-- Grain: one row per commune × bailleur × fragilite of the quartier (on $fin) among the résidences. n_vacances_an: dwellings
-- freed a year, not whole: n_logements × taux_rotation, a résidence without a rate taking the mean of the others of its
-- cell; null when none has one. Summed in one order: the last digits of a sum of fractions depend on it.
select commune, bailleur, fragilite_au(fragilite_donnee, ips, $fin) as fragilite,
    sum(n_logements * taux_rotation order by residence) / nullif(sum(n_logements) filter (where taux_rotation is not null), 0)
        * sum(n_logements) as n_vacances_an
from residences_situees
where $ici is null or ici = $ici
group by all
order by all;

-- nom: eligibles
-- Grain: one row per commune wanted ($communes: of these only, null for all) by a demande active on $jour that has one of the
-- profiles, each a hole: how many have it, a demande counted in each commune that it wants (`inconnu` without any); then
-- `ensemble`, those who want one of $communes, once each. n_aci_avant: the n_aci of `ensemble` on $avant; 0 elsewhere.
-- A profile depends on no date: that of the ACI is the same on both days.
with profils as materialized (
    select
        case
            when $communes is not null then list_intersect(communes_souhaitees, $communes)
            when len(communes_souhaitees) > 0 then list_distinct(communes_souhaitees)
            else ['inconnu']
        end as communes,
        (/* n_modestes */) as n_modestes,
        (/* n_non_modestes */) as n_non_modestes,
        (/* n_aci */) as n_aci,
        (/* n_non_aci */) as n_non_aci
    from suivi
    where date_creation <= $jour and fin > $jour
),
depliees as (
    select * exclude (communes), unnest(list_append(communes, 'ensemble')) as commune
    from profils
    where len(communes) > 0 and (n_modestes or n_non_modestes or n_aci or n_non_aci)
    union all
    select false, false, false, false, 'ensemble'
)
select commune,
    count(*) filter (where n_modestes) as n_modestes,
    count(*) filter (where n_non_modestes) as n_non_modestes,
    count(*) filter (where n_aci) as n_aci,
    count(*) filter (where n_modestes and n_aci) as n_modestes_aci,
    count(*) filter (where n_non_modestes and n_aci) as n_non_modestes_aci,
    count(*) filter (where n_non_aci) as n_non_aci,
    case when commune = 'ensemble' then (
        select count(*)
        from suivi
        where date_creation <= $avant and fin > $avant and (/* n_aci */)
            and ($communes is null or list_has_any(communes_souhaitees, $communes))
    ) else 0 end as n_aci_avant
from depliees
group by commune
order by commune = 'ensemble', commune;

-- nom: demandes
-- Grain: one row per active demande on $jour, the columns that ordering the demand reads. n_rang_2: ATTRIBUE at rang 2 or more
-- up to that day. est_attache: lives in a commune that it wants.
-- In $communes: those who want one of them or live there, as in the scope of an ICI.
select pseudonyme, date_creation,
    anciennete_au(date_creation, $jour) as anciennete_mois,
    len(list_filter(rangs_attribue, lambda r, i: r >= 2 and dates_attribue[i] <= $jour)) as n_rang_2,
    est_menage_aci,
    mutation_bloquee as est_mutation_bloquee,
    case when $drapeau then delai_anormalement_long else anciennete_au(date_creation, $jour) >= 24 end
        as est_delai_anormalement_long,
    list_contains(communes_souhaitees, code_insee_actuel) as est_attache,
    critere_mutation = 'SUR_OCCUPATION' as est_sur_occupation,
    case when statut_logement = 'HLM' then 'mutation' when statut_logement is not null then 'premier_acces' end as mutation,
    case when n_personnes >= 5 then '5 et plus' else n_personnes::varchar end as taille_menage
from demandes_actives($jour)
where $communes is null or list_has_any(communes_souhaitees, $communes) or list_contains($communes, code_insee_actuel);
