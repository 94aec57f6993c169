"""Do the files that the tests draw, and that the application reads, pass the schemas of the SNE interface?

    pip download --no-deps --no-binary :all: libsne==0.1.0a8
    python -m scripts.valider_sne libsne-0.1.0a8.tar.gz

The schemas are read in the archive and not kept. lxml comes with what writes documents: nothing here reads XML with it.
"""

from __future__ import annotations

import sys
import tarfile
import tempfile
from pathlib import Path

from lxml import etree

from tests.contrat.dessins_sne import EXEMPLES

DEMANDES, EVENEMENTS = "InterfaceNuu_v0201.xsd", "InterfaceNuuGPEvenement_v0200.xsd"


def valider(archive: Path) -> int:
    """How many of the drawn files the schemas refuse; each is told."""
    refuses = 0
    with tempfile.TemporaryDirectory() as dossier, tarfile.open(archive) as contenu:
        contenu.extractall(dossier, filter="data")
        (ressources,) = Path(dossier).glob("*/ressources")
        for nom, octets in EXEMPLES.items():
            schema = etree.XMLSchema(
                etree.parse(ressources / (EVENEMENTS if nom.startswith("evenements") else DEMANDES))
            )
            est_valide = schema.validate(etree.fromstring(octets))
            refuses += not est_valide
            print(f"{nom}: {'valide' if est_valide else schema.error_log.last_error}")
    return refuses


if __name__ == "__main__":
    sys.exit(valider(Path(sys.argv[1])) > 0)
