-- nom: passages_situes
-- Grain: one row per PASSAGE_CAL from `debut` to `fin`, both included, with where the dwelling is (`inconnu` when its
-- résidence is not known to the reader). `est_refuse`: the household refused what it was attributed, that is a
-- REFUS_DEMANDEUR recorded up to `fin`, within 60 days, on the same résidence (on the same bailleur when one of the two
-- résidences is not said). Each refusal answers one passage, the last before it. Null (unknown) for a passage that
-- attributed nothing; `motif_refus`: why, when said. `est_rang_1` is null when the decision or the rang is not said.
create macro passages_situes(debut, fin) as table
with passages as (
    select * from evenements where type = 'PASSAGE_CAL' and date_survenance between debut and fin
),
refuses as (
    -- An event is named by its bailleur: two of them may number theirs alike.
    select max({'jour': p.date_survenance, 'passage': {'id': p.id_evenement, 'bailleur': p.code_bailleur}}).passage as passage,
        min(r.motif) as motif_refus
    from evenements r
    join passages p using (pseudonyme)
    where r.type = 'REFUS_DEMANDEUR'
        and r.date_survenance <= fin
        and r.date_survenance between p.date_survenance and p.date_survenance + 60
        and p.decision = 'ATTRIBUE'
        and coalesce(p.code_residence = r.code_residence, p.code_bailleur = r.code_bailleur, false)
    group by r.id_evenement, r.code_bailleur
)
select p.id_evenement, p.pseudonyme, p.date_survenance, p.decision, p.rang, p.motif,
    coalesce(p.typologie, 'inconnu') as typologie,
    coalesce(s.residence, 'inconnu') as residence,
    coalesce(s.quartier, 'inconnu') as quartier,
    coalesce(s.commune, 'inconnu') as commune,
    coalesce(s.ici, 'inconnu') as ici,
    coalesce(b.code_bailleur, s.bailleur, 'inconnu') as bailleur,
    case when p.decision = 'ATTRIBUE' then p.rang = 1 when p.decision is not null then false end as est_rang_1,
    case when p.decision = 'ATTRIBUE' then f.passage is not null end as est_refuse,
    f.motif_refus
from passages p
left join residences_situees s on s.residence = p.code_residence
left join bailleurs b on b.code_bailleur = p.code_bailleur
left join (select passage, min(motif_refus) as motif_refus from refuses group by all) f
    on f.passage = {'id': p.id_evenement, 'bailleur': p.code_bailleur};
