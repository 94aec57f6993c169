-- The four questions, asked of SQLite.

-- nom: part
select commune, bailleur, count(*), count(est_modeste), coalesce(sum(est_modeste), 0)
from attributions
where date_bail between :an and :jour
group by 1, 2
order by 1, 2;

-- nom: attente
select count(*)
from demandes d
where date_creation <= :ancien and (etat = 'ACTIVE' or date_radiation > :jour) and not exists (
    select 1 from evenements e
    where e.pseudonyme = d.pseudonyme and type in ('PROPOSITION', 'PASSAGE_CAL') and date_survenance <= :jour
);

-- nom: poulidor
with passages as (
    select pseudonyme, rang from evenements
    where type = 'PASSAGE_CAL' and decision = 'ATTRIBUE' and date_survenance > :debut and date_survenance <= :jour
)
select count(*)
from demandes
where date_creation <= :jour and (etat = 'ACTIVE' or date_radiation > :jour)
    and pseudonyme in (select pseudonyme from passages where rang >= 2 group by 1 having count(*) >= 2)
    and pseudonyme not in (select pseudonyme from passages where rang = 1)
    and pseudonyme not in (
        select pseudonyme from evenements where type = 'REFUS_DEMANDEUR' and date_survenance <= :jour
    );

-- nom: page
select pseudonyme
from demandes d
where date_creation <= :ancien and (etat = 'ACTIVE' or date_radiation > :jour) and not exists (
    select 1 from evenements e
    where e.pseudonyme = d.pseudonyme and type in ('PROPOSITION', 'PASSAGE_CAL') and date_survenance <= :jour
)
order by date_creation, pseudonyme
limit 500 offset 500;
