"""Stores that differ by one household, and the documents that are written of each."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pyarrow as pa
import pypdfium2
import streamlit as st
from python_calamine import CalamineWorkbook

from mel_core.dossier import releve, synthese
from mel_core.dossier.seance import compose, contexte
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import Noms, icis
from mel_core.journal import Journal
from mel_core.socle.periodes import Seance
from tests.attaquant.lectures import BALISES, NOMS, graphique, neutre
from tests.ecrans.metropole import CROIX, LANNOY, ROUBAIX, TOUFFLERS, TOURCOING
from tests.marcheur.magasins import publish_drawn, rehearse_in
from tests.marcheur.tables import longue, whole

ICI, S2 = "ICI 2", "2017S2"
DE_L_ICI = (ROUBAIX, TOURCOING, CROIX, LANNOY, TOUFFLERS)
PLAFOND = 20123  # PLUS of 2017, one person


def varier(graine: int) -> dict[str, pa.Table]:
    """All the tables, but one attribution, one demande, one passage, each drawn of the last 12 months in the ICI."""
    alea, tables = Random(graine), {**whole(), "attributions": longue(whole()["attributions"])}
    lignes = {nom: tables[nom].to_pylist() for nom in ("attributions", "demandes", "evenements")}
    baux = [x for x in lignes["attributions"] if x["date_bail"].year == 2017 and x["code_insee"] in DE_L_ICI]
    bail = alea.choice(baux)
    bail |= alea.choice(
        (
            {"revenu_fiscal": (0.1 if (bail["revenu_fiscal"] or 0) > 0.4 * PLAFOND else 0.5) * PLAFOND},
            {"mutation_bloquee": not bail["mutation_bloquee"]},
            {"aci": not bail["aci"], "dalo": False, "pdalhpd": False},
            {"npru": not bail["npru"]},
        )
    )
    demande = alea.choice([x for x in lignes["demandes"] if x["etat"] == "ACTIVE"])
    demande |= alea.choice(({"aci": not demande["aci"]}, {"typologies": ["T3"]}, {"npru": not demande["npru"]}))
    passage = alea.choice([x for x in lignes["evenements"] if x["decision"] and x["date_survenance"].year == 2017])
    passage |= {"decision": "IRRECEVABLE", "rang": None}
    return tables | {nom: pa.Table.from_pylist(x, tables[nom].schema) for nom, x in lignes.items()}


def draw(racine: Path, graines: Sequence[int]) -> list[Path]:
    """The same journal in each, and one publication more than where it was written."""
    base = racine / "base"
    publish_drawn(base, varier(-1))
    rehearse_in(base)
    dossiers = []
    for graine in graines:
        dossier = Path(shutil.copytree(base, racine / f"variante-{graine}"))
        publish_drawn(dossier, varier(graine))
        dossiers.append(dossier)
        NOMS.update(f.stem.encode() for f in (dossier / "jeux").glob("*.duckdb"))
        NOMS.update(f.stem[:n].encode() for f in (dossier / "jeux").glob("*.duckdb") for n in (8, 12, 16))
    return dossiers


def serve(dossier: Path) -> None:
    os.environ["MEL_DONNEES"] = str(dossier)
    st.cache_resource.clear()
    st.cache_data.clear()


def documents(dossier: Path, sortie: Path) -> dict[str, tuple[str, tuple[bytes, ...]]]:
    """Of each document for several: its words, and each part of its file."""
    journal, entrepot, seance = Journal.du_dossier(dossier), Entrepot(dossier), Seance.read(S2)
    compose(entrepot, seance, ICI, sortie, "C. Essai", journal)
    with entrepot.open(Portee.mel(), seance) as lecteur:
        ou, noms = contexte(lecteur, seance, ICI), Noms.read(lecteur)
        dits = {ici: releve.releve_de(entrepot, journal, seance, ici, noms) for ici in icis(lecteur)}
        for suffixe in ("docx", "pdf"):
            releve.write(sortie / f"releve.{suffixe}", ou, dits[ICI])
        synthese.write(sortie / "synthese.docx", ou, lecteur, dits)
    lus = {}
    for chemin in sorted(sortie.glob("*.*")):
        parts = dict(_parts(chemin.name, chemin.read_bytes()))
        dites = [c.decode() for nom, c in parts.items() if any(x in nom for x in _ECRITES)]
        dites += [graphique(c.decode()) for nom, c in parts.items() if "ppt/charts/chart" in nom]
        if chemin.suffix == ".xlsx":
            feuilles = CalamineWorkbook.from_path(chemin)
            dites = [
                str(v) for nom in feuilles.sheet_names for x in feuilles.get_sheet_by_name(nom).to_python() for v in x
            ]
        elif chemin.suffix == ".pdf":
            dites = [c.decode() for nom, c in parts.items() if nom.endswith(".mots")]
        lus[chemin.name] = (BALISES.sub(" ", " ".join(dites)), tuple(n.encode() + c for n, c in parts.items()))
    return lus


_ECRITES = ("ppt/slides/slide", "ppt/notesSlides/notes", "word/document.xml", ".html")


def _parts(nom: str, octets: bytes) -> Iterator[tuple[str, bytes]]:
    """Every part of a file, those of the workbooks behind its charts too; not who wrote it when."""
    if nom.endswith("pdf"):
        yield from _of_pdf(nom, octets)
        return
    if not nom.endswith(("pptx", "docx", "xlsx")):
        yield nom, neutre(octets)
        return
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        for part in sorted(archive.namelist()):
            if not part.startswith("docProps"):
                yield from _parts(f"{nom.split('/')[0]}/{part}", archive.read(part))


def _of_pdf(nom: str, octets: bytes) -> Iterator[tuple[str, bytes]]:
    """Its words, then where each shape that it draws is: both are packed in the file."""
    pages = list(pypdfium2.PdfDocument(octets))
    yield f"{nom}.mots", neutre("\n".join(page.get_textpage().get_text_range() for page in pages).encode())
    formes = [x.get_bounds() for page in pages for x in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH])]
    yield f"{nom}.formes", repr(formes).encode()
