-- morceau: filtres
($ici is null or ici = $ici)
and ($commune is null or commune = $commune)
and ($bailleur is null or bailleur = $bailleur)

-- nom: parts
-- Grain: one row per combination of the columns $coupes among the attributions of the period that are in $population
-- (one column name). n: attributions; n_connus: those whose $valeur (one column name) is known; numerateur: those where it
-- is true.
select columns($coupes),
    count(*) as n,
    count(columns($valeur)) as n_connus,
    count(*) filter (where columns($valeur)) as numerateur
from attributions_qualifiees
where date_bail between $debut and $fin
    and columns($population)
    and (/* morceau: filtres */)
group by all;

-- nom: parts_par_fragilite
-- Grain: as `parts`, for an indicator whose target depends on the class of fragilité of the quartiers: the three counts
-- once more in each class, suffixed by its name, and `n_inconnu`, attributions in a quartier of unknown class.
select columns($coupes),
    count(*) as n,
    count(columns($valeur)) as n_connus,
    count(*) filter (where columns($valeur)) as numerateur,
    count(*) filter (where fragilite = 'fragile') as n_fragile,
    count(columns($valeur)) filter (where fragilite = 'fragile') as n_connus_fragile,
    count(*) filter (where fragilite = 'fragile' and columns($valeur)) as numerateur_fragile,
    count(*) filter (where fragilite = 'moyenne') as n_moyenne,
    count(columns($valeur)) filter (where fragilite = 'moyenne') as n_connus_moyenne,
    count(*) filter (where fragilite = 'moyenne' and columns($valeur)) as numerateur_moyenne,
    count(*) filter (where fragilite = 'sans') as n_sans,
    count(columns($valeur)) filter (where fragilite = 'sans') as n_connus_sans,
    count(*) filter (where fragilite = 'sans' and columns($valeur)) as numerateur_sans,
    count(*) filter (where fragilite = 'inconnu') as n_inconnu
from attributions_qualifiees
where date_bail between $debut and $fin
    and columns($population)
    and (/* morceau: filtres */)
group by all;

-- nom: classes
-- Grain: as `parts`; one count of attributions per class of ressources.
select columns($coupes),
    count(*) as n,
    count(*) filter (where classe = 'tres_modeste') as tres_modeste,
    count(*) filter (where classe = 'modeste') as modeste,
    count(*) filter (where classe = 'intermediaire') as intermediaire,
    count(*) filter (where classe = 'eleve') as eleve,
    count(*) filter (where classe = 'inconnu') as inconnu
from attributions_qualifiees
where date_bail between $debut and $fin
    and (/* morceau: filtres */)
group by all;

-- nom: flux
-- Grain: as `parts`, among the attributions of the gestion en flux. n_connus: those whose réservataire is known; one count
-- per réservataire.
select columns($coupes),
    count(*) as n,
    count(reservataire_du_flux) as n_connus,
    count(*) filter (where reservataire_du_flux = 'COLTER') as COLTER,
    count(*) filter (where reservataire_du_flux = 'COLACT') as COLACT,
    count(*) filter (where reservataire_du_flux = 'PPRIOR') as PPRIOR,
    count(*) filter (where reservataire_du_flux = 'PFONCT') as PFONCT,
    count(*) filter (where reservataire_du_flux = 'AUTRES') as AUTRES,
    count(*) filter (where reservataire_du_flux = 'AUCUN') as AUCUN
from attributions_qualifiees
where date_bail between $debut and $fin
    and est_en_flux
    and (/* morceau: filtres */)
group by all;

-- nom: delais
-- Grain: as `parts`; whole months between the demande and the bail, linear quantiles; null when no row has both dates.
select columns($coupes),
    count(*) as n,
    count(delai_mois) as n_connus,
    avg(delai_mois) as moyenne_mois,
    quantile_cont(delai_mois, 0.5) as mediane_mois,
    quantile_cont(delai_mois, 0.9) as p90_mois
from attributions_qualifiees
where date_bail between $debut and $fin
    and (/* morceau: filtres */)
group by all;

-- nom: stock
-- Grain: one row per combination of $coupes among the résidences. Occupants of those whose four known classes are all
-- counted; null when there is none.
with situees as (
    select r.* exclude (fragilite_commune, enjeu_mixite, typologie_fragilite),
        fragilite_au(nullif(r.fragilite_commune, 'inconnu'), try_cast(r.typologie_fragilite as tinyint), $fin)
            as fragilite_commune,
        coalesce(r.enjeu_mixite, 'inconnu') as enjeu_mixite,
        coalesce(r.typologie_fragilite, 'inconnu') as typologie_fragilite,
        fragilite_au(r.fragilite_donnee, r.ips, $fin) as fragilite,
        coalesce(r.financement_donne, 'inconnu') as financement,
        'ensemble' as ensemble
    from residences_situees r
)
select columns($coupes),
    sum(n_occupants_tres_modestes + n_occupants_modestes) filter (where n_occupants_connus is not null)::bigint as modestes,
    sum(n_occupants_connus)::bigint as connus
from situees
where (/* morceau: filtres */)
group by all;

-- nom: etiquettes_absentes
-- Grain: as `parts`, for the cells where the file of some row has not one of the label columns $etiquettes. colonnes: those
-- columns, joined by `|`.
with absentes as (
    select columns($coupes), unnest(string_split(etiquettes_absentes, '|')) as colonne
    from attributions_qualifiees
    where date_bail between $debut and $fin
        and columns($population)
        and etiquettes_absentes <> ''
        and (/* morceau: filtres */)
)
select columns($coupes), array_to_string(list_sort(list(distinct colonne)), '|') as colonnes
from absentes
where list_contains($etiquettes, colonne)
group by all;

-- nom: couverture
-- Grain: as `parts`. n: attributions; n_connus: those whose $lue (one column name) says something.
select columns($coupes) as code,
    count(*) as n,
    count(nullif(columns($lue)::varchar, 'inconnu')) as n_connus
from attributions_qualifiees
where date_bail between $debut and $fin
    and columns($population)
    and (/* morceau: filtres */)
group by all
order by code;

-- nom: etendue
-- Grain: one row, the first and the last day that the whole of $table holds, whatever the scope; none without any, or
-- where a frozen séance did not keep them.
select premiere, derniere from etendues where nom = $table;

-- nom: cibles
-- Grain: one row per place that has a target in force on $jour (commune, bailleur, réservataire; none of them: the whole);
-- valeur and bande are exact fractions « p/q ».
select valeur, bande, source, commune, bailleur, reservataire, sens, en_nombre
from parametres_cibles
where indicateur = $indicateur and depuis <= $jour
qualify row_number() over (partition by commune, bailleur, reservataire order by depuis desc, ordre desc) = 1
order by commune, bailleur, reservataire;

-- nom: perimetre
-- Grain: one row per code that a filter may name.
select 'ici' as filtre, ici as code from communes where ici is not null group by all
union all select 'commune', code_insee from communes
union all select 'bailleur', code_bailleur from bailleurs;

-- nom: bailleur_porte
-- Grain: one row when attributions in scope bear $bailleur, whether or not the table bailleurs still names it; else none.
select bailleur from attributions_qualifiees where bailleur = $bailleur limit 1;
