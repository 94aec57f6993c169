-- nom: suivi_calcule
-- Grain: one row per demande, active or not; `ligne` is its place by date_creation then pseudonyme. Beside its columns, what
-- was ever recorded of it (§5), AUTRE apart: the dates of each kind of event in ascending order (null when there is none),
-- `rangs_attribue` beside `dates_attribue` (null = without rang), and first and last dates, counts over the whole history.
-- Nothing depends on a reference date: the lists give exact counts on any day, first and last dates settle most rows without
-- opening them. `rang_2_recent_2`: the last date but one of a rank ≥ 2 (then 3, 4; the same of NON_ATTRIBUE). `fin`: the
-- first day on which the demande is no longer active, 9999-12-31 while it is, null when it was struck off nobody knows when.
-- `revenu_eur` (null when unknown, zero or negative), `categorie` and `n_supplementaires` (persons over six in category 6)
-- are what its class of ressources is read from.
create macro suivi_calcule() as table
with lus as (
    select pseudonyme, type, rang, date_survenance,
        type in ('PROPOSITION', 'PASSAGE_CAL') as est_proposition,
        type = 'PASSAGE_CAL' and decision = 'ATTRIBUE' as est_attribue,
        type = 'PASSAGE_CAL' and decision = 'NON_ATTRIBUE' as est_non_attribue
    from evenements
    where type <> 'AUTRE'
),
listes as (
    select pseudonyme,
        list_sort(list(date_survenance)) as dates_presentations,
        list_sort(list(date_survenance) filter (where type = 'PROPOSITION')) as dates_propositions,
        list_sort(list(date_survenance) filter (where type = 'PASSAGE_CAL')) as dates_passages,
        list_sort(list(date_survenance) filter (where type = 'REFUS_DEMANDEUR')) as dates_refus,
        list_sort(list({le: date_survenance, rang: rang}) filter (where est_attribue)) as attribues,
        list_sort(list(date_survenance) filter (where est_non_attribue)) as dates_non_attribue,
        list_reverse_sort(list(date_survenance) filter (where est_attribue and rang >= 2)) as rangs_2_recents,
        min(date_survenance) as premiere_presentation,
        max(date_survenance) as derniere_presentation,
        min(date_survenance) filter (where est_proposition) as premiere_proposition,
        min(date_survenance) filter (where type = 'REFUS_DEMANDEUR') as premier_refus,
        min(date_survenance) filter (where est_attribue and rang = 1) as premier_rang_1,
        max(date_survenance) filter (where est_attribue and rang = 1) as dernier_rang_1,
        max(date_survenance) filter (where est_attribue and rang >= 2) as dernier_rang_2,
        max(date_survenance) filter (where est_attribue) as dernier_attribue,
        max(date_survenance) filter (where est_non_attribue) as dernier_non_attribue,
        (count(*) filter (where est_attribue and rang >= 2))::integer as n_rang_2,
        (count(*) filter (where est_non_attribue))::integer as n_non_attribue
    from lus
    group by pseudonyme
),
histoires as (
    select * exclude (attribues, rangs_2_recents),
        rangs_2_recents[2] as rang_2_recent_2,
        rangs_2_recents[3] as rang_2_recent_3,
        rangs_2_recents[4] as rang_2_recent_4,
        dates_non_attribue[-2] as non_attribue_recent_2,
        dates_non_attribue[-3] as non_attribue_recent_3,
        dates_non_attribue[-4] as non_attribue_recent_4,
        list_transform(attribues, lambda a: a.le) as dates_attribue,
        list_transform(attribues, lambda a: a.rang) as rangs_attribue
    from listes
),
classees as (
    select *,
        case when etat = 'ACTIVE' then date '9999-12-31' else date_radiation end as fin,
        case when revenu_fiscal > 0 then try_cast(revenu_fiscal as decimal(18, 8)) end as revenu_eur,
        coalesce(categorie_menage, case when n_personnes > 0 then least(n_personnes, 6) end) as categorie
    from demandes
)
select (row_number() over (order by d.date_creation, d.pseudonyme))::integer as ligne,
    d.*,
    case when d.categorie = 6 then greatest(d.n_personnes - 6, 0) else 0 end as n_supplementaires,
    h.* exclude (pseudonyme)
from classees d
left join histoires h using (pseudonyme)
order by ligne;

-- nom: lecture
-- How many of `dates` up to `jour` included; 0 without any.
create macro n_jusqu_a(dates, jour) as coalesce(len(list_filter(dates, lambda x: x <= jour)), 0);

-- How many of `dates` after `debut` and up to `jour` included; 0 without any.
create macro n_entre(dates, debut, jour) as coalesce(len(list_filter(dates, lambda x: x > debut and x <= jour)), 0);

-- Ancienneté in whole months on `jour` (contract §2).
create macro anciennete_au(date_creation, jour) as
    (year(jour) - year(date_creation)) * 12 + month(jour) - month(date_creation) - (day(date_creation) > day(jour))::int;

-- Class of ressources (contract §3). `bornes_…`: the bound of the class in euros, by category; `pas_…`: what it grows by for
-- each person over six. Null bounds (no official ceiling) make an `inconnu`.
create macro classe_ressources(revenu, categorie, n_sup, bornes_1, bornes_2, bornes_3, pas_1, pas_2, pas_3) as
    case
        when revenu is null or bornes_1[categorie] is null or n_sup > 0 and pas_1 is null then 'inconnu'
        when revenu < bornes_1[categorie] + n_sup * coalesce(pas_1, 0) then 'tres_modeste'
        when revenu < bornes_2[categorie] + n_sup * coalesce(pas_2, 0) then 'modeste'
        when revenu < bornes_3[categorie] + n_sup * coalesce(pas_3, 0) then 'intermediaire'
        else 'eleve'
    end;

-- Grain: one row per demande active on `jour` (contract §2), with its follow-up.
create macro demandes_actives(jour) as table
from suivi where date_creation <= jour and fin > jour;
