-- nom: masques
-- Grain: one row per combination of segments that occurs among the active demandes. masque: its segments, one bit each (0 =
-- none of them); n: demandes.
select (/* masque */)::bigint as masque, count(*) as n
from suivi
where date_creation <= $jour and fin > $jour
group by all
order by all;

-- nom: drapeau_et_segment
-- Grain: one row. Active demandes that bear the flag (the expression) and answer the rule; that bear the flag alone, with a
-- PROPOSITION or PASSAGE_CAL recorded up to $jour, then with nothing recorded; that answer the rule alone.
select count(*) filter (where est_porte and est_dedans) as n_les_deux,
    count(*) filter (where est_porte and not est_dedans and est_propose) as n_drapeau_propose,
    count(*) filter (where est_porte and not est_dedans and not est_propose) as n_drapeau_sans_rien,
    count(*) filter (where est_dedans and not est_porte) as n_sans_drapeau
from (
    select /* expression */ as est_porte,
        coalesce((/* regle */), false) as est_dedans,
        coalesce(premiere_proposition <= $jour, false) as est_propose
    from suivi
    where date_creation <= $jour and fin > $jour
);

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
