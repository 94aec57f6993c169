-- nom: bailleurs
-- Grain: one row per bailleur that has a row in $table.
select distinct code_bailleur from query_table($table) where code_bailleur is not null;

-- nom: parametres
-- Grain: that of each table. What classes ressources, of the snapshot that is attached.
create view parametres_bornes as from base.parametres_bornes;
create view parametres_plafonds as from base.parametres_plafonds;

-- nom: lignes
-- Grain: one row per table, of a snapshot that is attached or opened by itself: how many rows it holds.
select nom as "table", n from tables_chargees;

-- nom: remplies
-- Grain: one row. Of the rows of $table, `lignes`, how many say something in each of its columns, under its name.
select count(*) as lignes, count(columns(*)) from query_table($table);

-- nom: montants
-- Grain: one row per column of $colonnes that has a positive cell in $table: how many (`n`), and their median.
with cellules as (
    unpivot (select columns($colonnes)::double from query_table($table)) on columns(*) into name colonne value valeur
)
select colonne, count(*) as n, median(valeur) as mediane
from cellules
where valeur > 0
group by colonne;

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

-- nom: en_place
-- Grain: one row per row of $table, as it was given.
from query_table($table);
