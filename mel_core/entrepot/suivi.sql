-- nom: demandes_suivies
-- Grain: one row per demande active on `jour` (contract §2), with what was recorded of it up to that day (§5).
-- Counts are of events, not of days; `fenetre` months before `jour` (0 = unlimited) bounds those named `…_fenetre`, from
-- the day after it to `jour` included. An ATTRIBUE without rang counts for neither rang. `est_…`: one column per named segment.
create macro demandes_suivies(jour, mois, n_min, fenetre) as table
with connus as (
    select pseudonyme, type, rang, date_survenance,
        type = 'PASSAGE_CAL' and decision = 'ATTRIBUE' as est_attribue,
        type = 'PASSAGE_CAL' and decision = 'NON_ATTRIBUE' as est_non_attribue,
        fenetre = 0 or date_survenance > (jour - to_months(fenetre))::date as est_dans_fenetre
    from evenements
    where date_survenance <= jour
),
passages as (
    select pseudonyme,
        count(*) filter (where type = 'PROPOSITION') as n_propositions,
        count(*) filter (where type = 'PASSAGE_CAL') as n_passages_cal,
        count(*) filter (where type <> 'AUTRE') as n_presentations,
        count(*) filter (where type = 'REFUS_DEMANDEUR') as n_refus,
        min(rang) filter (where est_attribue) as meilleur_rang,
        count(*) filter (where est_attribue and rang >= 2 and est_dans_fenetre) as n_rang_2_fenetre,
        min(date_survenance) filter (where est_attribue and rang >= 2 and est_dans_fenetre) as premier_rang_2_fenetre,
        count(*) filter (where est_attribue and rang = 1 and est_dans_fenetre) as n_rang_1_fenetre,
        max(date_survenance) filter (where est_attribue and rang = 1 and est_dans_fenetre) as dernier_rang_1_fenetre,
        count(*) filter (where est_attribue and est_dans_fenetre) as n_attribue_fenetre,
        count(*) filter (where est_non_attribue and est_dans_fenetre) as n_non_attribue_fenetre,
        max(date_survenance) filter (where type <> 'AUTRE') as derniere_presentation
    from connus
    group by pseudonyme
),
actives as (
    select d.*,
        coalesce(d.categorie_menage, case when d.n_personnes > 0 then least(d.n_personnes, 6) end) as categorie,
        (year(jour) - year(d.date_creation)) * 12 + month(jour) - month(d.date_creation)
            - (day(d.date_creation) > day(jour))::int as anciennete_mois
    from demandes d
    where d.date_creation <= jour and (d.etat = 'ACTIVE' or d.date_radiation > jour)
),
drapeau as (
    select coalesce(bool_or(list_contains(colonnes_presentes, 'delai_anormalement_long')), false) as est_present
    from tables_chargees
    where nom = 'demandes'
),
suivies as (
    select a.* exclude (categorie),
        coalesce(n_propositions, 0) as n_propositions,
        coalesce(n_passages_cal, 0) as n_passages_cal,
        coalesce(n_presentations, 0) as n_presentations,
        coalesce(n_refus, 0) as n_refus,
        meilleur_rang,
        coalesce(n_rang_2_fenetre, 0) as n_rang_2_fenetre,
        premier_rang_2_fenetre,
        coalesce(n_rang_1_fenetre, 0) as n_rang_1_fenetre,
        dernier_rang_1_fenetre,
        coalesce(n_attribue_fenetre, 0) as n_attribue_fenetre,
        coalesce(n_non_attribue_fenetre, 0) as n_non_attribue_fenetre,
        derniere_presentation,
        f.est_present as est_drapeau_present,
        case
            when not coalesce(a.revenu_fiscal > 0, false) or p.plafond_eur is null then 'inconnu'
            when r.revenu_eur < b.borne_1 * r.plafond_eur then 'tres_modeste'
            when r.revenu_eur < b.borne_2 * r.plafond_eur then 'modeste'
            when r.revenu_eur < b.borne_3 * r.plafond_eur then 'intermediaire'
            when r.revenu_eur is null or r.plafond_eur is null then 'inconnu'
            else 'eleve'
        end as ressources
    from actives a
    cross join drapeau f
    left join passages using (pseudonyme)
    left join parametres_bornes b on jour >= b.depuis and jour < b.jusqu_a
    left join parametres_plafonds p on p.annee = year(jour) and p.categorie = a.categorie
    cross join lateral (
        select try_cast(a.revenu_fiscal as decimal(18, 8)) as revenu_eur,
            p.plafond_eur
                + case when a.categorie = 6 and a.n_personnes > 6 then p.supplement_eur * (a.n_personnes - 6) else 0 end
                as plafond_eur
    ) r
)
select *,
    date_creation <= (jour - to_months(mois))::date and n_propositions + n_passages_cal = 0 as est_en_attente,
    n_rang_2_fenetre >= n_min and n_rang_1_fenetre = 0 and n_refus = 0 as est_poulidor,
    n_rang_1_fenetre > 0 as est_rang_1_sans_bail,
    n_non_attribue_fenetre >= n_min and n_attribue_fenetre = 0 as est_non_attribue_repete,
    n_presentations = 0 as est_jamais_presente,
    coalesce(mutation_bloquee, false) as est_mutation_bloquee,
    coalesce(aci or dalo or pdalhpd, false) as est_menage_aci,
    case
        when est_drapeau_present then coalesce(delai_anormalement_long, false)
        else date_creation <= (jour - to_months(mois))::date
    end as est_delai_anormalement_long
from suivies;
