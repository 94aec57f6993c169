-- nom: cibles
-- Grain: one row per version of a target. `valeur` and `bande` are fractions « p/q »; `ordre` tells versions of one day apart.
select p.*, c.nom as nom_commune, b.nom as nom_bailleur
from parametres_cibles p
left join communes c on c.code_insee = p.commune
left join bailleurs b on b.code_bailleur = p.bailleur
order by p.indicateur, p.commune nulls first, p.bailleur nulls first, p.reservataire nulls first, p.depuis, p.ordre;

-- nom: bornes
-- Grain: one row per date of effect of the bounds of the classes of ressources (shares of the PLUS ceiling).
select depuis, borne_1::double as borne_1, borne_2::double as borne_2, borne_3::double as borne_3, source, auteur
from parametres_bornes
order by depuis;

-- nom: fragilite_ips
-- Grain: one row per date of effect; `regle` reads « 4 fragile, 3 fragile… ».
select depuis, string_agg(ips || ' ' || fragilite, ', ' order by ips desc) as regle, any_value(source) as source,
    any_value(auteur) as auteur
from parametres_fragilite_ips
group by depuis
order by depuis;

-- nom: seuils
-- Grain: one row per year, in € per unité de consommation and year.
select annee, seuil_eur_uc::double as seuil_eur_uc, source, auteur
from parametres_seuils
order by annee;

-- nom: plafonds
-- Grain: one row per year: PLUS ceilings of categories 1 to 6 (€ a year), and what each person beyond six adds.
select annee, list(plafond_eur order by categorie) as plafonds_eur, any_value(supplement_eur) as supplement_eur,
    any_value(source) as source, any_value(auteur) as auteur
from parametres_plafonds
group by annee
order by annee;
