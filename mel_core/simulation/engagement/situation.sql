-- nom: flux
-- Grain: one row per commune × bailleur with a bail signed after $debut, up to $jour: `n` attributions.
select commune, bailleur, count(*) as n
from attributions_qualifiees
where date_bail > $debut and date_bail <= $jour
group by all
order by all;

-- nom: observes
-- Grain: one row. Bails signed after $avant, up to $jour, and those of them signed by a household of $pseudonymes.
select count(*) as n_attributions,
    count(*) filter (where s.pseudonyme is not null) as n_observes
from attributions_qualifiees a
left join (select distinct unnest($pseudonymes::varchar[]) as pseudonyme) s using (pseudonyme)
where a.date_bail > $avant and a.date_bail <= $jour;

-- nom: servis
-- Grain: one row per bail signed after $avant, up to $jour: whose it is (null when not given).
select pseudonyme
from attributions_qualifiees
where date_bail > $avant and date_bail <= $jour
order by all;

-- nom: rattachees
-- Grain: one row. Of $pseudonymes, as many times as each is given, those whose demande is still in the data.
select count(*) as n
from (select unnest($pseudonymes::varchar[]) as pseudonyme) s
semi join demandes using (pseudonyme);

-- nom: partis_avec_bail
-- Grain: one row. Of the households of $pseudonymes, those who signed a bail after $avant, up to $jour.
select count(*) as n
from (select distinct unnest($pseudonymes::varchar[]) as pseudonyme) s
semi join (
    select pseudonyme from attributions_qualifiees where date_bail > $avant and date_bail <= $jour
) b using (pseudonyme);

-- nom: autres
-- Grain: one row per group of the flow, after $debut and up to $jour, outside the households of $pseudonymes: `n`
-- attributions. A first access whose labels are unknown is `premier_acces_inconnu`.
select
    case
        when not est_premier_acces then 'mutation'
        when est_menage_aci then 'aci'
        when est_menage_aci is null then 'premier_acces_inconnu'
        else 'premier_acces'
    end as groupe,
    count(*) as n
from attributions_qualifiees a
anti join (select distinct unnest($pseudonymes::varchar[]) as pseudonyme) s using (pseudonyme)
where a.date_bail > $debut and a.date_bail <= $jour
group by all
order by all;
