-- nom: suivi_calcule
-- Grain: one row per demande, active or not; `ligne` is its place by date_creation then pseudonyme. Beside its columns, what
-- was ever recorded of it (§5), AUTRE apart: the dates of each kind of event in ascending order (null when there is none),
-- `rangs_attribue` beside `dates_attribue` (null = without rang), and first and last dates.
-- Nothing depends on a reference date: the lists give exact counts on any day, first and last dates settle most rows without
-- opening them.
-- `fin`: the first day on which the demande is no longer active, 9999-12-31 while it is, null when it was struck off nobody
-- knows when. What a question scans for each demande is a small integer: `typologies_bits` has one bit for each typologie
-- wanted (C first; 0 without any); `revenu_entier` is the income in hundred-millionths of a euro (null when unknown, zero or
-- negative), whole so that it compares exactly. It is classed with `categorie` and `n_supplementaires` (persons over six in
-- category 6, a million at most).
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
        list_sort(list(date_survenance) filter (where type = 'PROPOSITION')) as dates_propositions,
        list_sort(list(date_survenance) filter (where type = 'PASSAGE_CAL')) as dates_passages,
        list_sort(list(date_survenance) filter (where type = 'REFUS_DEMANDEUR')) as dates_refus,
        list_sort(list({le: date_survenance, rang: rang}) filter (where est_attribue)) as attribues,
        list_sort(list(date_survenance) filter (where est_non_attribue)) as dates_non_attribue,
        min(date_survenance) as premiere_presentation,
        min(date_survenance) filter (where est_proposition) as premiere_proposition,
        min(date_survenance) filter (where type = 'REFUS_DEMANDEUR') as premier_refus,
        min(date_survenance) filter (where est_attribue and rang = 1) as premier_rang_1,
        max(date_survenance) filter (where est_attribue and rang = 1) as dernier_rang_1,
        max(date_survenance) filter (where est_attribue and rang >= 2) as dernier_rang_2,
        max(date_survenance) filter (where est_non_attribue) as dernier_non_attribue,
        (count(*) filter (where est_attribue and rang >= 2))::integer as n_rang_2,
        (count(*) filter (where est_non_attribue))::integer as n_non_attribue
    from lus
    group by pseudonyme
),
histoires as (
    select * exclude (attribues),
        list_transform(attribues, lambda a: a.le) as dates_attribue,
        list_transform(attribues, lambda a: a.rang) as rangs_attribue
    from listes
),
classees as (
    select *,
        case when etat = 'ACTIVE' then date '9999-12-31' else date_radiation end as fin,
        case when revenu_fiscal > 0 then (try_cast(revenu_fiscal as decimal(18, 8))::decimal(38, 8) * 100000000)::bigint end
            as revenu_entier,
        aci::int + dalo::int + pdalhpd::int > 0 as est_menage_aci,
        case when len(typologies) > 0 then
            list_contains(typologies, 'C')::int + 2 * list_contains(typologies, 'T1')::int
            + 4 * list_contains(typologies, 'T2')::int + 8 * list_contains(typologies, 'T3')::int
            + 16 * list_contains(typologies, 'T4')::int + 32 * list_contains(typologies, 'T5')::int
            + 64 * list_contains(typologies, 'T6P')::int
        else 0 end as typologies_bits,
        coalesce(categorie_menage, case when n_personnes > 0 then least(n_personnes, 6) end) as categorie
    from demandes
)
select (row_number() over (order by d.date_creation, d.pseudonyme))::integer as ligne,
    d.*,
    case when d.categorie = 6 then least(greatest(d.n_personnes - 6, 0), 1000000) else 0 end as n_supplementaires,
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

-- Class of ressources (contract §3), by its rank: 1 for the most modest to 4, 0 when unknown. In the unit of `revenu_entier`,
-- `bornes_…`: the bound of the class, by category; `pas_…`: what it grows by for each person over six. Null bounds (no
-- official ceiling) make an unknown.
create macro rang_ressources(revenu, categorie, n_sup, bornes_1, bornes_2, bornes_3, pas_1, pas_2, pas_3) as
    case
        when revenu is null or bornes_1[categorie] is null or n_sup > 0 and pas_1 is null then 0
        when revenu < bornes_1[categorie] + n_sup * coalesce(pas_1, 0) then 1
        when revenu < bornes_2[categorie] + n_sup * coalesce(pas_2, 0) then 2
        when revenu < bornes_3[categorie] + n_sup * coalesce(pas_3, 0) then 3
        else 4
    end;

create macro classe_ressources(rang) as ['inconnu', 'tres_modeste', 'modeste', 'intermediaire', 'eleve'][rang + 1];

-- Grain: one row per demande active on `jour` (contract §2), with its follow-up.
create macro demandes_actives(jour) as table
from suivi where date_creation <= jour and fin > jour;
