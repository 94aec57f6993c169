-- nom: attributions_qualifiees
-- Grain: one row per attribution kept, sorted by date_bail. Every definition of the field (contract §3) is written here,
-- once: its cuts (text, `inconnu` when empty), its class of ressources and, per indicator, a three-valued column `est_…`
-- (true, false, null = unknown). A label whose column the file of the row does not have is null, and a label is known
-- only with all the columns that it rests on: one that is true would settle its row, and none of those where it is not.
-- `etiquettes_absentes`: those columns, joined by `|`. `delai_mois` is in whole months (null without both dates).
create table attributions_qualifiees as
with situees as (
    select a.*,
        r.code_residence is not null as est_residence_connue,
        r.code_qpv as code_qpv_residence,
        r.enjeu_mixite as est_a_enjeu,
        coalesce(q.code_quartier, rq.code_quartier) as code_quartier_resolu,
        coalesce(a.categorie_menage, case when a.n_personnes > 0 then least(a.n_personnes, 6) end) as categorie
    from attributions a
    left join residences r using (code_residence)
    left join quartiers q on q.code_quartier = a.code_quartier
    left join quartiers rq on rq.code_quartier = r.code_quartier
),
qualifiees as (
    select s.*,
        q.code_qpv as code_qpv_quartier,
        coalesce(q.fragilite, f.fragilite, 'inconnu') as fragilite_quartier,
        c.territoire as territoire_commune, c.ici as ici_commune, c.typologie_fragilite as typologie_commune,
        coalesce(c.fragilite, fc.fragilite) as fragilite_commune_connue,
        b.borne_1, b.borne_2, b.borne_3,
        -- Compared in decimals: a household exactly on a bound must not owe its class to a binary rounding.
        case when s.revenu_fiscal > 0 then try_cast(s.revenu_fiscal as decimal(18, 8)) end as revenu_eur,
        p.plafond_eur + case when s.categorie = 6 and s.n_personnes > 6 then p.supplement_eur * (s.n_personnes - 6) else 0 end
            as plafond_menage_eur,
        case when s.n_uc > 0 then
            -- Wide enough for whatever a cell may hold: 130 typed for « 1,30 » must not stop a publication.
            try_cast(s.ressources_mensuelles as decimal(30, 8)) * 12
                <= t.seuil_eur_uc::decimal(20, 6) * try_cast(s.n_uc as decimal(18, 6))
        end as est_premier_quartile
    from situees s
    left join quartiers q on q.code_quartier = s.code_quartier_resolu
    left join parametres_fragilite_ips f on f.ips = q.ips and s.date_bail >= f.depuis and s.date_bail < f.jusqu_a
    left join communes c on c.code_insee = s.code_insee
    left join parametres_fragilite_ips fc
        on fc.ips = c.typologie_fragilite and s.date_bail >= fc.depuis and s.date_bail < fc.jusqu_a
    left join parametres_bornes b on s.date_bail >= b.depuis and s.date_bail < b.jusqu_a
    left join parametres_plafonds p on p.annee = year(s.date_bail) and p.categorie = s.categorie
    left join parametres_seuils t on t.annee = year(s.date_bail)
),
classees as (
    select *,
        case
            when revenu_eur is null or plafond_menage_eur is null then 'inconnu'
            when revenu_eur < borne_1 * plafond_menage_eur then 'tres_modeste'
            when revenu_eur < borne_2 * plafond_menage_eur then 'modeste'
            when revenu_eur < borne_3 * plafond_menage_eur then 'intermediaire'
            else 'eleve'
        end as classe,
        case
            when code_qpv_residence is not null then code_qpv_residence
            when code_quartier_resolu is null then 'inconnu'
            else coalesce(code_qpv_quartier, 'hors_qpv')
        end as qpv,
        (year(date_bail) - year(date_creation_demande)) * 12 + month(date_bail) - month(date_creation_demande) as ecart_mois
    from qualifiees
)
select
    id_attribution, pseudonyme, date_bail,
    fragilite_quartier as fragilite,
    coalesce(fragilite_commune_connue, 'inconnu') as fragilite_commune,
    coalesce(code_quartier_resolu, 'inconnu') as quartier,
    qpv,
    code_insee as commune,
    code_bailleur as bailleur,
    case when est_residence_connue then code_residence else 'inconnu' end as residence,
    coalesce(territoire_commune, 'inconnu') as territoire,
    coalesce(ici_commune, 'inconnu') as ici,
    case when mutation then 'mutation' else 'premier_acces' end as mutation,
    coalesce(reservataire, 'inconnu') as reservataire,
    coalesce(typologie, 'inconnu') as typologie,
    coalesce(financement, 'inconnu') as financement,
    case when est_a_enjeu then 'oui' when not est_a_enjeu then 'non' else 'inconnu' end as enjeu_mixite,
    coalesce(typologie_commune::text, 'inconnu') as typologie_fragilite,
    classe,
    revenu_eur::double / plafond_menage_eur as part_plafond,
    case when classe <> 'inconnu' then classe in ('tres_modeste', 'modeste') end as est_modeste,
    case when classe <> 'inconnu' then classe = 'tres_modeste' end as est_bas_revenu,
    aci::int + dalo::int + pdalhpd::int > 0 as est_menage_aci,
    mutation_bloquee as est_mutation_bloquee,
    npru as est_npru,
    aci::int + dalo::int + pdalhpd::int + mutation_bloquee::int + npru::int = 0 as est_droit_commun,
    actif as est_actif,
    case when npru is not null then est_premier_quartile or npru end as est_premier_quartile_ou_npru,
    not est_premier_quartile as est_autre_quartile,
    case when date_creation_demande is not null then
        ecart_mois - (day(date_creation_demande) > day(date_bail))::int
    end as delai_mois,
    concat_ws('|',
        case when aci is null then 'aci' end,
        case when dalo is null then 'dalo' end,
        case when pdalhpd is null then 'pdalhpd' end,
        case when mutation_bloquee is null then 'mutation_bloquee' end,
        case when npru is null then 'npru' end
    ) as etiquettes_absentes,
    'ensemble' as ensemble,
    true as est_attribution,
    not mutation as est_premier_acces,
    qpv = 'hors_qpv' as est_hors_qpv,
    qpv not in ('hors_qpv', 'inconnu') as est_en_qpv
from classees
order by date_bail, id_attribution;

-- nom: residences_situees
-- Grain: one row per résidence kept: the stock that entrants are compared with. `n_occupants_connus` is null when one of the
-- four known classes is not counted; `lieu`: its name (or its code), its commune, its bailleur, as far as they are known. The fragilité of its quartier, and of a commune that gives its typology alone, may depend on the day: see
-- `fragilite_au` in `portees.sql`.
create table residences_situees as
select r.* exclude (code_qpv, financement, enjeu_mixite),
    r.financement as financement_donne,
    coalesce(q.code_quartier, 'inconnu') as quartier,
    case
        when r.code_qpv is not null then r.code_qpv
        when q.code_quartier is null then 'inconnu'
        else coalesce(q.code_qpv, 'hors_qpv')
    end as qpv,
    coalesce(q.code_insee, 'inconnu') as commune,
    r.code_bailleur as bailleur,
    r.code_residence as residence,
    coalesce(c.territoire, 'inconnu') as territoire,
    coalesce(c.ici, 'inconnu') as ici,
    coalesce(c.fragilite, 'inconnu') as fragilite_commune,
    coalesce(c.typologie_fragilite::text, 'inconnu') as typologie_fragilite,
    case when r.enjeu_mixite then 'oui' when not r.enjeu_mixite then 'non' else 'inconnu' end as enjeu_mixite,
    q.fragilite as fragilite_donnee,
    q.ips,
    n_occupants_tres_modestes + n_occupants_modestes + n_occupants_intermediaires + n_occupants_eleves as n_occupants_connus,
    concat_ws(', ', coalesce(r.nom, r.code_residence), c.nom, b.nom) as lieu
from residences r
left join quartiers q using (code_quartier)
left join communes c on c.code_insee = q.code_insee
left join bailleurs b using (code_bailleur)
order by r.code_residence;

-- nom: suivi
-- Grain: one row per demande, sorted by date_creation then pseudonyme (suivi.sql says what it holds).
create table suivi as from suivi_calcule();

-- nom: passages_derriere
-- Grain: one row per passage that placed a demande behind another, with the `ligne` of its follow-up, sorted by it: what a
-- page of a list quotes is found by number, with the name (its code without one) and the `lieu` of the résidence.
create table passages_derriere as
select s.ligne, e.pseudonyme, e.id_evenement, e.date_survenance, e.rang, e.typologie,
    coalesce(r.nom, e.code_residence) as residence,
    coalesce(r.lieu, e.code_residence) as lieu
from evenements e
join suivi s using (pseudonyme)
left join residences_situees r using (code_residence)
where e.type = 'PASSAGE_CAL' and e.decision = 'ATTRIBUE' and e.rang >= 2
order by s.ligne;
