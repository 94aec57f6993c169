-- nom: attributions
-- Grain: one row per bailleur (`porteur`) with attributions in the period, résidences or events, in the ICI; of the whole
-- Métropole when $ici is null. n: attributions; n_labels, n_parcours, each of the columns $lues: those where it is known;
-- n_residences; n_evenements: of any type, recorded in the period in its résidences or under its code. 0 is none.
with notees as (
    select pseudonyme, min(date_survenance) as premiere
    from evenements
    where type in ('PROPOSITION', 'PASSAGE_CAL')
    group by pseudonyme
),
attribuees as (
    select
        a.bailleur as porteur,
        count(*) as n,
        count(*) filter (a.est_menage_aci is not null and a.est_mutation_bloquee is not null and a.est_npru is not null)
            as n_labels,
        count(*) filter (e.premiere <= a.date_bail) as n_parcours,
        count(nullif(columns($lues)::varchar, 'inconnu'))
    from attributions_qualifiees a
    left join notees e using (pseudonyme)
    where ($ici is null or a.ici = $ici) and a.date_bail between $debut and $fin
    group by a.bailleur
),
parc as (
    select bailleur as porteur, count(*) as n_residences
    from residences_situees
    where $ici is null or ici = $ici
    group by bailleur
),
rapportes as (
    select coalesce(r.bailleur, e.code_bailleur) as porteur, count(*) as n_evenements
    from evenements e
    left join residences_situees r on r.residence = e.code_residence
    where e.date_survenance between $debut and $fin and ($ici is null or r.ici = $ici or r.residence is null)
    group by 1
)
select
    porteur,
    coalesce(b.nom, porteur) as nom,
    a.* exclude (porteur),
    coalesce(p.n_residences, 0) as n_residences,
    coalesce(e.n_evenements, 0) as n_evenements
from attribuees a
full join parc p using (porteur)
left join rapportes e using (porteur)
left join bailleurs b on b.code_bailleur = porteur
order by coalesce(a.n, 0) desc, porteur;

-- nom: demandes
-- Grain: one row per commune where active demandes come from on $jour (`porteur`: INSEE code, `hors_mel`, `inconnu`), those
-- of the ICI alone when $ici is given. n: demandes; n_<rubrique>: those where it is known.
select
    coalesce(d.code_insee_actuel, 'inconnu') as porteur,
    coalesce(any_value(c.nom), porteur) as nom,
    count(*) as n,
    count(d.revenu_entier) as n_ressources,
    count(*) filter (d.ressources_mensuelles is not null and d.n_uc > 0) as n_quartile,
    count(d.statut_logement) as n_statut,
    count(d.motif) as n_motif,
    count(*) filter (len(d.typologies) > 0) as n_typologies,
    count(*) filter (len(d.communes_souhaitees) > 0) as n_souhaits,
    count(*) filter (d.est_menage_aci is not null and d.mutation_bloquee is not null) as n_labels,
    count(d.age) as n_age
from suivi d
left join communes c on c.code_insee = d.code_insee_actuel
where d.date_creation <= $jour and d.fin > $jour and ($ici is null or c.ici = $ici)
group by 1
order by n desc, 1;

-- nom: residences
-- Grain: one row per bailleur (`porteur`) with résidences in the ICI, or in the Métropole when $ici is null. n: résidences;
-- n_<rubrique>: those where it is known.
select
    r.bailleur as porteur,
    coalesce(any_value(b.nom), porteur) as nom,
    count(*) as n,
    count(*) filter (r.quartier <> 'inconnu') as n_quartier,
    count(r.n_occupants_connus) as n_occupants,
    count(r.taux_rotation) as n_rotation,
    count(r.n_vacants) as n_vacants,
    count(r.financement_donne) as n_financement
from residences_situees r
left join bailleurs b on b.code_bailleur = r.bailleur
where $ici is null or r.ici = $ici
group by 1
order by n desc, 1;

-- nom: mois
-- Grain: one row per bailleur (`porteur`) that signed in the period, and month of the period: n_attributions signed,
-- n_evenements (propositions, passages and visits, as in `attributions`). 0 is none recorded.
with mois as (
    select unnest(generate_series($debut::date, $fin::date, interval 1 month))::date as mois
),
signees as (
    select bailleur as porteur, date_trunc('month', date_bail)::date as mois, count(*) as n_attributions
    from attributions_qualifiees
    where ($ici is null or ici = $ici) and date_bail between $debut and $fin
    group by all
),
rapportes as (
    select
        coalesce(r.bailleur, e.code_bailleur) as porteur,
        date_trunc('month', e.date_survenance)::date as mois,
        count(*) as n_evenements
    from evenements e
    left join residences_situees r on r.residence = e.code_residence
    where e.date_survenance between $debut and $fin and ($ici is null or r.ici = $ici or r.residence is null)
    group by all
),
signataires as (
    select porteur, sum(n_attributions) as n from signees group by porteur
)
select
    porteur,
    coalesce(b.nom, porteur) as nom,
    m.mois,
    coalesce(s.n_attributions, 0) as n_attributions,
    coalesce(e.n_evenements, 0) as n_evenements
from signataires k
cross join mois m
left join signees s using (porteur, mois)
left join rapportes e using (porteur, mois)
left join bailleurs b on b.code_bailleur = porteur
order by k.n desc, porteur, m.mois;

-- nom: baux
-- Grain: one row per attribution of $bailleur in the period (and the ICI, when given): its columns $colonnes.
select columns($colonnes)
from attributions_qualifiees
where bailleur = $bailleur and ($ici is null or ici = $ici) and date_bail between $debut and $fin
order by date_bail, id_attribution;

-- nom: lignes
-- Grain: one row per table that was loaded: its name, and its rows.
select nom, n from tables_chargees;
