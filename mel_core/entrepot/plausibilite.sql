-- nom: parametres
-- Grain: that of each table. What classes ressources, of the snapshot that is attached.
create view parametres_bornes as from base.parametres_bornes;
create view parametres_plafonds as from base.parametres_plafonds;

-- nom: residences
-- Grain: a résidence of the snapshot that is attached.
create view residences as from base.residences;

-- nom: sans_residences
-- Grain: none. No file gives them.
create view residences as select null::varchar as code_residence, null::varchar as code_quartier where false;

-- nom: lignes
-- Grain: one row per table, of a snapshot that is attached or opened by itself: how many rows it holds.
select nom as "table", n from tables_chargees;

-- nom: remplies
-- Grain: one row. Of the rows of $table, `lignes`, how many say something in each of its columns, under its name.
select count(*) as lignes, count(columns(*)) from query_table($table);

-- nom: remplies_par_bailleur
-- Grain: one row per bailleur of $table (`de`): the same of its rows.
select code_bailleur as de, count(*) as lignes, count(columns(*)) from query_table($table)
where code_bailleur is not null
group by code_bailleur;

-- nom: sues
-- Grain: one row per bailleur of the attributions (`de`), and one of them all (empty), over the twelve months up to the
-- last lease: `lignes`, those that say a quartier or a résidence, known or not (`situees`), then those of which the bilan knows the quartier (its own, else its résidence's), the ressources
-- and whether the household is ACI.
select
    coalesce(a.code_bailleur, '') as de,
    count(*) as lignes,
    count(*) filter (coalesce(a.code_quartier, a.code_residence) is not null) as situees,
    count(*) filter (coalesce(nullif(a.code_quartier, 'inconnu'), nullif(r.code_quartier, 'inconnu')) is not null) as quartier,
    count(*) filter (a.revenu_fiscal > 0 and coalesce(a.categorie_menage, a.n_personnes) is not null) as ressources,
    count(*) filter ((a.aci or a.dalo or a.pdalhpd) is not null) as public
from attributions a
left join (select distinct on (code_residence) code_residence, code_quartier from residences) r using (code_residence)
where a.date_bail > (select max(date_bail) from attributions) - interval 1 year
group by grouping sets ((), (a.code_bailleur))
order by de;

-- nom: montants
-- Grain: one row per column of $colonnes that has a positive cell in $table: how many (`n`), and their median.
with cellules as (
    unpivot (select columns($colonnes)::double from query_table($table)) on columns(*) into name colonne value valeur
)
select colonne, count(*) as n, median(valeur) as mediane
from cellules
where valeur > 0
group by colonne;

-- nom: montants_par_bailleur
-- Grain: one row per bailleur of $table and column of $colonnes that has a positive cell there: the same.
with cellules as (
    unpivot (select code_bailleur as de, columns($colonnes)::double from query_table($table))
    on columns(* exclude (de)) into name colonne value valeur
)
select de, colonne, count(*) as n, median(valeur) as mediane
from cellules
where valeur > 0 and de is not null
group by all
order by all;

-- nom: modestes
-- Grain: one row. Attributions whose ressources are known (`n`), and those of modest or very modest households (`k`).
select count(*) as n,
    count(*) filter (where a.revenu_fiscal < b.borne_2 * (
        p.plafond_eur + case when p.categorie = 6 then coalesce(p.supplement_eur, 0) * greatest(a.n_personnes - 6, 0) else 0 end
    )) as k
from attributions a
join parametres_bornes b on a.date_bail >= b.depuis and a.date_bail < b.jusqu_a
join parametres_plafonds p
    on p.annee = year(a.date_bail) and p.categorie = coalesce(a.categorie_menage, least(a.n_personnes, 6))
where a.revenu_fiscal > 0;

-- nom: mois
-- Grain: one row per month of the column $jour (its name) of $table: how many rows.
select date_trunc('month', columns($jour))::date as mois, count(*) as n
from query_table($table)
group by all;
