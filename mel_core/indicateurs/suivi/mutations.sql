-- nom: refus_de_mutation
-- Grain: one row per bailleur (`inconnu` when not known) that presented a demande de mutation (its current housing is HLM) to
-- a commission of the period without attributing: n non-attributions (NON_ATTRIBUE or IRRECEVABLE), n_connus of which say
-- their motif, n_impayes of which name unpaid rent. Of ICI $ici, by where the dwelling is (all when null).
with refus as (
    select p.bailleur, strip_accents(lower(p.motif)) as motif
    from passages_situes($debut, $fin) p
    join demandes d using (pseudonyme)
    where p.decision in ('NON_ATTRIBUE', 'IRRECEVABLE') and d.statut_logement = 'HLM' and ($ici is null or p.ici = $ici)
)
select bailleur, count(*) as n, count(motif) as n_connus, count(*) filter (where motif like '%impay%') as n_impayes
from refus
group by all
order by bailleur;
