-- nom: inconnues
-- Grain: one row. Active demandes of which the rule (segments/regles.sql) says neither yes nor no: something is missing.
select count(*) as n
from suivi
where date_creation <= $jour and fin > $jour and (/* regle */) is null;
