-- nom: candidats
-- Grain: one row per candidate of the commissions in scope up to $jour, over $fenetre months (0 = unlimited): PASSAGE_CAL by
-- decision and rang, the best rang (null: never ranked), first and last day, the résidence, its commune and the typologie of
-- the last (null: its file does not say), the first of each kind, `date_bail`, the last bail signed in scope since the first
-- passage (null without), and `etat` of the demande on $jour. The active first, then the latest passage.
with passages as (
    select pseudonyme,
        count(*) as n_passages,
        count(*) filter (where decision = 'ATTRIBUE' and rang >= 2) as n_rang_2,
        count(*) filter (where decision = 'ATTRIBUE' and rang = 1) as n_rang_1,
        count(*) filter (where decision = 'NON_ATTRIBUE') as n_non_attribue,
        count(*) filter (where decision = 'ATTRIBUE') as n_attribue,
        min(rang) filter (where decision = 'ATTRIBUE') as meilleur_rang,
        min(date_survenance) as premier_passage,
        min(date_survenance) filter (where decision = 'ATTRIBUE' and rang >= 2) as premier_rang_2,
        min(date_survenance) filter (where decision = 'ATTRIBUE' and rang = 1) as premier_rang_1,
        min(date_survenance) filter (where decision = 'NON_ATTRIBUE') as premier_non_attribue,
        max(date_survenance) as dernier_passage,
        last(code_residence order by date_survenance, id_evenement) as residence,
        last(typologie order by date_survenance, id_evenement) as typologie
    from evenements
    where type = 'PASSAGE_CAL' and date_survenance <= $jour
        and ($fenetre = 0 or date_survenance > ($jour - to_months($fenetre))::date)
    group by pseudonyme
)
select p.*, nullif(any_value(r.commune), 'inconnu') as commune, max(a.date_bail) as date_bail,
    case when any_value(e.fin) > $jour then 'active' when any_value(e.fin) <= $jour then 'close' else 'inconnue' end as etat
from passages p
left join etats e using (pseudonyme)
left join residences_situees r on r.residence = p.residence
left join attributions_qualifiees a
    on a.pseudonyme = p.pseudonyme and a.date_bail >= p.premier_passage and a.date_bail <= $jour
group by all
order by etat = 'active' desc, dernier_passage desc, pseudonyme;

-- nom: contingent
-- Grain: one row per attribution in scope signed from $debut to $fin, the latest first. Codes, `inconnu` when empty; a label is null
-- where its file does not have the columns that it rests on.
select pseudonyme, date_bail, commune, quartier, residence, bailleur, typologie, classe, mutation, est_menage_aci, est_npru
from attributions_qualifiees
where date_bail between $debut and $fin
order by date_bail desc, id_attribution;
