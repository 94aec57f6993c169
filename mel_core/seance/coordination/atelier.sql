-- nom: recus
-- Grain: one row per bailleur with a lease signed in the semester. fin: its last one.
select bailleur, max(date_bail) as fin
from attributions_qualifiees
where date_bail between $debut and $fin
group by bailleur;
