-- nom: lignes
-- Grain: one row per attribution of the period in $population (a column), with the cell that it counts in, `groupe` (the
-- column $groupe), and its $valeur (a column; null = unknown).
select id_attribution, bailleur, columns($groupe) as groupe, columns($valeur) as valeur
from attributions_qualifiees
where date_bail between $debut and $fin and columns($population);
