"""The synthesis of the three ICI for the Conférence intercommunale du logement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from mel_core.dossier import pages
from mel_core.dossier.actes_ecrits import Releve
from mel_core.dossier.contexte import Contexte
from mel_core.dossier.lignes_dossier import with_bande
from mel_core.dossier.pages import Bloc, Ecrit, TableauDePage, Texte, etablissement, partie, puces
from mel_core.dossier.releve import suites
from mel_core.entrepot import Lecteur, perimetre
from mel_core.indicateurs import INDICATEURS, compute
from mel_core.indicateurs.catalogue import EQUILIBRE
from mel_core.indicateurs.constats import lues
from mel_core.indicateurs.manques import COLONNE_ABSENTE
from mel_core.indicateurs.phrases_constats import ecart_de_ligne, sans_colonnes
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.secret.bail import SALLE, lease
from mel_core.socle import cibles, langue
from mel_core.socle.appellations import FRAGILITES_DES_QUARTIERS


@lease(SALLE)
def write(chemin: Path, contexte: Contexte, lecteur: Lecteur, releves: Mapping[str, Releve]) -> None:
    """Write the synthesis on the vintage of `lecteur`. `releves`: what each ICI (by code) acted.

    Of `contexte` it keeps the séance and the vintage: its scope is that of the three ICI, each said with its own.
    """
    icis = perimetre.icis(lecteur)
    contexte = replace(contexte, ici=langue.liste(list(releves)), territoires=())
    titre = f"Synthèse des trois ICI · {langue.seance(contexte.seance)}"
    pages.write(chemin, Ecrit(titre, contexte, list(_blocs(contexte, lecteur, releves, icis))))


def _blocs(
    contexte: Contexte, lecteur: Lecteur, releves: Mapping[str, Releve], icis: Mapping[str, Sequence[str]]
) -> Iterator[Bloc]:
    yield Texte("À l’attention de la Conférence intercommunale du logement.")
    yield partie("Le bilan des trois ICI")
    for indicateur in (i for i in INDICATEURS.values() if i.est_a_la_cil):
        yield partie(indicateur.titre, 2)
        lignes = [_ligne(lecteur, contexte, indicateur.nom, ici) for ici in (*releves, None)]
        tetes = ("ICI", "Attributions", "Connues", "Comptées", "Part", "Lecture")
        yield TableauDePage(tetes, lignes, (2.2, 2.5, 2.1, 2.1, 1.5, 6.6))
    yield partie("Équilibre 50/50 par type de quartiers", 2)
    lignes = [x for ici in (*releves, None) for x in _classes(lecteur, contexte, ici)]
    yield TableauDePage(
        ("ICI", "Quartiers", "Connues", "Modestes", "Part", "Écart"), lignes, (2.2, 4.6, 2.1, 2.1, 1.5, 4.5)
    )
    for ici, releve in releves.items():
        yield from _de_l_ici(ici, releve, icis.get(ici, ()))
    yield from etablissement(contexte.etablissement)


def _de_l_ici(ici: str, releve: Releve, territoires: Sequence[str]) -> Iterator[Bloc]:
    yield partie(f"{ici} : ce qui a été décidé")
    actes = phrases.actes(*releve.comptes[:3])
    yield Texte(f"{releve.etat}. {langue.liste(actes) or 'Aucune décision actée'}.")
    if territoires:
        yield Texte(langue.typeset(f"Périmètre : {langue.liste(list(territoires))} (périmètre provisoire)."))
    yield from puces(releve.actes)
    if releve.suivi:
        yield partie("Ce qu’ont donné les décisions de la séance précédente", 2)
        yield from suites(releve)


def _ligne(lecteur: Lecteur, contexte: Contexte, nom: str, ici: str | None) -> list[str]:
    x = lues(compute(lecteur, nom, contexte.periode, ici=ici)).iloc[0]
    dits = [langue.nombre(x[c]) for c in ("n", "n_connus", "numerateur")]
    return [ici or "Métropole", *dits, langue.part(x["part"]), _lecture(x)]


def _classes(lecteur: Lecteur, contexte: Contexte, ici: str | None) -> list[list[str]]:
    cellules = compute(lecteur, EQUILIBRE, contexte.periode, par=("fragilite",), ici=ici)
    cellules = with_bande(lecteur, EQUILIBRE, contexte.periode, cellules)
    dites = lues(cellules[cellules["n_connus"] > 0], ("fragilite",)).set_index("fragilite")
    lignes = []
    for classe, nom in FRAGILITES_DES_QUARTIERS.items():
        if classe in dites.index:
            x = dites.loc[classe]
            comptes = [langue.nombre(x[c]) for c in ("n_connus", "numerateur")]
            lignes.append([ici or "Métropole", nom, *comptes, langue.part(x["part"]), ecart_de_ligne(x)])
    return lignes


def _lecture(ligne: pd.Series) -> str:
    if ligne.get("motif") == COLONNE_ABSENTE:
        return sans_colonnes(ligne)
    if pd.isna(ligne["cible"]):
        return ecart_de_ligne(ligne)
    return f"objectif {cibles.objectif_dit(ligne)} : {ecart_de_ligne(ligne)}"
