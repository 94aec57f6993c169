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

-- nom: flux
-- Grain: one row per place (`de`) × place (`vers`), `$maille`, that has somebody; `hors_mel` outside the Métropole, `inconnu`
-- when nobody says it. Of $quoi: `habite_obtenu`, the attributions of the period by the place lived in, which the demande of
-- the household says, and the place obtained; `souhaite_obtenu`, by each place wanted and the place obtained;
-- `habite_souhaite`, the demandes active on $fin by the place lived in and each place wanted. A household counts once in each.
with lieux as (
    select code_insee, case when $maille = 'territoire' then territoire else code_insee end as lieu
    from communes
    union all
    values ('hors_mel', 'hors_mel')
),
loges as (
    select a.commune, d.code_insee_actuel, d.communes_souhaitees
    from attributions_qualifiees a
    left join demandes d using (pseudonyme)
    where a.date_bail between $debut and $fin
),
menages as (
    select code_insee_actuel as habite, null as souhaites, commune as obtenu from loges where $quoi = 'habite_obtenu'
    union all
    select null, communes_souhaitees, commune from loges where $quoi = 'souhaite_obtenu'
    union all
    select code_insee_actuel, communes_souhaitees, null
    from suivi
    where $quoi = 'habite_souhaite' and date_creation <= $fin and fin > $fin
),
voeux as (
    select row_number() over () as rang, habite, obtenu, case when len(souhaites) > 0 then souhaites else [null] end as souhaites
    from menages
),
paires as (
    select rang, unnest(souhaites) as souhaite, habite, obtenu
    from voeux
)
select coalesce(o.lieu, 'inconnu') as de, coalesce(v.lieu, 'inconnu') as vers, count(distinct rang) as n
from paires p
left join lieux o on o.code_insee = case when $quoi = 'souhaite_obtenu' then p.souhaite else p.habite end
left join lieux v on v.code_insee = case when $quoi = 'habite_souhaite' then p.souhaite else p.obtenu end
group by all
order by all;
