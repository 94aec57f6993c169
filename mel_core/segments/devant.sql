-- nom: passages
-- Grain: one row. Passages of $menages placed 2nd or further by a commission after $debut and up to $jour (`n_passages`), and
-- those of which a rang 1 is recorded at the same known résidence on the same day, whoever it is (`n_avec_premier`).
with places as (
    select e.pseudonyme, e.rang, e.date_survenance, r.residence as code_residence
    from evenements e
    left join residences_situees r on r.residence = e.code_residence
    where type = 'PASSAGE_CAL' and decision = 'ATTRIBUE' and date_survenance > $debut and date_survenance <= $jour
),
premiers as (
    select distinct code_residence, date_survenance, true as est_dit
    from places
    where rang = 1 and code_residence is not null
)
select count(*) as n_passages, count(est_dit) as n_avec_premier
from places
left join premiers using (code_residence, date_survenance)
where rang >= 2 and pseudonyme in (select unnest($menages));

-- nom: premiers
-- Grain: one row per axis × modality that occurs among the demandes placed first there: n demandes, each once. Its label, its
-- household, its ressources and its ancienneté are those of the reference date (`inconnu` when no demande is found, or when it
-- does not say); bailleur, commune and typologie are those of the passages, and a demande that was first in two counts in each.
with places as (
    select e.pseudonyme, e.rang, e.date_survenance, e.typologie, r.residence as code_residence,
        e.code_bailleur as bailleur
    from evenements e
    left join residences_situees r on r.residence = e.code_residence
    where type = 'PASSAGE_CAL' and decision = 'ATTRIBUE' and date_survenance > $debut and date_survenance <= $jour
),
derriere as (
    select distinct code_residence, date_survenance
    from places
    where rang >= 2 and pseudonyme in (select unnest($menages))
),
premiers as (
    select p.pseudonyme, p.typologie, p.bailleur, r.commune
    from places p
    semi join derriere d using (code_residence, date_survenance)
    left join residences_situees r on r.residence = p.code_residence
    where p.rang = 1
),
connus as (
    select pseudonyme,
        case
            when npru then 'npru'
            when npru is null then 'inconnu'
            when dalo then 'dalo'
            when dalo is null then 'inconnu'
            when pdalhpd then 'pdalhpd'
            when pdalhpd is null then 'inconnu'
            when aci then 'aci'
            when aci is null then 'inconnu'
            when mutation_bloquee then 'mutation_bloquee'
            when mutation_bloquee is null then 'inconnu'
            when /* est_mutation */ then 'mutation'
            when /* est_mutation */ is null then 'inconnu'
            else 'droit_commun'
        end as etiquette,
        /* bande_personnes */ as taille,
        /* ressources */ as ressources,
        case
            when /* anciennete_mois */ < 12 then '-12'
            when /* anciennete_mois */ < 24 then '12-23'
            when /* anciennete_mois */ < 36 then '24-35'
            else '36+'
        end as anciennete
    from suivi
),
modalites as (
    unpivot (
        select p.pseudonyme,
            coalesce(c.etiquette, 'inconnu') as etiquette,
            coalesce(c.taille, 'inconnu') as taille,
            coalesce(c.ressources, 'inconnu') as ressources,
            coalesce(c.anciennete, 'inconnu') as anciennete,
            coalesce(p.bailleur, 'inconnu') as bailleur,
            coalesce(p.commune, 'inconnu') as commune,
            coalesce(p.typologie, 'inconnu') as typologie
        from premiers p
        left join connus c using (pseudonyme)
    )
    on etiquette, taille, ressources, anciennete, bailleur, commune, typologie
    into name axe value cle
)
select axe, cle, count(distinct pseudonyme) as n
from modalites
group by all
order by axe, n desc, cle;
