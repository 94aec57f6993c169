-- The database itself refuses to rewrite the journal. A payload leaves only once its erasing is entered in the chain.

-- nom: sqlite_ecritures_modifiees
create trigger if not exists ecritures_jamais_modifiees before update on ecritures
begin
    select raise(abort, 'ecritures: append-only');
end;

-- nom: sqlite_ecritures_effacees
create trigger if not exists ecritures_jamais_effacees before delete on ecritures
begin
    select raise(abort, 'ecritures: append-only');
end;

-- nom: sqlite_contenus_modifies
create trigger if not exists contenus_jamais_modifies before update on contenus
begin
    select raise(abort, 'contenus: append-only');
end;

-- nom: sqlite_contenus_effaces
create trigger if not exists contenus_effaces_si_ecrit before delete on contenus
when not exists (select 1 from ecritures where nature = 'effacement' and vise = old.op_id)
begin
    select raise(abort, 'contenus: erasing must be entered first');
end;

-- nom: postgresql_fonction_ecritures
create or replace function ecritures_en_ajout_seul() returns trigger language plpgsql as $$
begin
    raise exception 'ecritures: append-only';
end
$$;

-- nom: postgresql_fonction_contenus
create or replace function contenus_en_ajout_seul() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and exists (select 1 from ecritures where nature = 'effacement' and vise = old.op_id) then
        return old;
    end if;
    raise exception 'contenus: append-only';
end
$$;

-- nom: postgresql_ecritures
create or replace trigger ecritures_en_ajout_seul before update or delete on ecritures
for each row execute function ecritures_en_ajout_seul();

-- nom: postgresql_contenus
create or replace trigger contenus_en_ajout_seul before update or delete on contenus
for each row execute function contenus_en_ajout_seul();
