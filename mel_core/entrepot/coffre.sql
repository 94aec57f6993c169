-- nom: tables
-- Grain: one row per household: its pseudonym, and its numéro unique under the key of the vault. `jeton`: drawn for the row.
create table if not exists numeros (
    pseudonyme text primary key,
    jeton blob not null,
    chiffre blob not null
) without rowid;

-- nom: connus
select pseudonyme from numeros;

-- nom: ajouter
insert or ignore into numeros (pseudonyme, jeton, chiffre) values ($pseudonyme, $jeton, $chiffre);

-- nom: lire
select jeton, chiffre from numeros where pseudonyme = $pseudonyme;

-- nom: effacer
delete from numeros where pseudonyme = $pseudonyme;
