-- nom: etendue
-- Grain: one row. First and last date_bail of the attributions in scope; null when there is none.
select min(date_bail) as debut, max(date_bail) as fin
from attributions_qualifiees;

-- nom: icis
-- Grain: one row per ICI × territoire of the communes of the Métropole, by code. Communes without an ICI are left out.
select ici, territoire
from communes
where ici is not null
group by ici, territoire
order by ici, territoire;

-- nom: communes
-- Grain: one row per commune. territoire and ici are null when not given.
select code_insee as commune, nom, territoire, ici
from communes
order by code_insee;

-- nom: bailleurs
-- Grain: one row per bailleur.
select code_bailleur as bailleur, nom
from bailleurs
order by code_bailleur;

-- nom: quartiers
-- Grain: one row per quartier.
select code_quartier as code, nom, code_insee as commune
from quartiers
order by code_quartier;

-- nom: residences
-- Grain: one row per résidence in scope. nom is null when not given; commune is `inconnu` without a known quartier;
-- enjeu_mixite is `oui`, `non`, `inconnu`.
select residence as code, nom, commune, quartier, bailleur, enjeu_mixite
from residences_situees
order by residence;

-- nom: residences_nommees
-- Grain: one row per résidence of $codes in scope that a file names.
select residence as code, nom
from residences_situees
where nom is not null and residence in (select unnest($codes::text[]));

-- nom: typologies
-- Grain: one row per typology of communes that has a rule on $jour: the fragilité that it stands for.
select ips as typologie, fragilite
from parametres_fragilite_ips
where $jour >= depuis and $jour < jusqu_a
order by ips desc;
