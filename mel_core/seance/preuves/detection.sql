-- nom: passages
-- Grain: one row per commune × bailleur × residence × typologie (`inconnu` when not said) with at least one passage in
-- commission of the period whose commune is known. rang_1: first ranks; rang_1_refuses: those that the household refused;
-- decisions: passages whose decision is known; non_attribues: those decided NON_ATTRIBUE.
select ici, commune, bailleur, residence, typologie,
    count(*) filter (where est_rang_1) as rang_1,
    count(*) filter (where est_rang_1 and est_refuse) as rang_1_refuses,
    count(decision) as decisions,
    count(*) filter (where decision = 'NON_ATTRIBUE') as non_attribues
from passages_situes($debut, $fin)
where ici <> 'inconnu'
group by all
order by all;

-- nom: stock
-- Grain: one row per résidence of a known commune whose vacant dwellings are counted. A résidence of the renewal programme
-- is emptied on purpose: left out.
select ici, commune, bailleur, residence, 'inconnu' as typologie,
    n_logements as logements,
    least(n_vacants, n_logements) as vacants
from residences_situees
where ici <> 'inconnu' and n_vacants is not null and not coalesce(npru, false)
order by residence;

-- nom: noms
-- Grain: one row per code of a commune, bailleur or résidence in scope; nom is null when not given.
select 'commune' as quoi, code_insee as code, nom from communes
union all select 'bailleur', code_bailleur, nom from bailleurs
union all select 'residence', residence, nom from residences_situees;
