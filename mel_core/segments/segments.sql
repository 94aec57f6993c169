-- nom: parametres_du_jour
-- Grain: one row. What depends on the reference date and not on the demande: bounds of the classes of ressources, PLUS
-- ceilings by category, first-quartile threshold (null without).
select
    (select [borne_1::varchar, borne_2::varchar, borne_3::varchar] from parametres_bornes where depuis <= $jour and jusqu_a > $jour)
        as bornes,
    (select list({'categorie': categorie, 'plafond': plafond_eur, 'supplement': supplement_eur})
     from parametres_plafonds where annee = year($jour)) as plafonds,
    (select max(seuil_eur_uc)::varchar from parametres_seuils where annee = year($jour)) as seuil_uc;

-- nom: n
-- Grain: one row. Active demandes that answer the rule.
select count(*) as n
from suivi
where date_creation <= $jour and fin > $jour and (/* regle */);

-- nom: par_cle
-- Grain: one row per code of the expression, `inconnu` when empty.
select coalesce(/* expression */, 'inconnu') as cle, count(*) as n
from suivi
where date_creation <= $jour and fin > $jour and (/* regle */)
group by all
order by all;

-- nom: par_liste
-- Grain: one row per code found in the lists of the expression: a demande counts once in each; `inconnu` without any.
with depliees as (
    select unnest(case when len(/* expression */) > 0 then list_distinct(/* expression */) else ['inconnu'] end) as cle
    from suivi
    where date_creation <= $jour and fin > $jour and (/* regle */)
)
select cle, count(*) as n
from depliees
group by all
order by all;

-- nom: par_ici
-- Grain: one row per ICI of the communes of the expression (a list): a demande counts once in each; `hors_mel` for a commune
-- outside the MEL, `inconnu` without any commune or without an ICI.
with depliees as (
    select ligne, unnest(case when len(/* expression */) > 0 then /* expression */ else ['inconnu'] end) as code_insee
    from suivi
    where date_creation <= $jour and fin > $jour and (/* regle */)
),
situees as (
    select distinct d.ligne,
        coalesce(c.ici, case when d.code_insee = 'hors_mel' then 'hors_mel' else 'inconnu' end) as cle
    from depliees d
    left join communes c using (code_insee)
)
select cle, count(*) as n
from situees
group by all
order by all;

-- nom: pseudonymes
-- Grain: one row per active demande that answers the rule.
select pseudonyme
from suivi
where date_creation <= $jour and fin > $jour and (/* regle */);

-- nom: ordre
-- Grain: one row per active demande that answers the rule, in the order asked.
select ligne
from suivi
where date_creation <= $jour and fin > $jour and (/* regle */)
order by /* tri */;

-- nom: ordre_poulidors
-- Grain: one row per active demande that answers the rule, in the order asked; `a_refuse`: it is no Poulidor by that alone.
select ligne, /* a_refuse */ as a_refuse
from suivi
where date_creation <= $jour and fin > $jour and (/* souvent_derriere */) and (/* regle */)
order by /* tri */;

-- nom: liste
-- Grain: one row per active demande that answers the rule, in the order asked. Lists are joined by `|`; counts are of events
-- up to the reference date; `points` where a file gives them.
select ligne, pseudonyme, date_creation,
    /* anciennete_mois */ as anciennete_mois,
    statut_logement, code_insee_actuel, code_bailleur_actuel,
    array_to_string(communes_souhaitees, '|') as communes_souhaitees,
    array_to_string(typologies, '|') as typologies,
    n_personnes,
    /* ressources */ as ressources,
    /* n_propositions */ as n_propositions,
    /* n_passages_cal */ as n_passages_cal,
    /* n_refus */ as n_refus,
    /* meilleur_rang */ as meilleur_rang,
    array_to_string(/* labels */, '|') as labels
    /* points */
    /* faits */
from suivi
where date_creation <= $jour and fin > $jour and (/* regle */)
order by /* tri */;

-- nom: rangs_2
-- Grain: one row per passage in scope that placed one of these demandes behind another, after $debut up to $jour, the oldest
-- first; where: the name of the résidence or its `lieu`, and the typologie, null where its file does not say.
select pseudonyme, strftime(date_survenance, '%d/%m/%Y') as jour, rang, /* ou */ as ou, typologie
from /* passages */
where date_survenance > $debut and date_survenance <= $jour and /* lesquels */
order by date_survenance, id_evenement;

-- nom: inconnues
-- Grain: one row. Active demandes of which the rule (segments/regles.sql) says neither yes nor no: something is missing.
select count(*) as n
from suivi
where date_creation <= $jour and fin > $jour and (/* regle */) is null;

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
