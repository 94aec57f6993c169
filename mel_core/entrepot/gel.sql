-- nom: portee_mel
-- Grain: one row per count kept when the séance was frozen (mel_core/indicateurs/gel.sql). There is no row of a person here.
create view comptes_parts as from jeu.comptes_parts;
create view comptes_parts_par_fragilite as from jeu.comptes_parts_par_fragilite;
create view comptes_classes as from jeu.comptes_classes;
create view comptes_delais as from jeu.comptes_delais;
create view comptes_stock as from jeu.comptes_stock;
create view comptes_gardes as from jeu.comptes_gardes;
