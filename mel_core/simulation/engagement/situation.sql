-- nom: baux
-- Grain: one row per bail signed after $debut, up to $jour: whose it is (null when not given), where, and its group of the
-- flow. A first access whose labels are unknown is `premier_acces_inconnu`.
select pseudonyme, date_bail, commune, bailleur,
    case
        when not est_premier_acces then 'mutation'
        when est_menage_aci then 'aci'
        when est_menage_aci is null then 'premier_acces_inconnu'
        else 'premier_acces'
    end as groupe
from attributions_qualifiees
where date_bail > $debut and date_bail <= $jour;

-- nom: rattachees
-- Grain: one row. Of $pseudonymes, as many times as each is given, those whose demande is still in the data.
select count(*) as n
from (select unnest($pseudonymes::varchar[]) as pseudonyme) s
semi join demandes using (pseudonyme);
