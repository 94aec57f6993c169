-- Each block answers for three circles at once, one inside the other: `secteur`, `ici`, `mel` (whatever the reader may see).
-- Whether a row has the profile asked is three-valued: null when what it takes to know is not said. Holes are filled by the
-- rules of the segments (segments/regles.sql).

-- nom: perimetre
-- Grain: one row per code that a sector may name, with its ICI (null when the commune has none), name and commune.
select 'ici' as quoi, ici as code, ici, ici as nom, null as commune from communes where ici is not null group by all
union all select 'commune', code_insee, ici, nom, code_insee from communes
union all select 'quartier', code_quartier, c.ici, q.nom, q.code_insee from quartiers q join communes c using (code_insee)
union all select 'residence', residence, ici, nom, commune from residences_situees;

-- nom: derniere_connue
-- Grain: one row. jour: the last day of which the snapshot knows a bail or an event of the follow-up; null without any.
select greatest(
    (select max(date_bail) from attributions_qualifiees), (select max(date_survenance) from evenements)
) as jour;

-- morceau: profil
-- Whether an attribution is of the profile; null when nobody knows.
($typologie is null or nullif(typologie, 'inconnu') = $typologie)
    and ($ressources is null or nullif(classe, 'inconnu') = $ressources)
    and ($acces is null or mutation = $acces)
    and ($label is null or case $label
        when 'aci' then est_menage_aci
        when 'mutation_bloquee' then est_mutation_bloquee
        when 'npru' then est_npru
        else est_droit_commun
    end)

-- morceau: menage
-- Whether a household is housed for the first time or moves, and bears the label, as asked; null when nobody knows.
($acces is null or (statut_logement = 'HLM') = ($acces = 'mutation'))
    and ($label is null or case $label
        when 'aci' then est_menage_aci
        when 'mutation_bloquee' then mutation_bloquee
        when 'npru' then npru
        else est_menage_aci::int + mutation_bloquee::int + npru::int = 0
    end)

-- morceau: cercles
-- The circles where a row of a place counts.
case
    when ici is distinct from $ici then ['mel']
    when $entiere
        or list_contains($communes::varchar[], commune)
        or list_contains($quartiers::varchar[], quartier)
        or list_contains($residences::varchar[], residence) then ['mel', 'ici', 'secteur']
    else ['mel', 'ici']
end

-- nom: attributions
-- Grain: one row per circle with an attribution of the period. n: all; n_profil: of the profile; n_inconnus: nobody knows;
-- n_sans_lieu: whose quartier and résidence are both unknown; n_delais, mediane_mois: of the profile, both dates known.
with siennes as (
    select *,
        (/* morceau: profil */) as est_profil,
        /* morceau: cercles */ as cercles
    from attributions_qualifiees
    where date_bail between $debut and $fin
),
par_cercle as (
    select unnest(cercles) as cercle, * exclude (cercles) from siennes
)
select cercle,
    count(*) as n,
    count(*) filter (where est_profil) as n_profil,
    count(*) filter (where est_profil is null) as n_inconnus,
    count(*) filter (where quartier = 'inconnu' and residence = 'inconnu') as n_sans_lieu,
    count(delai_mois) filter (where est_profil) as n_delais,
    median(delai_mois) filter (where est_profil) as mediane_mois
from par_cercle
group by all;

-- nom: contingents
-- Grain: one row per circle × réservataire among the attributions of the profile in the period.
with siennes as (
    select reservataire,
        /* morceau: cercles */ as cercles
    from attributions_qualifiees
    where date_bail between $debut and $fin
        and (/* morceau: profil */)
),
par_cercle as (
    select unnest(cercles) as cercle, reservataire from siennes
)
select cercle, reservataire as code, count(*) as n
from par_cercle
group by all
order by all;

-- nom: demandes
-- Grain: one row per circle that an active demande wants on $jour. n, n_profil, n_inconnus: demandes; souhaits: communes of
-- the circle that those of the profile want (a demande counts in each); n_attente: of the profile, waiting more than 24
-- months without a proposal recorded; mediane_mois: age of those of the profile.
with siennes as (
    select ligne, list_distinct(communes_souhaitees) as communes,
        coalesce((/* en_attente */), false) as est_en_attente,
        /* anciennete_mois */ as anciennete_mois,
        ($typologie is null or list_contains(typologies, $typologie))
            and ($ressources is null or nullif(/* ressources */, 'inconnu') = $ressources)
            and /* morceau: menage */ as est_profil
    from demandes_actives($jour)
),
voulues as (
    select ligne, unnest(communes) as code_insee from siennes
),
souhaits as (
    select ligne,
        count(*) as mel,
        count(*) filter (where c.ici = $ici) as ici,
        count(*) filter (where list_contains($communes_du_secteur::varchar[], code_insee)) as secteur
    from voulues
    join communes c using (code_insee)
    group by ligne
),
par_cercle as (
    select est_profil, est_en_attente, anciennete_mois,
        unnest(['mel', 'ici', 'secteur']) as cercle,
        unnest([mel, ici, secteur]) as souhaits
    from siennes
    join souhaits using (ligne)
)
select cercle,
    count(*) as n,
    count(*) filter (where est_profil) as n_profil,
    count(*) filter (where est_profil is null) as n_inconnus,
    coalesce(sum(souhaits) filter (where est_profil), 0)::bigint as souhaits,
    count(*) filter (where est_profil and est_en_attente) as n_attente,
    median(anciennete_mois) filter (where est_profil) as mediane_mois
from par_cercle
where souhaits > 0
group by all;

-- nom: passages
-- Grain: one row per circle × motif_refus with a passage in commission of the period, of households of the profile or
-- whose profile nobody knows (est_profil null).
with personnes as (
    select d.pseudonyme, d.statut_logement, d.aci::int + d.dalo::int + d.pdalhpd::int > 0 as est_menage_aci, d.mutation_bloquee, d.npru,
        coalesce(nullif(s.ressources, 'inconnu'), a.classe) as classe
    from demandes d
    left join (
        select pseudonyme, /* ressources */ as ressources from demandes_actives($jour) where $ressources is not null
    ) s using (pseudonyme)
    left join (
        select pseudonyme, arg_max(classe, date_bail) as classe
        from attributions_qualifiees
        where $ressources is not null and date_bail between $debut and $fin and classe <> 'inconnu'
        group by all
    ) a using (pseudonyme)
),
siens as (
    select p.*,
        ($typologie is null or nullif(p.typologie, 'inconnu') = $typologie)
            and ($ressources is null or d.classe = $ressources)
            and /* morceau: menage */ as est_profil,
        /* morceau: cercles */ as cercles
    from passages_situes($debut, $fin) p
    left join personnes d using (pseudonyme)
),
par_cercle as (
    select unnest(cercles) as cercle, * exclude (cercles) from siens where est_profil is not false
)
select cercle, est_profil,
    case when est_refuse then coalesce(motif_refus, 'inconnu') end as motif_refus,
    count(*) as n,
    count(decision) as n_decisions,
    count(*) filter (where decision = 'NON_ATTRIBUE') as n_non_attribues,
    count(*) filter (where est_refuse) as n_refus,
    count(*) filter (where est_rang_1) as n_rang_1,
    count(*) filter (where est_rang_1 and est_refuse) as n_rang_1_refuses,
    count(*) filter (where commune = 'inconnu') as n_sans_lieu
from par_cercle
group by all
order by all;

-- nom: stock
-- Grain: one row per circle with a résidence. n: dwellings; n_connus, n_vacants: of the résidences whose vacancy is counted
-- (the same with `_3_mois`).
with siennes as (
    select *,
        /* morceau: cercles */ as cercles
    from residences_situees
),
par_cercle as (
    select unnest(cercles) as cercle, * exclude (cercles) from siennes
)
select cercle,
    sum(n_logements)::bigint as n,
    coalesce(sum(n_logements) filter (where n_vacants is not null), 0)::bigint as n_connus,
    coalesce(sum(n_vacants), 0)::bigint as n_vacants,
    coalesce(sum(n_logements) filter (where n_vacants_3_mois is not null), 0)::bigint as n_connus_3_mois,
    coalesce(sum(n_vacants_3_mois), 0)::bigint as n_vacants_3_mois
from par_cercle
group by all;
