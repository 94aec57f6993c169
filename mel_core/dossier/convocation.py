"""What calls to a séance (docx, PDF), its data there or not yet: when, where, who, its agenda, what is expected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mel_core.dossier import pages
from mel_core.dossier.contexte import Contexte
from mel_core.dossier.pages import Bloc, Ecrit, Style, TableauDePage, Texte, fiche, partie, puces
from mel_core.entrepot.perimetre import Noms
from mel_core.journal import Journal
from mel_core.seance.coordination import blocages, presences
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.coordination.atelier import Echeance
from mel_core.secret.bail import SALLE, lease
from mel_core.socle import langue

CRENEAUX = (
    ("9h00", "Introduction", "le bilan de la séance précédente, les décisions à prendre"),
    ("9h30", "Bilan", "suivre et réajuster"),
    ("10h30", "Coordination", "les blocages, ce qui fonctionne"),
    ("13h30", "Orientations", "les publics, les préconisations, les engagements"),
    ("", "Clôture", "relecture et signature du relevé de décisions"),
)
_DEMANDES = (Echeance.REMONTEES, Echeance.FICHIERS, Echeance.SUITES)


@lease(SALLE)
def write(chemin: Path, contexte: Contexte, journal: Journal, noms: Noms) -> None:
    """Write it as the end of its name says; what nobody told yet of the séance is said to be so."""
    titre = f"Convocation · {contexte.ici} · {langue.seance(contexte.seance)}"
    pages.write(chemin, Ecrit(titre, contexte, list(_blocs(contexte, journal, noms)), est_de_donnees=False))


def _blocs(contexte: Contexte, journal: Journal, noms: Noms) -> Iterator[Bloc]:
    seance, ici = contexte.seance, contexte.ici
    jour, (_, dites) = presences.jour_de(journal, seance, ici), presences.read(journal, seance, ici)
    yield Texte(presences.convoquer(dites, jour), Style.GRAS)
    qui = langue.liste([noms.name_qui(c) for c in dites.invites if c not in dites.excuses]) or presences.TOUS
    excuses = [("Excusés", langue.liste([noms.name_qui(c) for c in dites.excuses]))] if dites.excuses else []
    quand = langue.jour(jour) if jour else presences.A_FIXER
    yield fiche([("Date", quand), ("Lieu", dites.lieu or presences.A_FIXER), ("Invités", qui), *excuses])
    yield partie("Ordre du jour")
    yield TableauDePage(("Heure", "Temps", "Ce qui s’y dit"), CRENEAUX, (2.5, 4.5, 10), a_gauche=True)
    if ajoutes := [ligne.strip() for ligne in dites.ordre_du_jour.splitlines() if ligne.strip()]:
        yield partie("Autres points", 2)
        yield from puces(ajoutes)
    points = blocages.ordre_du_jour(blocages.find_all(journal, seance=str(seance), ici=ici))
    if points:
        yield partie("Points de 10h30", 2)
        yield from puces(phrases.lead(b, noms.connues, noms.qui) for (_, b), _ in points)
    if jour:
        yield partie("Avant la séance", 2)
        attendus = [(etape.titre, langue.jour(etape.avant(jour))) for etape in _DEMANDES]
        yield TableauDePage(("Ce qui est attendu", "Avant le"), attendus, (11, 6), a_gauche=True)
    yield Texte(presences.COPILOTES_DITS, Style.ITALIQUE)
