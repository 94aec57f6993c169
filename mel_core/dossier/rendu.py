"""A document in the file that its name asks for: docx to be edited, PDF to be sent."""

from __future__ import annotations

from pathlib import Path

from mel_core.dossier import pages_docx, pages_pdf
from mel_core.dossier.blocs import Ecrit


def write(chemin: Path, ecrit: Ecrit) -> None:
    (pages_pdf if chemin.suffix == ".pdf" else pages_docx).write(chemin, ecrit)
