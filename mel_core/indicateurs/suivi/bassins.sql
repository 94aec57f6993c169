-- nom: parc
-- Grain: one row per place ($maille: `territoire` or `commune`) of the communes of the Métropole that has one, by code. Counts
-- of dwellings of its résidences: `n_logements` (0 without any résidence); `n_vacants` of the `n_logements_suivis` whose
-- vacancy is given, `n_vacants_3_mois`; `n_liberes_an`, what the rotation of `n_logements_tournants` frees a year; occupants
-- by class of those whose four classes are counted; all null when nobody gives them. `n_hlm`: of its quartiers (INSEE), null
-- when none of them gives it; `n_quartiers_sans_hlm` do not.
with lieux as (
    select code_insee, case when $maille = 'territoire' then territoire else code_insee end as lieu
    from communes
),
stock as (
    select l.lieu, count(*) as n_residences, sum(r.n_logements) as n_logements,
        sum(r.n_logements) filter (where r.n_vacants is not null) as n_logements_suivis,
        sum(r.n_vacants) as n_vacants,
        sum(r.n_vacants_3_mois) as n_vacants_3_mois,
        sum(r.n_logements) filter (where r.taux_rotation is not null) as n_logements_tournants,
        sum(r.n_logements * r.taux_rotation) as n_liberes_an,
        sum(r.n_occupants_tres_modestes) filter (where r.n_occupants_connus is not null) as n_occupants_tres_modestes,
        sum(r.n_occupants_modestes) filter (where r.n_occupants_connus is not null) as n_occupants_modestes,
        sum(r.n_occupants_intermediaires) filter (where r.n_occupants_connus is not null) as n_occupants_intermediaires,
        sum(r.n_occupants_eleves) filter (where r.n_occupants_connus is not null) as n_occupants_eleves,
        sum(r.n_occupants_connus) as n_occupants_connus,
        sum(r.n_occupants_inconnus) as n_occupants_inconnus
    from residences_situees r
    join lieux l on l.code_insee = r.commune
    group by l.lieu
),
insee as (
    select l.lieu, sum(q.n_hlm) as n_hlm, count(*) filter (where q.n_hlm is null) as n_quartiers_sans_hlm
    from quartiers q
    join lieux l using (code_insee)
    group by l.lieu
),
entrees as (
    select l.lieu, count(*) as n_entrees, count(*) filter (where a.est_premier_acces) as n_premiers_acces
    from attributions_qualifiees a
    join lieux l on l.code_insee = a.commune
    where a.date_bail between $debut and $fin
    group by l.lieu
)
select l.lieu, coalesce(s.n_residences, 0) as n_residences, coalesce(s.n_logements, 0) as n_logements,
    s.* exclude (lieu, n_residences, n_logements), i.n_hlm, coalesce(i.n_quartiers_sans_hlm, 0) as n_quartiers_sans_hlm,
    coalesce(e.n_entrees, 0) as n_entrees, coalesce(e.n_premiers_acces, 0) as n_premiers_acces
from (select distinct lieu from lieux where lieu is not null) l
left join stock s using (lieu)
left join insee i using (lieu)
left join entrees e using (lieu)
order by l.lieu;

-- nom: habite_obtenu
-- Grain: one row per place lived in (`de`) × place obtained (`vers`), `$maille`: the attributions of the period. A place is
-- `hors_mel` outside the Métropole, `inconnu` when nobody says it: the demande of the household says where it lived.
with lieux as (
    select code_insee, case when $maille = 'territoire' then territoire else code_insee end as lieu
    from communes
    union all
    values ('hors_mel', 'hors_mel')
)
select coalesce(o.lieu, 'inconnu') as de, coalesce(v.lieu, 'inconnu') as vers, count(*) as n
from attributions_qualifiees a
left join demandes d using (pseudonyme)
left join lieux o on o.code_insee = d.code_insee_actuel
left join lieux v on v.code_insee = a.commune
where a.date_bail between $debut and $fin
group by all
order by all;

-- nom: habite_souhaite
-- Grain: one row per place lived in (`de`) × place wanted (`vers`): the demandes active on $fin. A demande counts once in each
-- place that it wants; `inconnu` when it wants none that is said.
with lieux as (
    select code_insee, case when $maille = 'territoire' then territoire else code_insee end as lieu
    from communes
    union all
    values ('hors_mel', 'hors_mel')
),
voeux as (
    select ligne, code_insee_actuel,
        unnest(case when len(communes_souhaitees) > 0 then communes_souhaitees else ['inconnu'] end) as souhaitee
    from suivi
    where date_creation <= $fin and fin > $fin and $debut <= $fin
)
select coalesce(o.lieu, 'inconnu') as de, coalesce(v.lieu, 'inconnu') as vers, count(distinct ligne) as n
from voeux
left join lieux o on o.code_insee = voeux.code_insee_actuel
left join lieux v on v.code_insee = voeux.souhaitee
group by all
order by all;

-- nom: souhaite_obtenu
-- Grain: one row per place wanted (`de`) × place obtained (`vers`): the attributions of the period. A household counts once in
-- each place that its demande wants; `inconnu` when it wants none that is said.
with lieux as (
    select code_insee, case when $maille = 'territoire' then territoire else code_insee end as lieu
    from communes
    union all
    values ('hors_mel', 'hors_mel')
),
loges as (
    select row_number() over () as rang, a.commune, d.communes_souhaitees
    from attributions_qualifiees a
    left join demandes d using (pseudonyme)
    where a.date_bail between $debut and $fin
),
voeux as (
    select rang, commune,
        unnest(case when len(communes_souhaitees) > 0 then communes_souhaitees else ['inconnu'] end) as souhaitee
    from loges
)
select coalesce(o.lieu, 'inconnu') as de, coalesce(v.lieu, 'inconnu') as vers, count(distinct rang) as n
from voeux
left join lieux o on o.code_insee = voeux.souhaitee
left join lieux v on v.code_insee = voeux.commune
group by all
order by all;
