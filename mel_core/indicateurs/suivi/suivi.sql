-- nom: operations
-- Grain: one row per operation of construction, by year then code. Counts of dwellings, null when not given; ici is null
-- when the commune has none.
select o.code_operation as operation, o.nom, o.code_insee as commune, c.nom as nom_commune, c.ici, o.annee,
    o.n_logements, o.n_plus, o.n_plai, o.n_pls, o.n_t1, o.n_t2, o.n_t3, o.n_t4, o.n_t5, o.n_t6p, coalesce(o.npru, false) as npru
from programmation o
left join communes c using (code_insee)
where $ici is null or c.ici = $ici
order by o.annee, o.code_operation;

-- nom: residences
-- Grain: one row per résidence in scope. `n_occupes`: its dwellings less the vacant ones (all of them when vacancy is not
-- given). Occupants of its last enquête: modest (very modest included), known (null when one of the four classes is not
-- counted), unknown (0 when not given). taux_rotation is 0–1 a year, null when not given. The fragilité is that of its
-- quartier on $jour.
select r.residence, r.quartier, r.commune, r.bailleur, fragilite_au(r.fragilite_donnee, r.ips, $jour) as fragilite,
    greatest(r.n_logements - coalesce(r.n_vacants, 0), 0) as n_occupes,
    r.taux_rotation,
    case when r.n_occupants_connus is not null then r.n_occupants_tres_modestes + r.n_occupants_modestes end as n_modestes,
    r.n_occupants_connus as n_connus,
    coalesce(r.n_occupants_inconnus, 0) as n_inconnus,
    r.annee_enquete
from residences_situees r
where $ici is null or r.ici = $ici
order by r.residence;

-- nom: accueil
-- Grain: one row per place and month (« 2017-09 ») up to $mois. Counts are null when not given; commune is « inconnu » without
-- a code. `n_enregistrements_en_ligne` is part of `n_enregistrements`.
select a.code_lieu as lieu, a.mois, coalesce(a.nom, a.code_lieu) as nom, a.type_lieu, a.porteur,
    coalesce(a.code_insee, 'inconnu') as commune, c.nom as nom_commune, c.ici,
    a.n_pre_accueil, a.n_enregistrements, a.n_enregistrements_en_ligne, a.n_entretiens
from accueil a
left join communes c using (code_insee)
where ($ici is null or c.ici = $ici) and a.mois <= $mois
order by a.code_lieu, a.mois;

-- nom: quartiers
-- Grain: one row per quartier, with what its index is made of. revenu_median_uc is in euros a year per consumption unit, shares
-- are 0–1; null when not given. fragilite: given, else from `ips` by the parameter in force on $jour, else « inconnu ».
select q.code_quartier as quartier, q.nom, q.code_insee as commune, c.nom as nom_commune, c.territoire, c.ici,
    fragilite_au(q.fragilite, q.ips, $jour) as fragilite,
    q.fragilite is not null as est_donnee, q.ips, q.code_qpv, q.nom_qpv, q.population, q.revenu_median_uc, q.part_non_emploi,
    q.part_familles_4_enfants, q.part_familles_monoparentales, q.part_modestes_parc_social, q.part_modestes_parc_prive,
    q.n_hlm
from quartiers q
left join communes c using (code_insee)
where $ici is null or c.ici = $ici
order by q.code_quartier;

-- nom: referentiel
-- Grain: one row per commune of the Métropole. fragilite: given, else from its typology by the parameter in force on $jour,
-- else « inconnu ».
select c.code_insee as commune, c.nom, c.territoire, c.ici, fragilite_au(c.fragilite, c.typologie_fragilite, $jour) as fragilite,
    c.typologie_fragilite as typologie, c.depuis, c.population
from communes c
where $ici is null or c.ici = $ici
order by c.code_insee;
