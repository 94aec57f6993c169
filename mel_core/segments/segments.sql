-- nom: n
-- Grain: one row. Demandes of the segment (one column name in $segment).
select count(*) as n
from demandes_suivies($jour, $mois, $n_min, $fenetre)
where columns($segment);

-- nom: par_cle
-- Grain: one row per code of $cle (one column name); `inconnu` when empty.
with lignes as (
    select columns($cle) as cle
    from demandes_suivies($jour, $mois, $n_min, $fenetre)
    where columns($segment)
)
select coalesce(cle, 'inconnu') as cle, count(*) as n
from lignes
group by all
order by all;

-- nom: par_liste
-- Grain: one row per code found in the lists of $cle: a demande counts once in each; `inconnu` when its list is empty.
with listes as (
    select columns($cle) as codes
    from demandes_suivies($jour, $mois, $n_min, $fenetre)
    where columns($segment)
),
depliees as (
    select unnest(case when len(codes) > 0 then codes else ['inconnu'] end) as cle
    from listes
)
select cle, count(*) as n
from depliees
group by all
order by all;

-- nom: liste
-- Grain: one row per demande of the segment, the oldest first.
select pseudonyme, date_creation, anciennete_mois, statut_logement, code_insee_actuel, code_bailleur_actuel,
    array_to_string(communes_souhaitees, '|') as communes_souhaitees,
    array_to_string(typologies, '|') as typologies,
    n_personnes, ressources,
    n_propositions, n_passages_cal, n_refus, meilleur_rang,
    n_rang_2_fenetre, premier_rang_2_fenetre, n_rang_1_fenetre, dernier_rang_1_fenetre, n_non_attribue_fenetre,
    critere_mutation, aci, dalo, pdalhpd, est_drapeau_present
from demandes_suivies($jour, $mois, $n_min, $fenetre)
where columns($segment)
order by date_creation, pseudonyme;
