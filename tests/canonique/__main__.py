"""Every figure of a store in one sorted text, and, apart, every sentence: what a change moved is a `diff`.

    python -m tests.canonique --donnees var --chiffres avant.chiffres --phrases avant.phrases

Figures are asked of the command line (indicators × cuts × periods × ICI, segments, lists, simulations) and read in the
documents; sentences come with them, and from the screens. The store is copied: nothing is written in it.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import tempfile
from pathlib import Path

from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import icis, seances
from tests.canonique.chiffres import gather
from tests.canonique.documents import gather_documents
from tests.canonique.ecrans import gather_screens


def principal() -> None:
    lecteur = argparse.ArgumentParser(prog="python -m tests.canonique")
    lecteur.add_argument("--donnees", type=Path, required=True)
    lecteur.add_argument("--chiffres", type=Path, required=True)
    lecteur.add_argument("--phrases", type=Path, required=True)
    options = lecteur.parse_args()
    logging.getLogger("streamlit").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as copie:
        donnees = Path(shutil.copytree(options.donnees, Path(copie) / "donnees"))
        recueil = gather(donnees)
        with Entrepot(donnees).open(Portee.mel()) as ouvert:
            seance, perimetres = str(seances(ouvert)[0]), sorted(icis(ouvert))
        gather_documents(recueil, seance, perimetres)
        gather_screens(recueil, donnees, seance, perimetres)
    options.chiffres.write_text("\n".join(sorted(recueil.chiffres)) + "\n", encoding="utf-8")
    options.phrases.write_text("\n".join(sorted(recueil.phrases)) + "\n", encoding="utf-8")
    print(f"{len(recueil.chiffres)} lignes de chiffres, {len(recueil.phrases)} de phrases.")


if __name__ == "__main__":
    principal()
