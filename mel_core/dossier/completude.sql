-- nom: par_bailleur
-- Grain: one row per bailleur that has attributions in the period or résidences, in the ICI: what its files say.
-- n (attributions), n_ressources, n_quartier (those whose ressources, whose quartier are known), n_residences,
-- n_evenements (propositions, passages and visits of the period in its résidences or under its code). 0 is none recorded.
with
attribuees as (
    select
        bailleur,
        count(*) as n,
        count(*) filter (classe <> 'inconnu') as n_ressources,
        count(*) filter (quartier <> 'inconnu') as n_quartier
    from attributions_qualifiees
    where ici = $ici and date_bail between $debut and $fin
    group by bailleur
),
parc as (
    select bailleur, count(*) as n_residences
    from residences_situees
    where ici = $ici
    group by bailleur
),
rapportes as (
    select coalesce(r.bailleur, e.code_bailleur) as bailleur, count(*) as n_evenements
    from evenements e
    left join residences_situees r on r.residence = e.code_residence
    where e.date_survenance between $debut and $fin and (r.ici = $ici or r.residence is null)
    group by 1
)
select
    bailleur,
    coalesce(b.nom, bailleur) as nom,
    coalesce(a.n, 0) as n,
    coalesce(a.n_ressources, 0) as n_ressources,
    coalesce(a.n_quartier, 0) as n_quartier,
    coalesce(p.n_residences, 0) as n_residences,
    coalesce(e.n_evenements, 0) as n_evenements
from attribuees a
full join parc p using (bailleur)
left join rapportes e using (bailleur)
left join bailleurs b on b.code_bailleur = bailleur
order by n desc, bailleur;
