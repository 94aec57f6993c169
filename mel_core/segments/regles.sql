-- Fragments over one row of `suivi` (entrepot/suivi.sql). $jour: reference date; $debut: the day that opens the window,
-- excluded. A fragment that is null (something unknown) does not hold.
-- Rules of the contract (§5). $avant: reference − N months. First and last dates settle most rows before a list is opened.

-- nom: en_attente
date_creation <= $avant and (premiere_proposition is null or premiere_proposition > $jour)

-- morceau: souvent_derriere
n_rang_2 >= $n_min and dernier_rang_2 > $debut
and len(list_filter(dates_attribue, lambda x, i: x > $debut and x <= $jour and rangs_attribue[i] >= 2)) >= $n_min
and (premier_rang_1 is null or premier_rang_1 > $jour or dernier_rang_1 <= $debut
    or len(list_filter(dates_attribue, lambda x, i: x > $debut and x <= $jour and rangs_attribue[i] = 1)) = 0)

-- nom: souvent_derriere
/* morceau: souvent_derriere */

-- nom: a_refuse
coalesce(premier_refus <= $jour, false)

-- nom: poulidor
/* morceau: souvent_derriere */
and (premier_refus is null or premier_refus > $jour)

-- nom: poulidor_refus
/* morceau: souvent_derriere */
and premier_refus <= $jour

-- nom: rang_1_sans_bail
premier_rang_1 <= $jour and dernier_rang_1 > $debut
and len(list_filter(dates_attribue, lambda x, i: x > $debut and x <= $jour and rangs_attribue[i] = 1)) > 0

-- nom: non_attribue_repete
n_non_attribue >= $n_min and dernier_non_attribue > $debut
and n_entre(dates_non_attribue, $debut, $jour) >= $n_min
and n_entre(dates_attribue, $debut, $jour) = 0

-- nom: jamais_presente
(premiere_presentation is null or premiere_presentation > $jour)

-- nom: delai_anormalement_long
case when $drapeau then delai_anormalement_long else date_creation <= $avant end

-- Expressions that depend on the reference date.

-- nom: anciennete_mois
anciennete_au(date_creation, $jour)

-- nom: n_propositions
n_jusqu_a(dates_propositions, $jour)

-- nom: n_passages_cal
n_jusqu_a(dates_passages, $jour)

-- nom: n_refus
n_jusqu_a(dates_refus, $jour)

-- nom: meilleur_rang
list_min(list_filter(rangs_attribue, lambda r, i: dates_attribue[i] <= $jour))

-- nom: n_rang_1_fenetre
len(list_filter(dates_attribue, lambda x, i: x > $debut and x <= $jour and rangs_attribue[i] = 1))

-- nom: dernier_rang_1_fenetre
list_max(list_filter(dates_attribue, lambda x, i: x > $debut and x <= $jour and rangs_attribue[i] = 1))

-- nom: n_rang_2_fenetre
len(list_filter(dates_attribue, lambda x, i: x > $debut and x <= $jour and rangs_attribue[i] >= 2))

-- nom: premier_rang_2_fenetre
list_min(list_filter(dates_attribue, lambda x, i: x > $debut and x <= $jour and rangs_attribue[i] >= 2))

-- nom: n_non_attribue_fenetre
n_entre(dates_non_attribue, $debut, $jour)

-- morceau: rang_ressources
rang_ressources(
    revenu_entier, categorie, n_supplementaires,
    $bornes_1::bigint[], $bornes_2::bigint[], $bornes_3::bigint[], $pas_1::bigint, $pas_2::bigint, $pas_3::bigint
)

-- nom: rang_ressources
/* morceau: rang_ressources */

-- nom: ressources
classe_ressources(/* morceau: rang_ressources */)

-- nom: est_premier_quartile
(case when n_uc > 0 then
    try_cast(ressources_mensuelles as decimal(30, 8)) * 12 <= $seuil_uc::decimal(20, 6) * try_cast(n_uc as decimal(18, 6))
end)

-- nom: est_mutation
(statut_logement = 'HLM')

-- nom: ordre_ressources
nullif(/* morceau: rang_ressources */, 0)

-- nom: communes_jointes
array_to_string(communes_souhaitees, '|')

-- nom: communes_residence
(case when code_insee_actuel is not null then [code_insee_actuel] end)

-- nom: typologies_jointes
array_to_string(typologies, '|')

-- morceau: labels
[case when aci then 'aci' end, case when dalo then 'dalo' end, case when pdalhpd then 'pdalhpd' end,
    case when mutation_bloquee then 'mutation_bloquee' end, case when npru then 'npru' end]

-- nom: bande_personnes
case
    when n_personnes is null or n_personnes < 1 then 'inconnu'
    when n_personnes = 1 then '1'
    when n_personnes = 2 then '2'
    when n_personnes <= 4 then '3-4'
    else '5+'
end

-- nom: labels
/* morceau: labels */

-- nom: labels_joints
nullif(array_to_string(/* morceau: labels */, '|'), '')

-- nom: drapeau
$drapeau

-- nom: drapeau_delai_anormalement_long
coalesce(delai_anormalement_long, false)

-- nom: drapeau_multiples_attributions_sous_conditions
coalesce(multiples_attributions_sous_conditions, false)

-- nom: code_motif
motif

-- Conditions of a free segment on an expression. What is unknown, and an empty list, answers none of them.

-- nom: nombre_au_moins
/* expression */ >= $valeur

-- nom: nombre_au_plus
/* expression */ <= $valeur

-- nom: mois_au_moins
date_creation <= $valeur

-- nom: mois_au_plus
date_creation > $valeur

-- nom: code_parmi
list_contains($valeur, /* expression */)

-- nom: code_hors
/* expression */ is not null and not list_contains($valeur, /* expression */)

-- nom: classe_parmi
list_contains($valeur, /* expression */)

-- nom: classe_hors
/* expression */ > 0 and not list_contains($valeur, /* expression */)

-- nom: liste_parmi
list_has_any(/* expression */, $valeur)

-- nom: liste_hors
len(/* expression */) > 0 and not list_has_any(/* expression */, $valeur)

-- nom: bits_parmi
/* expression */ & $valeur <> 0

-- nom: bits_hors
/* expression */ > 0 and /* expression */ & $valeur = 0

-- nom: booleen_est
/* expression */ = $valeur

-- nom: label_parmi
list_has_any(/* expression */, $valeur)

-- Households named one by one, those that bear an outcome in the journal or the others.

-- nom: lignes_parmi
ligne in (select unnest($lignes::integer[]))

-- nom: rang_des_lignes
list_position($lignes::integer[], ligne)

-- nom: derriere
-- The passages of these households that placed them behind another, where the scope has no follow-up: a bailleur's.
(
    select e.*, coalesce(r.nom, code_residence) as residence
    from evenements e
    left join residences_publiees r using (code_residence)
    where type = 'PASSAGE_CAL' and decision = 'ATTRIBUE' and rang >= 2 and pseudonyme in (select unnest($menages))
)

-- nom: menages_parmi
list_contains($valeur, pseudonyme)

-- nom: menages_hors
not list_contains($valeur, pseudonyme)

-- The place given of what is sorted: of a name in its order, of a household by what was noted of it.

-- nom: rang_donne
coalesce(
    (select d.rang from (select unnest($ranges::varchar[]) as cle, unnest($rangs::bigint[]) as rang) d where d.cle = /* expression */),
    $rang_des_autres::bigint
)

-- What a list may be sorted by. `ligne`, the place by date_creation then pseudonyme, settles ties.

-- nom: croissant
/* expression */ asc nulls last, ligne

-- nom: decroissant
/* expression */ desc nulls last, ligne
