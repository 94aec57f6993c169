-- nom: masques
-- Grain: one row per combination of segments that occurs among the active demandes. masque: its segments, one bit each (0 =
-- none of them); n: demandes.
select (/* masque */)::bigint as masque, count(*) as n
from suivi
where date_creation <= $jour and fin > $jour
group by all
order by all;

-- nom: drapeau_et_segment
-- Grain: one row. Active demandes that bear the flag (the expression), that answer the rule, and both.
select count(*) filter (where /* expression */) as n_drapeau,
    count(*) filter (where /* regle */) as n_segment,
    count(*) filter (where /* expression */ and (/* regle */)) as n_les_deux
from suivi
where date_creation <= $jour and fin > $jour;

-- nom: completude
-- Grain: one row per bailleur of the reference table or of an attribution of the 12 months after $debut, up to $jour included.
-- n: its attributions; n_avec_evenement: those whose demande has a PROPOSITION or PASSAGE_CAL recorded up to $jour;
-- n_evenements: events of any type recorded under its code in the 12 months.
with notees as (
    select distinct pseudonyme
    from evenements
    where type in ('PROPOSITION', 'PASSAGE_CAL') and date_survenance <= $jour
),
baux as (
    select a.bailleur, count(*) as n, count(e.pseudonyme) as n_avec_evenement
    from attributions_qualifiees a
    left join notees e using (pseudonyme)
    where a.date_bail > $debut and a.date_bail <= $jour
    group by a.bailleur
),
transmis as (
    select code_bailleur as bailleur, count(*) as n_evenements
    from evenements
    where date_survenance > $debut and date_survenance <= $jour
    group by code_bailleur
)
select coalesce(b.code_bailleur, x.bailleur) as bailleur,
    b.nom,
    coalesce(x.n, 0) as n,
    coalesce(x.n_avec_evenement, 0) as n_avec_evenement,
    coalesce(t.n_evenements, 0) as n_evenements
from bailleurs b
full join baux x on x.bailleur = b.code_bailleur
left join transmis t on t.bailleur = coalesce(b.code_bailleur, x.bailleur)
order by all;
