"""The note of a séance (docx): the same lines as the deck, with their tables, to be edited before printing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from mel_core.dossier import pages
from mel_core.dossier.contexte import Contexte
from mel_core.dossier.creneaux import est_de_9h
from mel_core.dossier.diapositives import dessin_de, reserves
from mel_core.dossier.lignes_dossier import Tableau, effectif_dit, est_su
from mel_core.dossier.pages import Bloc, Ecrit, Illustration, Style, TableauDePage, Texte, etablissement, partie, puces
from mel_core.entrepot import Lecteur
from mel_core.indicateurs import INDICATEURS, phrases_constats, phrases_mesures, phrases_vues
from mel_core.indicateurs.definitions import COUPES_DITES, ImageBilan
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.indicateurs.suivi import produits
from mel_core.socle import cibles, langue
from mel_core.socle.appellations import RESSOURCES
from mel_core.socle.valeurs import Compte

LIGNES_MAX = 25
_HAUTEUR = 9.5  # cm, of a chart: what prints a docx without Word stretches the letters of one of any other shape
_LARGEURS = {"Attributions": 2.5, "Intermédiaires": 2.8, "Part": 1.3}
_TETES_ANNEXE = {
    "demandeurs": "Demandeurs",
    "programmes": "Programmés",
    "attributions": "Attributions",
    "logements": "Parc",
}


def write(
    chemin: Path,
    contexte: Contexte,
    tableaux: Sequence[Tableau],
    textes: Sequence[tuple[str, list[str]]],
    suite: Iterable[Bloc] = (),
) -> None:
    """Write the note. `textes`: (title, sentences) of the parts without a figure, those of 9h00 before the bilan;
    `suite`: what comes after them."""
    titre = f"Dossier de séance · {contexte.ici} · {langue.seance(contexte.seance)}"
    pages.write(chemin, Ecrit(titre, contexte, list(_blocs(contexte, tableaux, textes, suite))))


def _blocs(
    contexte: Contexte,
    tableaux: Sequence[Tableau],
    textes: Sequence[tuple[str, list[str]]],
    suite: Iterable[Bloc],
) -> Iterator[Bloc]:
    yield from _parties(t for t in textes if est_de_9h(t[0]))
    yield partie("Temps bilan et analyse : suivre et réajuster")
    for tableau in tableaux:
        yield partie(tableau.point.titre, 2)
        yield Texte(tableau.phrase, Style.GRAS)
        yield Texte(effectif_dit(tableau))
        indicateur = INDICATEURS[tableau.point.indicateur]
        yield Texte(f"{indicateur.definition} {tableau.reference}. {indicateur.source}.", Style.ITALIQUE)
        if tableau.point.est_par_lieu and tableau.parlantes.empty:
            yield from (Texte(langue.capitalize(f"{dite}.")) for dite in reserves(tableau))
            continue
        if dessin := dessin_de(tableau):
            yield Illustration(dessin, _HAUTEUR)
        tetes, lignes = contenu(tableau)
        # In cm: as narrow as their heads for figures, what they leave for the name and its reading.
        autres = [_LARGEURS.get(tete, 2.1) for tete in tetes[1:]]
        if tetes[-1] == "Lecture":
            autres[-1] = 0.55 * (17 - sum(autres[:-1]))
        if len(lignes) > LIGNES_MAX:
            yield Texte(f"{phrases_vues.lignes_montrees(LIGNES_MAX, len(lignes), par_volume=True)}.")
        yield TableauDePage(tetes, lignes[:LIGNES_MAX], [17 - sum(autres), *autres])
    yield from _parties(t for t in textes if not est_de_9h(t[0]))
    yield from suite
    yield from etablissement(contexte.etablissement)


def _parties(textes: Iterable[tuple[str, list[str]]]) -> Iterator[Bloc]:
    for titre, liste in textes:
        yield partie(titre)
        yield from puces(liste)


def contenu(tableau: Tableau) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the table of a point, in French."""
    lignes, image = tableau.lignes, tableau.point.image
    tete = COUPES_DITES[tableau.point.coupe][1]
    if image is ImageBilan.CLASSES:
        groupes = [(nom, g.set_index("classe")) for nom, g in lignes.groupby("nom", sort=False)]
        return [tete, "Attributions", *RESSOURCES.values()], [
            [str(nom), langue.nombre(g["n"].iloc[0]), *(langue.part(g["part"].get(c)) for c in RESSOURCES)]
            for nom, g in groupes
        ]
    if image is ImageBilan.DELAIS:
        return [tete, "Attributions", "Connues", "Médiane (mois)", "9 sur 10 (mois)"], [
            [x.nom, *map(langue.nombre, (x.n, x.n_connus)), *map(phrases_mesures.mois, (x.mediane_mois, x.p90_mois))]
            for x in lignes.itertuples()
        ]
    tetes = [tete, "Attributions", "Connues", "Comptées", "Part"]
    if image is ImageBilan.PAIRES:
        return [*tetes, "Occupants", "Écart (points)"], [
            [*_ligne(x), langue.part(x["part_occupants"]), _points(x["ecart_points"])] for _, x in lignes.iterrows()
        ]
    if image is ImageBilan.PARTS and any(map(est_su, lignes["ecart_attributions"])):
        ecarts = phrases_constats.signes(lignes)
        ont_leurs_objectifs = (lignes["cible"].dropna() != tableau.ensemble["cible"]).any()
        return [*tetes, "Écart", "Lecture"], [
            [*_ligne(x), str(ecarts[rang]), _lecture(x, est_nomme=ont_leurs_objectifs)] for rang, x in lignes.iterrows()
        ]
    if image is ImageBilan.PARTS and pd.notna(tableau.ensemble["part"]):
        return [*tetes, "Lecture"], [[*_ligne(x), _position(x)] for _, x in lignes.iterrows()]
    return tetes, [_ligne(x) for _, x in lignes.iterrows()]


def _lecture(ligne: pd.Series, *, est_nomme: bool) -> str:
    """`est_nomme`: with the objective, where lines have their own."""
    if pd.isna(ligne["cible"]):
        return langue.ABSENT
    dite = phrases_constats.lecture(ligne["verdict"], ligne["cote"], ligne["n_connus"])
    # A number a year is told from a share by the share of its cell.
    est_connu = ligne["cible"] < 1 or cibles.est_en_nombre(ligne)
    return f"{dite} ({cibles.objectif_dit(ligne)} visés)" if est_nomme and est_connu else dite


def _position(ligne: pd.Series) -> str:
    """Where a line without an objective stands between the limits at 95 % around the whole."""
    if not ligne["n_connus"] >= EFFECTIF_MINIMAL or pd.isna(ligne["part"]):
        return phrases_constats.lecture(None, ligne["cote"], ligne["n_connus"])
    return str(ligne["position"])


def _ligne(ligne: pd.Series) -> list[str]:
    comptes = (langue.nombre(ligne[c]) for c in ("n", "n_connus", "numerateur"))
    return [str(ligne["nom"]), *comptes, langue.part(ligne["part"])]


def _points(ecart: float) -> str:
    """No decimal where shares are to the unit."""
    return langue.signe(ecart, 1 if pd.isna(ecart) or not langue.est_entier(ecart) else 0)


def annexe(lecteur: Lecteur, ou: Contexte) -> Iterator[Bloc]:
    """What the incomes of the applicants open to them, beside what is built, let and standing (deck of 2017, « La
    programmation »), in the ICI of `ou`; nothing where these incomes are not read."""
    lus = produits.produits(lecteur, ou.periode, ou.ici)
    dites = produits.render(lus.lignes)
    if pd.isna(dites.set_index("produit").loc["PLAI", "part_demandeurs"]):
        return
    yield partie("Annexe : revenus des demandeurs et production par produit")
    yield Texte(produits.say(ou.ici_dite, lus, dites, ou.duree).replace("**", ""), Style.GRAS)
    lignes = [
        [langue.capitalize(produits.TITRES[x["produit"]]), *(_dit(x[f"n_{c}"], x[f"part_{c}"]) for c in _TETES_ANNEXE)]
        for x in dites.to_dict("records")
    ]
    yield TableauDePage(["Produit", *_TETES_ANNEXE.values()], lignes, [5, 3, 3, 3, 3])
    yield Texte(produits.reserve(lus))
    yield Texte(produits.DEFINITION, Style.ITALIQUE)


def _dit(n: float | Compte | None, part: float) -> str:
    """`1 204 (32 %)`."""
    return langue.nombre(n) if pd.isna(part) else f"{langue.nombre(n)} ({langue.part(part)})"
