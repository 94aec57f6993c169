-- nom: evenements_par_bailleur
-- Grain: one row per bailleur that recorded an event of the follow-up in either period. `nom`, `avant`, `maintenant`
-- (events by date of occurrence). Events without a bailleur are nobody's.
select
    e.code_bailleur,
    coalesce(any_value(b.nom), e.code_bailleur) as nom,
    count(*) filter (where e.date_survenance between $avant_debut and $avant_fin) as avant,
    count(*) filter (where e.date_survenance between $debut and $fin) as maintenant
from evenements e
left join bailleurs b using (code_bailleur)
where e.code_bailleur is not null
group by e.code_bailleur
having avant + maintenant > 0
order by e.code_bailleur
