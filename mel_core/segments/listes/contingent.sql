-- nom: contingent
-- Grain: one row per attribution in scope signed from $debut to $fin, the latest first. Codes, `inconnu` when empty; a label is null
-- where its file does not have the columns that it rests on.
select pseudonyme, date_bail, commune, quartier, residence, bailleur, typologie, classe, mutation, est_menage_aci, est_npru
from attributions_qualifiees
where date_bail between $debut and $fin
order by date_bail desc, id_attribution;
