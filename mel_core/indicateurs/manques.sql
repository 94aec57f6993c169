-- nom: attributions
-- Grain: one row when the attributions were loaded: what was declared of their columns (`declarees`, list of « column=what
-- covers it », a column that an older snapshot does not have).
from tables_chargees where nom = 'attributions';

-- nom: annees_connues
-- Grain: one row per year whose first-quartile threshold is known.
select annee from parametres_seuils;

-- nom: tables_vides
-- Grain: one row per table that was given without a row, or of which none was kept.
select nom from tables_chargees where n = 0;

-- nom: premier_evenement
-- Grain: one row, the first event of the whole table, whatever the scope; none without any.
select premiere from etendues where nom = 'evenements';

-- nom: arrets
-- Grain: one row per table that stops too early, whatever the scope: the demandes before the month of $jour, the events
-- before that day.
select nom, derniere from etendues
where nom = 'demandes' and derniere < date_trunc('month', $jour::date) or nom = 'evenements' and derniere < $jour
order by nom;

-- nom: passages
-- Grain: one row, the passages decided ATTRIBUE after $debut and up to $jour, and those of them that have no rang.
select count(*) as n_passages, count(*) filter (rang is null) as sans_rang
from evenements
where type = 'PASSAGE_CAL' and decision = 'ATTRIBUE' and date_survenance > $debut and date_survenance <= $jour;
