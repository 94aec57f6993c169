"""The dossier de séance: every document of one ICI on one vintage, written in a folder.

The workbook of a commune or of a bailleur shows its own lines, exact, then its cells of commune × bailleur; what is
said of the whole ICI above them is what a room reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from mel_core.dossier import (
    classeurs,
    controle_dossier,
    convocation,
    diaporama,
    diaporama_dessine,
    diapositives,
    fiches_dossier,
    journee,
    note,
    releve,
    synthese,
)
from mel_core.dossier.contexte import Contexte
from mel_core.dossier.lignes_dossier import CROISES, POINTS, Tableau, lignes, read
from mel_core.dossier.orientations_dossier import Sources
from mel_core.entrepot import Entrepot, Lecteur, Portee, perimetre
from mel_core.entrepot.perimetre import Noms
from mel_core.indicateurs import compute, phrases_vues
from mel_core.indicateurs.comptage import duree
from mel_core.indicateurs.definitions import ImageBilan
from mel_core.journal import Journal
from mel_core.seance.coordination import presences
from mel_core.secret.bail import SALLE, Audience, lease
from mel_core.socle import langue
from mel_core.socle.appellations import EDITEUR
from mel_core.socle.erreurs import ErreurUtilisateur, cause
from mel_core.socle.periodes import Periode, Seance

Paire = tuple[Tableau, Tableau]  # exact, then as a room reads it
Feuille = tuple[Tableau, pd.DataFrame]  # what is said of the whole ICI, then the lines shown


def croises(lecteur: Lecteur, noms: Noms, periode: Periode, ici: str, paires: Sequence[Paire]) -> list[Paire]:
    """Commune × bailleur for the local objectives, one row per cell."""
    connus = {t.point.mesure.code: (t, dit) for t, dit in paires if t.point.par in (("commune",), ("fragilite",))}
    trouves = []
    for point in CROISES:
        cellules = lignes(compute(lecteur, point.indicateur, periode, par=point.par, ici=ici), noms, point.par)
        exact, dit = (replace(t, point=point) for t in connus[point.mesure.code])
        # What is said above the lines of one of them is of the whole: those of another cut would be counted as these.
        trouves.append((replace(exact, lignes=cellules), replace(dit, lignes=dit.lignes[:0])))
    return trouves


def _gather(paires: Sequence[Paire], croisements: Sequence[Paire], noms: Noms, coupe: str, code: str) -> list[Feuille]:
    """Of a commune, its line, its quartiers and résidences, then its bailleurs; of a bailleur, its line, then its
    communes."""
    feuilles = [(dit, t.lignes[t.lignes[coupe] == code]) for t, dit in paires if t.point.par == (coupe,)]
    if coupe == "commune":
        for t, dit in paires:
            if t.point.coupe in noms.communes:
                siennes = t.lignes[t.lignes[t.point.coupe].map(noms.communes[t.point.coupe]) == code]
                if t.point.coupe == "residence" and t.point.image is ImageBilan.EFFECTIFS:  # else pages of zeros
                    siennes = siennes[siennes["numerateur"] > 0]
                    dit = replace(dit, phrase=f"{dit.phrase} {phrases_vues.SANS_RELOGEMENT}")
                feuilles.append((dit, siennes))
    autre = "bailleur" if coupe == "commune" else "commune"
    return [f for f in (*feuilles, *_cellules(croisements, coupe, autre, code, noms)) if len(f[1])]


def _cellules(croisements: Sequence[Paire], coupe: str, autre: str, code: str, noms: Noms) -> list[Feuille]:
    feuilles = []
    for t, dit in croisements:
        siennes = t.lignes[t.lignes[coupe] == code]
        noms_des_autres = [noms.name((c,), (autre,)) for c in siennes[autre]]
        feuilles.append((replace(dit, point=replace(t.point, par=(coupe, autre))), siennes.assign(nom=noms_des_autres)))
    return feuilles


_AIDE = "Chaque feuille donne d’abord la phrase de l’ICI entière, puis les lignes propres au destinataire."
# To be edited, to be sent, to be shown where the application is not.
DECKS = {"pptx": diaporama.write, "pdf": diaporama_dessine.write_pdf, "html": diaporama_dessine.write_html}


@dataclass(frozen=True)
class Dossier:
    """What was written, and what the co-pilots must know."""

    fichiers: tuple[Path, ...]
    controles: tuple[controle_dossier.PointDeControle, ...]


def contexte(lecteur: Lecteur, seance: Seance, ici: str, par: str = EDITEUR) -> Contexte:
    """Raises `AppelIncorrect` for an ICI that the vintage does not know."""
    perimetre.require_ici(lecteur, ici)
    territoires = tuple(perimetre.icis(lecteur)[ici])
    couverte = duree(lecteur, Periode.de(seance, "annee"))
    return Contexte(seance, ici, lecteur.instantane, datetime.now(UTC), par, territoires, couverte)


def require_attributions(lecteur: Lecteur, seance: Seance, ici: str) -> None:
    """Raises `ErreurUtilisateur` before the data of the séance, or where nobody was housed in the twelve months: a
    dossier would tell nothing."""
    connues = perimetre.seances(lecteur)
    if connues and seance > connues[0]:
        raise ErreurUtilisateur(
            f"La séance {seance} n’a pas encore de données, les dernières sont celles de {connues[0]} : importer les "
            "siennes, ou choisir cette dernière."
        )
    periode = Periode.de(seance, "annee")
    if compute(lecteur, "equilibre", periode, ici=ici)["n"].sum() == 0:
        raise ErreurUtilisateur(
            f"Aucune attribution n’a été signée dans {langue.ici(ici)} "
            f"{langue.intervalle(periode.debut, periode.fin)} : choisir une autre séance, ou importer la table "
            "« attributions »."
        )


def compose(
    entrepot: Entrepot,
    seance: Seance,
    ici: str,
    sortie: Path,
    par: str = EDITEUR,
    journal: Journal | None = None,
) -> Dossier:
    """Write under `sortie` the deck in each of `DECKS`, the note, the workbook of the ICI and those of its communes and
    bailleurs.

    `journal` (that of the store, where none is given): what was decided and what is to be decided opens the deck and
    the note. Every figure is `compute`'s on the snapshot that serves `seance`; who receives it is several, so that they
    are said as in the room, but in a workbook of one's own. Raises `ErreurUtilisateur` when there is nothing to tell.
    """
    entrepot, journal = entrepot.pour(ici), journal or Journal.du_dossier(entrepot.dossier)
    with lease(SALLE), entrepot.open(Portee.mel(), seance) as lecteur:
        tenue, (_, presence) = presences.jour_de(journal, seance, ici), presences.read(journal, seance, ici)
        ou = replace(contexte(lecteur, seance, ici, par), tenue=tenue, lieu=presence.lieu)
        noms = Noms.read(lecteur)
        require_attributions(lecteur, seance, ici)
        exacts = [read(lecteur, noms, point, ou.periode, ici) for point in POINTS]
        controles = controle_dossier.check(entrepot, lecteur, seance, ici, tenue)
        paires = [(t, t.pour()) for t in exacts]
        croisements = croises(lecteur, noms, ou.periode, ici, paires)
        annexe = list(note.annexe(lecteur, ou))
        sources = Sources(entrepot, lecteur, journal, ou, noms, {dit.point: dit for _, dit in paires})
        pages = journee.pages_de(sources, journee.messages_de(sources))
    # What cannot be computed is said to who prepares (`controles`), to nobody who receives.
    paires, croisements = ([(t, dit) for t, dit in lues if dit.est_connu] for lues in (paires, croisements))
    # A room reads no label and no income by résidence: those are for the commune alone.
    tableaux = [dit for _, dit in paires if dit.point.coupe != "residence"]
    nom = f"{seance}-{classeurs.fichier(ici)}"
    try:
        for dossier in (sortie, sortie / "communes", sortie / "bailleurs"):
            dossier.mkdir(parents=True, exist_ok=True)
        *decks, texte, ensemble = (
            sortie / f"{genre}-{nom}.{s}"
            for genre, s in (*(("diaporama", s) for s in DECKS), ("note", "docx"), ("classeur", "xlsx"))
        )
        with lease(SALLE):
            for deck, write in zip(decks, DECKS.values(), strict=True):
                write(deck, diapositives.compose(ou, pages))
            abreges = [court for t in tableaux if len((court := t.abrege()).lignes) or t.lignes.empty]
            note.write(texte, ou, abreges, journee.textes_de(pages), annexe)
            classeurs.write(ensemble, ou, f"Dossier de séance · {ici}", [(t, t.lignes) for t in abreges])
        autres = list(_destinataires(sortie, nom, sources, paires, croisements))
    except OSError as erreur:
        raise ErreurUtilisateur(
            f"Le dossier « {sortie} » ne peut pas être écrit ({cause(erreur)}) : donner un autre dossier à --sortie."
        ) from None
    return Dossier((*decks, texte, ensemble, *autres), tuple(controles))


RELEVE, SYNTHESE, CONVOCATION = "releve", "synthese", "convocation"


def write_actes(
    entrepot: Entrepot, journal: Journal, quoi: str, seance: Seance, ici: str, chemin: Path, par: str = EDITEUR
) -> None:
    """Write what was acted, in the format that the end of the name says (docx, PDF): of `ici` (RELEVE), or of the three
    ICI for the Conférence intercommunale du logement (SYNTHESE); or what calls to it (CONVOCATION)."""
    with entrepot.pour(ici).open(Portee.mel(), seance) as lecteur:
        noms, ou = Noms.read(lecteur), contexte(lecteur, seance, ici, par)
        if quoi == CONVOCATION:
            convocation.write(chemin, ou, journal, noms)
            return
        if quoi == RELEVE:
            releve.write(chemin, ou, releve.releve_de(entrepot, journal, seance, ici, noms))
            return
        icis = perimetre.icis(lecteur)
        dits = {autre: releve.releve_de(entrepot, journal, seance, autre, noms) for autre in icis}
        synthese.write(chemin, ou, lecteur, dits)


def _destinataires(
    sortie: Path, nom: str, sources: Sources, paires: Sequence[Paire], croisements: Sequence[Paire]
) -> Iterator[Path]:
    """The card and the workbook of each commune and bailleur."""
    noms, ou = sources.noms, sources.ou
    presents = {coupe: {code for t, _ in croisements for code in t.lignes[coupe]} for coupe in ("commune", "bailleur")}
    presents["commune"] &= {c for c, ici in noms.icis.items() if ici == ou.ici}
    lieux = [(coupe, code) for coupe, codes in presents.items() for code in sorted(codes)]
    fins = {
        (coupe, code): f"{classeurs.fichier(f'{code} {noms.noms[coupe].get(code, code)}')}-{nom}"
        for coupe, code in lieux
    }
    with sources.entrepot.open(Portee.mel(), ou.seance) as lecteur:
        cartes = [(*lieu, sortie / f"{lieu[0]}s" / f"fiche-{fin}.pdf") for lieu, fin in fins.items()]
        yield from fiches_dossier.write(replace(sources, lecteur=lecteur), cartes)
    for (coupe, code), fin in fins.items():
        chemin = sortie / f"{coupe}s" / f"{fin}.xlsx"
        qui = noms.noms[coupe].get(code, code)
        with lease(Audience(cle=coupe, code=code)):
            titre = f"{qui} · {ou.ici} · {langue.seance(ou.seance)}"
            classeurs.write(chemin, ou, titre, _gather(paires, croisements, noms, coupe, code), _AIDE)
        yield chemin
