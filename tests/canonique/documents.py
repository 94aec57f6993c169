"""What the documents of a séance say: numbers apart from sentences."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docx import Document
from pptx import Presentation
from python_calamine import CalamineWorkbook

from tests.canonique.chiffres import Recueil

_NOMBRE = re.compile(r"[+−-]?\d[\d\u202f\u00a0]*(?:,\d+)?(?:[\u202f\u00a0]?%)?")


def gather_documents(recueil: Recueil, seance: str, perimetres: list[str]) -> None:
    for ici in perimetres:
        with tempfile.TemporaryDirectory() as dossier:
            recueil.ask("dossier", "--seance", seance, "--ici", ici, "--sortie", dossier)
            for fichier in sorted(Path(dossier).rglob("*.*")):
                for rang, dit in enumerate(_texts(fichier)):
                    question = f"dossier {seance} {ici} {fichier.name} {rang:04d}"
                    recueil.phrases.append(f"{question} → {dit}")
                    if nombres := _NOMBRE.findall(dit):
                        recueil.chiffres.append(f"{question} → {' '.join(n.strip() for n in nombres)}")


def _texts(fichier: Path) -> Iterator[str]:
    if fichier.suffix == ".docx":
        document = Document(str(fichier))
        yield from (p.text for p in document.paragraphs if p.text.strip())
        yield from (" | ".join(c.text for c in r.cells) for t in document.tables for r in t.rows)
    elif fichier.suffix == ".pptx":
        for diapositive in Presentation(str(fichier)).slides:
            yield from _shapes(diapositive.shapes)
    elif fichier.suffix == ".xlsx":
        classeur = CalamineWorkbook.from_path(str(fichier))
        for nom in classeur.sheet_names:
            for rangee in classeur.get_sheet_by_name(nom).to_python():
                yield f"{nom} : {' | '.join(str(c) for c in rangee)}"


def _shapes(formes: Any) -> Iterator[str]:
    for forme in formes:
        if forme.has_text_frame and forme.text_frame.text.strip():
            yield " / ".join(forme.text_frame.text.splitlines())
        if getattr(forme, "has_table", False) and forme.has_table:
            yield from (" | ".join(c.text for c in r.cells) for r in forme.table.rows)
        if getattr(forme, "has_chart", False) and forme.has_chart:
            for serie in forme.chart.plots[0].series:
                yield f"{serie.name} : {' | '.join(str(v) for v in serie.values)}"
