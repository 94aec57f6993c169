-- nom: devenir
-- Grain: one row per code of $pseudonymes. What this snapshot knows of each, between $avant (excluded) and $apres (included):
-- the first bail signed, where and by whom; whether its demande is there, is over on $apres and why; what was recorded.
-- `motif_radiation` is null while the demande is active, or when the reason was not given. `est_trouvee`: the demandes or
-- the attributions, of whatever day, know it.
with cohorte as (
    select unnest($pseudonymes::varchar[]) as pseudonyme
),
baux as (
    select distinct on (a.pseudonyme) a.pseudonyme, a.date_bail, a.commune, a.bailleur, a.ici
    from attributions_qualifiees a
    semi join cohorte using (pseudonyme)
    where a.date_bail > $avant and a.date_bail <= $apres
    order by a.pseudonyme, a.date_bail, a.id_attribution
),
faits as (
    select e.pseudonyme,
        bool_or(e.type = 'REFUS_DEMANDEUR') as est_refus,
        bool_or(e.type in ('PROPOSITION', 'PASSAGE_CAL')) as est_propose
    from evenements e
    semi join cohorte using (pseudonyme)
    where e.date_survenance > $avant and e.date_survenance <= $apres
    group by e.pseudonyme
),
connues as (
    select d.pseudonyme, d.etat <> 'ACTIVE' and coalesce(d.date_radiation <= $apres, true) as est_radiee, d.motif_radiation
    from demandes d
    semi join cohorte using (pseudonyme)
)
select c.pseudonyme,
    b.date_bail, b.commune as commune_bail, b.bailleur as bailleur_bail, b.ici as ici_bail,
    d.pseudonyme is not null as est_connue,
    d.pseudonyme is not null or c.pseudonyme in (select pseudonyme from attributions_qualifiees) as est_trouvee,
    coalesce(d.est_radiee, false) as est_radiee,
    case when d.est_radiee then d.motif_radiation end as motif_radiation,
    coalesce(f.est_refus, false) as est_refus,
    coalesce(f.est_propose, false) as est_propose
from cohorte c
left join baux b using (pseudonyme)
left join connues d using (pseudonyme)
left join faits f using (pseudonyme)
order by c.pseudonyme;
