-- nom: reference
-- Grain: that of each table. What everybody may read: geography, names, dated parameters, what the snapshot holds.
-- A snapshot published before a column existed reads it as unknown.
create view communes as from jeu.communes union all by name select null::tinyint as typologie_fragilite where false;
create view quartiers as
from jeu.quartiers
union all by name
select null::bigint as n_hlm, null::double as part_modestes_parc_social, null::double as part_modestes_parc_prive
where false;
create view bailleurs as from jeu.bailleurs;
create view tables_chargees as from jeu.tables_chargees;
-- A snapshot published before a target could be that of a place holds those of the whole Métropole, in share.
create view parametres_cibles as
select * replace (coalesce(en_nombre, false) as en_nombre)
from (
    from jeu.parametres_cibles
    union all by name
    select null::varchar as commune, null::varchar as bailleur, null::varchar as reservataire, null::varchar as sens,
        null::boolean as en_nombre
    where false
);
create view parametres_bornes as from jeu.parametres_bornes;
create view parametres_fragilite_ips as from jeu.parametres_fragilite_ips;
-- Class of fragilité of a place on `au`: the one given, else that of its index (IPS of a quartier, typology of a commune) by
-- the parameter in force, else `inconnu`.
create macro fragilite_au(donnee, indice, au) as coalesce(
    donnee,
    (select f.fragilite from parametres_fragilite_ips f where f.ips = indice and au >= f.depuis and au < f.jusqu_a),
    'inconnu'
);
create view parametres_seuils as from jeu.parametres_seuils;
create view parametres_plafonds as from jeu.parametres_plafonds;

-- nom: annexes
-- Grain: that of each table. Counts of dwellings, of visits and of candidates by place: they are about nobody.
-- A snapshot published before an operation could say its typologies reads them as unknown.
create view programmation as
from jeu.programmation
union all by name
select null::bigint as n_t1, null::bigint as n_t2, null::bigint as n_t3, null::bigint as n_t4, null::bigint as n_t5,
    null::bigint as n_t6p
where false;
create view accueil as from jeu.accueil;
create view commissions_qpv as from jeu.commissions_qpv;
-- The days between which each dated table holds something, whatever the scope: no row for one that holds nothing.
create view etendues as
select 'attributions' as nom, min(date_bail) as premiere, max(date_bail) as derniere
from jeu.attributions_qualifiees
having count(*) > 0
union all
select 'evenements', min(date_survenance), max(date_survenance)
from jeu.evenements
having count(*) > 0
union all
select 'demandes', min(date_creation), max(greatest(date_creation, date_radiation))
from jeu.demandes
having count(*) > 0;

create view residences_publiees as
from jeu.residences_situees
union all by name
select null::text as enjeu_mixite, null::text as typologie_fragilite, null::text as lieu where false;

-- Until when a demande is active: 9999-12-31 while it is, null when it was struck off nobody knows when.
create view etats_publies as
select pseudonyme, case when etat = 'ACTIVE' then date '9999-12-31' else date_radiation end as fin
from jeu.demandes;

-- nom: attributions_etiquetees
create view attributions_etiquetees as from jeu.attributions_qualifiees;

-- nom: attributions_etiquetees_avant
-- A snapshot published before each row said which labels its file did not have: those that no file of the table had.
create view attributions_etiquetees as
with absentes as (
    select array_to_string(list_filter(
        ['aci', 'dalo', 'pdalhpd', 'mutation_bloquee', 'npru'],
        lambda e: not list_contains(colonnes_presentes, e)
    ), '|') as etiquettes_absentes
    from jeu.tables_chargees
    where nom = 'attributions'
)
select a.*, coalesce((from absentes), '') as etiquettes_absentes
from jeu.attributions_qualifiees a;

-- nom: attributions_situees
create view attributions_situees as from attributions_etiquetees;

-- nom: attributions_situees_avant
-- A snapshot published before résidences said their stake of social mix, and communes their typology.
create view attributions_situees as
select *, 'inconnu' as enjeu_mixite, 'inconnu' as typologie_fragilite
from attributions_etiquetees;

-- nom: attributions_publiees
-- What follows from the rows of any snapshot. `est_en_flux`: neither a mutation nor known to be a relogement NPRU.
-- `reservataire_du_flux`: null when unknown, or when the file of the row does not say the NPRU.
create view attributions_publiees as
select *,
    mutation = 'premier_acces' and est_npru is not true as est_en_flux,
    case when est_npru is not null then nullif(reservataire, 'inconnu') end as reservataire_du_flux
from attributions_situees;

-- nom: mel
create view attributions_qualifiees as from attributions_publiees;
create view residences_situees as from residences_publiees;
create view demandes as from jeu.demandes;
create view evenements as from jeu.evenements;
create view etats as from etats_publies;
-- As the files gave them: what they leave empty is counted on the whole, and of no narrower scope.
create view attributions_donnees as from jeu.attributions;
create view residences_donnees as from jeu.residences;

-- nom: ici
create view attributions_qualifiees as
from attributions_publiees where ici = (select code from portee);
create view residences_situees as
from residences_publiees where ici = (select code from portee);
create view demandes as
with perimetre as (select list(code_insee) as codes from jeu.communes where ici = (select code from portee))
select d.* from jeu.demandes d, perimetre p
where list_contains(p.codes, d.code_insee_actuel) or list_has_any(d.communes_souhaitees, p.codes);
create view evenements as
select e.* from jeu.evenements e semi join demandes d using (pseudonyme);
create view etats as
select e.* from etats_publies e semi join demandes d using (pseudonyme);
create view attributions_donnees as from jeu.attributions where false;
create view residences_donnees as from jeu.residences where false;

-- nom: commune
-- Demandes wanting the commune or living in it, their events, the attributions and résidences in it.
create view attributions_qualifiees as
from attributions_publiees where commune = (select code from portee);
create view residences_situees as
from residences_publiees where commune = (select code from portee);
create view demandes as
from jeu.demandes
where code_insee_actuel = (select code from portee) or list_contains(communes_souhaitees, (select code from portee));
create view evenements as
select e.* from jeu.evenements e semi join demandes d using (pseudonyme);
create view etats as
select e.* from etats_publies e semi join demandes d using (pseudonyme);
create view attributions_donnees as from jeu.attributions where false;
create view residences_donnees as from jeu.residences where false;

-- nom: bailleur
-- Attributions, résidences and CAL passages of its own: no demande but whether it stands.
create view attributions_qualifiees as
from attributions_publiees where bailleur = (select code from portee);
create view residences_situees as
from residences_publiees where bailleur = (select code from portee);
create view demandes as
from jeu.demandes where false;
create view evenements as
from jeu.evenements where type = 'PASSAGE_CAL' and code_bailleur = (select code from portee);
-- The one thing of a demande that is open to it: whether those that its commissions saw still stand.
create view etats as
select e.* from etats_publies e semi join evenements v using (pseudonyme);
create view attributions_donnees as from jeu.attributions where false;
create view residences_donnees as from jeu.residences where false;

-- nom: reservataire
-- Attributions on its own contingent.
create view attributions_qualifiees as
from attributions_publiees where reservataire = (select code from portee);
create view residences_situees as
from residences_publiees where false;
create view demandes as
from jeu.demandes where false;
create view evenements as
from jeu.evenements where false;
create view etats as
from etats_publies where false;
create view attributions_donnees as from jeu.attributions where false;
create view residences_donnees as from jeu.residences where false;

-- nom: aucune
create view attributions_qualifiees as
from attributions_publiees where false;
create view residences_situees as
from residences_publiees where false;
create view demandes as
from jeu.demandes where false;
create view evenements as
from jeu.evenements where false;
create view etats as
from etats_publies where false;
create view attributions_donnees as from jeu.attributions where false;
create view residences_donnees as from jeu.residences where false;

-- nom: mel_suivi
-- The follow-up of the demandes in scope (suivi.sql), made at publication.
create view suivi as from jeu.suivi;

-- nom: ici_suivi
create view suivi as
with perimetre as (select list(code_insee) as codes from jeu.communes where ici = (select code from portee))
select s.* from jeu.suivi s, perimetre p
where list_contains(p.codes, s.code_insee_actuel) or list_has_any(s.communes_souhaitees, p.codes);

-- nom: commune_suivi
create view suivi as
from jeu.suivi
where code_insee_actuel = (select code from portee) or list_contains(communes_souhaitees, (select code from portee));

-- nom: bailleur_suivi
create view suivi as from jeu.suivi where false;

-- nom: reservataire_suivi
create view suivi as from jeu.suivi where false;

-- nom: aucune_suivi
create view suivi as from jeu.suivi where false;

-- nom: passages_derriere
-- Grain: one row per passage of a demande in scope that placed it behind another, with its `ligne`.
create view passages_derriere as
select p.* from jeu.passages_derriere p semi join suivi s using (ligne);

-- nom: passages_derriere_avant
-- A snapshot published before they were kept apart, with their résidences: the same rows, found by the pseudonymes.
create view passages_derriere as
select s.ligne, e.pseudonyme, e.id_evenement, e.date_survenance, e.rang, e.typologie,
    coalesce(r.nom, e.code_residence) as residence,
    coalesce(r.lieu, r.nom, e.code_residence) as lieu
from jeu.evenements e
join suivi s using (pseudonyme)
left join residences_publiees r using (code_residence)
where e.type = 'PASSAGE_CAL' and e.decision = 'ATTRIBUE' and e.rang >= 2;

-- nom: a_ses_passages_derriere
-- Grain: one row. Whether the snapshot keeps them apart, beside the follow-up whose lines they say.
select count(*) > 0 as est_present
from duckdb_columns()
where database_name = 'jeu' and table_name = 'passages_derriere' and column_name = 'lieu';

-- nom: dit_les_etiquettes
-- Grain: one row. Whether the attributions of the snapshot say which labels their file did not have.
select count(*) > 0 as est_dit
from duckdb_columns()
where database_name = 'jeu' and table_name = 'attributions_qualifiees' and column_name = 'etiquettes_absentes';

-- nom: dit_son_format
-- Grain: one row. Whether the snapshot says which `FORMAT` it was written in.
select count(*) > 0 as est_dit
from duckdb_columns()
where database_name = 'jeu' and table_name = 'description' and column_name = 'format';

-- nom: dit_l_enjeu
-- Grain: one row. Whether the attributions of the snapshot say the stake of their résidence and the typology of their commune.
select count(*) > 0 as est_dit
from duckdb_columns()
where database_name = 'jeu' and table_name = 'attributions_qualifiees' and column_name = 'typologie_fragilite';

-- nom: colonnes
-- Grain: one row per column that the files of $table had, or that were declared.
select unnest(colonnes_presentes) as colonne from tables_chargees where nom = $table;
