"""Documents of a séance for a download: made when asked, named by the journal they print and the data they read."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from mel_core.dossier import classeurs, ecrits, releve, synthese
from mel_core.dossier.noms import Noms
from mel_core.dossier.seance import compose, contexte
from mel_core.entrepot import Lecteur
from mel_core.entrepot import perimetre as lieux
from pages.commun import donnees, ecriture
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import lecture_coordination as lecture

GENRES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def nom(genre: str, choisi: Perimetre, suffixe: str) -> str:
    """`releve-2017S2-ici-2-3f2a9c1b.docx`: the end is that of the journal's last link."""
    lien = ecriture.journal().dernier_lien() or "vide"
    return f"{genre}-{choisi.seance}-{classeurs.fichier(choisi.ici or 'mel')}-{lien[:8]}.{suffixe}"


def releve_decisions(choisi: Perimetre, par: str, suffixe: str) -> bytes:
    ici = lecture.require_ici(choisi)

    def write(lecteur: Lecteur, chemin: Path) -> None:
        dit = ecrits.releve_de(donnees.entrepot(), ecriture.journal(), choisi.seance, ici, Noms.read(lecteur))
        releve.write(chemin, contexte(lecteur, choisi.seance, ici, par), dit)

    return _produce(choisi, suffixe, write)


def synthese_cil(choisi: Perimetre, par: str, suffixe: str) -> bytes:
    """The three ICI, for the Conférence intercommunale du logement."""

    def write(lecteur: Lecteur, chemin: Path) -> None:
        noms, icis = Noms.read(lecteur), lieux.icis(lecteur)
        dits = {ici: ecrits.releve_de(donnees.entrepot(), ecriture.journal(), choisi.seance, ici, noms) for ici in icis}
        ou = contexte(lecteur, choisi.seance, choisi.ici or next(iter(icis)), par)
        synthese.write(chemin, ou, lecteur, dits)

    return _produce(choisi, suffixe, write)


def dossier_zip(choisi: Perimetre, par: str) -> bytes:
    """The deck, the note and every workbook of the ICI."""
    tampon = io.BytesIO()
    with tempfile.TemporaryDirectory() as dossier:
        sortie = Path(dossier)
        ici = lecture.require_ici(choisi)
        ecrit = compose(donnees.entrepot(), choisi.seance, ici, sortie, par, ecriture.journal())
        with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
            for fichier in ecrit.fichiers:
                archive.write(fichier, fichier.relative_to(sortie).as_posix())
    return tampon.getvalue()


def _produce(choisi: Perimetre, suffixe: str, write: Callable[[Lecteur, Path], None]) -> bytes:
    with (
        tempfile.TemporaryDirectory() as dossier,
        choisi.open() as lecteur,
    ):
        chemin = Path(dossier) / f"document.{suffixe}"
        write(lecteur, chemin)
        return chemin.read_bytes()


def par() -> str:
    """Who asks. To be read while the page is drawn: a download is made outside of any session."""
    auteur = ecriture.auteur()
    return f"{auteur.nom} ({auteur.organisation})" if auteur.nom else auteur.organisation or "copilote"
