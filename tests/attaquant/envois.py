"""`python -m tests.attaquant.envois [--variantes 6]`: whether what is sent to a page in Salle says more than its words.

Non-interference. Stores that differ by one household each (an attribution, a demande, a passage in commission: of
another label, another income, another decision) are shown to a room: every page, cut, view, and several positions of
each lever. Where two of them read the same, every message sent to the browser is to be the same to the byte: figures of
charts and of maps, grids, hidden columns, keys; it counts where the desk of a co-pilot reads a difference between them.
Where they do not, what differs is to be worded by the rule: a count that is a multiple of its base, a whole per cent, a
median. The documents sent to several are read likewise: their words, then every part of their files.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import streamlit as st
from streamlit.testing.v1 import AppTest

from mel_core.dossier import ecrits, releve, synthese
from mel_core.dossier.noms import Noms
from mel_core.dossier.seance import compose, contexte
from mel_core.droits.acces import Profil, TypeProfil
from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import icis
from mel_core.journal import Journal
from mel_core.secret.audience import SALLE
from mel_core.socle.periodes import Seance
from pages.commun.emplacement import RACINE
from pages.commun.mesures.catalogue import MESURES
from pages.commun.navigation import HORS_SEANCE, SEANCE, fichier
from tests.ecrans import leviers
from tests.ecrans.metropole import CROIX, LANNOY, ROUBAIX, TOUFFLERS, TOURCOING
from tests.marcheur.magasins import publish_drawn, rehearse_in
from tests.marcheur.tables import longue, whole

ICI, S2 = "ICI 2", "2017S2"
DE_L_ICI = (ROUBAIX, TOURCOING, CROIX, LANNOY, TOUFFLERS)
PLAFOND = 20123  # PLUS of 2017, one person
BASE = SALLE.regle.base


@dataclass(frozen=True)
class Ecran:
    """A page, its address, then a choice made on it: a widget and the rank of its option; positions of its levers."""

    page: str
    adresse: tuple[tuple[str, str], ...] = ()
    choix: tuple[str, int] | None = None
    position: int | None = None  # hundredths of the way from the least value of each lever to the greatest

    def __str__(self) -> str:
        suite = f" {self.choix[0]}[{self.choix[1]}]" if self.choix else ""
        suite += f" leviers à {self.position} %" if self.position is not None else ""
        return f"{self.page} {' '.join(v for _, v in self.adresse)}{suite}"


def bilans() -> Iterator[Ecran]:
    for objectif in ("equilibre", "aci"):
        yield Ecran("bilan", (("objectif", objectif),))
        yield Ecran("bilan", (("objectif", objectif), ("commune", ROUBAIX)))
    for code, mesure in MESURES.items():
        for coupe in mesure.coupes:
            yield Ecran("bilan", (("objectif", code), ("coupe", coupe)))


def ecrans() -> list[Ecran]:
    """Every page, and every measure × cut of the bilan."""
    return [*bilans(), *(Ecran(page) for page in (*SEANCE, *HORS_SEANCE) if page != "bilan")]


def open(ecran: Ecran, *, en_salle: bool = True) -> AppTest:
    essai = AppTest.from_file(RACINE / "app.py", default_timeout=180)
    profil = Profil(TypeProfil.ANIMATEUR if en_salle else TypeProfil.COPILOTE)
    essai.session_state["profil_repete"] = profil
    essai.session_state["auteur_nom"] = "C. Essai"
    essai.query_params.update({"seance": S2, "ici": ICI, **dict(ecran.adresse)})
    essai.switch_page(fichier(ecran.page)).run()
    if ecran.choix and (en_salle or ecran.choix[1] < len(_offerts(essai).get(ecran.choix[0], ()))):
        _choose(essai, *ecran.choix)
    if ecran.position is not None:
        leviers.pull(
            essai, {c["libelle"]: _a(c, ecran.position) for m in leviers.messages(essai) for c in m["curseurs"]}
        )
    assert not essai.exception, (ecran, essai.exception)
    return essai


def _a(curseur: Mapping[str, Any], position: int) -> int:
    return int(curseur["minimum"] + (curseur["maximum"] - curseur["minimum"]) * position // 100)


def _offerts(essai: AppTest) -> dict[str, list[str]]:
    """What offers a few options, by its key: choices, and the tabs of the bilan; but where and when."""
    lus = [*essai.selectbox, *essai.get("button_group")]
    onglets = {_ONGLETS: [o.label for o in essai.tabs]} if len(essai.tabs) else {}
    return onglets | {w.key: list(w.options) for w in lus if w.key and w.key not in _AILLEURS}


def _choose(essai: AppTest, cle: str, rang: int) -> None:
    """As the page would send it."""
    option = _offerts(essai)[cle][rang]
    if cle == _ONGLETS:
        essai.session_state[_ONGLETS] = option
        essai.run()
        return
    widget = next(w for w in (*essai.selectbox, *essai.get("button_group")) if w.key == cle)
    if widget.type == "selectbox":
        widget.select_index(rang).run()
        return
    etats = essai._tree.get_widget_states()
    (sien,) = (w for w in etats.widgets if w.id == widget.id)
    sien.string_array_value.data[:] = [option]
    essai._run(etats)


_ONGLETS, _AILLEURS = "constat", ("ici", "seance", "objectif", "coupe", "territoire", "profil_type", "profil_code")


def suites(ecran: Ecran, au_plus: int) -> Iterator[Ecran]:
    """Each other option of each choice of the page, and positions of its levers."""
    essai = open(ecran)
    for cle, options in _offerts(essai).items():
        for rang in range(min(len(options), au_plus)):
            yield Ecran(ecran.page, ecran.adresse, (cle, rang))
    if leviers.messages(essai):
        yield from (Ecran(ecran.page, ecran.adresse, None, p) for p in (0, 30, 70, 100))


# What is read, and what is sent.
_BALISES = re.compile(r"<(?:style|script)\b.*?</(?:style|script)>|<[^>]+>", re.DOTALL)
_TITRES = re.compile(r'\b(?:title|aria-label|alt)="([^"]*)"')
_LUES = ("titre", "lecture", "etat", "retour", "reserve", "reponse", "libelle")


def mots(essai: AppTest) -> str:
    """The words of a page: its sentences, tables and labels, the texts of its pictures; not what is drawn in them."""
    return " ".join(m for enfant in _feuilles(essai._tree) for m in _mots(enfant))


def _feuilles(bloc: Any) -> Iterator[Any]:
    for enfant in bloc.children.values():
        if hasattr(enfant, "children"):
            yield from _feuilles(enfant)
        else:
            yield enfant


def _mots(enfant: Any) -> Iterator[str]:
    if enfant.type == "html":
        corps = enfant.proto.body
        yield _BALISES.sub(" ", corps)
        yield from _TITRES.findall(corps)
    elif enfant.type == "bidi_component":
        yield from _du_json(json.loads(enfant.proto.bytes or b"{}"))
    elif enfant.type in ("markdown", "caption", "code", "heading", "title", "subheader", "error", "warning", "info"):
        yield str(enfant.value)
    elif hasattr(enfant, "options"):
        yield " ".join(map(str, enfant.options))
    else:
        yield getattr(enfant.proto, "label", "")


def _du_json(dit: Any) -> Iterator[str]:
    if isinstance(dit, dict):
        for cle, valeur in dit.items():
            if cle in _LUES and isinstance(valeur, str):
                yield _BALISES.sub(" ", valeur)
            yield from _du_json(valeur)
    elif isinstance(dit, list):
        for valeur in dit:
            yield from _du_json(valeur)


def envoye(essai: AppTest) -> list[bytes]:
    """Every message of the page, to the byte, but what names the store and the instant."""
    return [
        _neutre(e.proto.SerializeToString(deterministic=True)) for e in _feuilles(essai._tree) if e.proto is not None
    ]


_NOMS: set[bytes] = set()  # of the stores that are read


def _neutre(octets: bytes) -> bytes:
    for nom in sorted(_NOMS, key=len, reverse=True):
        octets = octets.replace(nom, b"#" * len(nom))
    octets = re.sub(rb'data-debut="\d+"', b"", octets)  # of the timer
    octets = re.sub(rb'"question":\d+', b"", octets)  # of a lever
    return re.sub(rb"\d\d (h|:) ?\d\d", b"##:##", octets)


def _neutre_mots(dits: str) -> str:
    return re.sub(r"\s+", " ", _neutre(dits.encode()).decode())


# Stores that differ by one household.


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
        _NOMS.update(f.stem.encode() for f in (dossier / "jeux").glob("*.duckdb"))
        _NOMS.update(f.stem[:n].encode() for f in (dossier / "jeux").glob("*.duckdb") for n in (8, 12, 16))
    return dossiers


def serve(dossier: Path) -> None:
    os.environ["MEL_DONNEES"] = str(dossier)
    st.cache_resource.clear()
    st.cache_data.clear()


@dataclass(frozen=True)
class Lu:
    """Of a store: the words of a screen in Salle, what is sent, and the words at the desk of a co-pilot."""

    dossier: str
    mots: str
    envois: tuple[bytes, ...]
    exacts: str


def fautes(lus: Sequence[Lu]) -> tuple[int, list[str]]:
    """How many pairs of stores read the same in Salle and not at the desk; what is then sent that is not the same."""
    n, dites = 0, []
    for un, autre in combinations(lus, 2):
        if un.mots != autre.mots:
            continue
        n += un.exacts != autre.exacts
        if un.envois != autre.envois:
            dites.append(f"{un.dossier}, {autre.dossier} : {_ecart(un.envois, autre.envois)}")
    return n, dites


def _ecart(un: Sequence[bytes], autre: Sequence[bytes]) -> str:
    """The first of what is sent that differs, from a little before."""
    if len(un) != len(autre):
        return f"{len(un)} envois, {len(autre)}"
    a, b = next((x, y) for x, y in zip(un, autre, strict=True) if x != y)
    i = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return f"…{a[max(0, i - 120) : i + 40]!r} / …{b[max(0, i - 20) : i + 40]!r}"


_NOMBRE = re.compile(r"\d[\d   ]*(?:,\d+)?")
_DIT = re.compile(r"ou moins|%|mois|point|ans?\b")  # what may follow one that is no multiple of the base


def hors_regle(un: str, autre: str) -> set[str]:
    """The numbers that differ from one to the other and are not worded by the rule, with what follows them."""
    mots_un, mots_autre = (_NOMBRE.sub(lambda m: f" {m[0].strip()} ", x).split(" ") for x in (un, autre))
    trouves = set()
    for geste, i, j, k, fin in SequenceMatcher(None, mots_un, mots_autre, autojunk=False).get_opcodes():
        if geste != "equal":
            for mots_lus, debut, apres in ((mots_un, i, j), (mots_autre, k, fin)):
                for rang in range(debut, apres):
                    suite = " ".join(mots_lus[rang + 1 : rang + 5])
                    if not _est_de_la_regle(mots_lus[rang], suite):
                        trouves.add(f"{mots_lus[rang]} {suite}"[:60])
    return trouves


def _est_de_la_regle(mot: str, suite: str) -> bool:
    chiffres = re.sub(r"\D", "", mot.split(",")[0])
    if not _NOMBRE.fullmatch(mot) or not chiffres:
        return True
    dit = _DIT.match(suite.strip())
    if "," in mot:  # a tension, a median: never a share
        return dit is None or dit[0] != "%"
    return int(chiffres) % BASE == 0 or dit is not None


def documents(dossier: Path, sortie: Path) -> dict[str, tuple[str, tuple[bytes, ...]]]:
    """Of each document for several: its words, and each part of its file."""
    journal, entrepot, seance = Journal.du_dossier(dossier), Entrepot(dossier), Seance.read(S2)
    compose(entrepot, seance, ICI, sortie, "C. Essai", journal)
    with entrepot.open(Portee.mel(), seance) as lecteur:
        ou, noms = contexte(lecteur, seance, ICI), Noms.read(lecteur)
        dits = {ici: ecrits.releve_de(entrepot, journal, seance, ici, noms) for ici in icis(lecteur)}
        releve.write(sortie / "releve.docx", ou, dits[ICI])
        synthese.write(sortie / "synthese.docx", ou, lecteur, dits)
    lus = {}
    for chemin in sorted(sortie.glob("*.*")):
        parts = dict(_parts(chemin.name, chemin.read_bytes()))
        dites = [c.decode() for nom, c in parts.items() if any(x in nom for x in _ECRITES)]
        lus[chemin.name] = (_BALISES.sub(" ", " ".join(dites)), tuple(n.encode() + c for n, c in parts.items()))
    return lus


_ECRITES = ("ppt/slides/slide", "ppt/notesSlides/notes", "word/document.xml", "xl/worksheets/sheet", "sharedStrings")


def _parts(nom: str, octets: bytes) -> Iterator[tuple[str, bytes]]:
    """Every part of a file, those of the workbooks behind its charts too; not who wrote it when."""
    if not nom.endswith(("pptx", "docx", "xlsx")):
        yield nom, _neutre(octets)
        return
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        for part in sorted(archive.namelist()):
            if not part.startswith("docProps"):
                yield from _parts(f"{nom.split('/')[0]}/{part}", archive.read(part))


def principal(arguments: list[str]) -> int:
    lecteur = argparse.ArgumentParser(prog="python -m tests.attaquant.envois")
    lecteur.add_argument("--variantes", type=int, default=6)
    lecteur.add_argument("--options", type=int, default=6, help="de chaque choix d’une page, au plus")
    lecteur.add_argument("--graine", type=int, default=0)
    lecteur.add_argument("--page", action="append")
    options = lecteur.parse_args(arguments)
    graines = range(options.graine, options.graine + options.variantes)
    with tempfile.TemporaryDirectory() as racine:
        dossiers = draw(Path(racine), graines)
        serve(dossiers[0])
        voulus = [e for e in ecrans() if not options.page or e.page in options.page]
        voulus += [s for e in voulus for s in suites(e, options.options)]
        lus: dict[Ecran, list[Lu]] = {}
        for dossier in dossiers:
            serve(dossier)
            sortie = Path(tempfile.mkdtemp(dir=racine))
            for nom, (dits, parts) in ({} if options.page else documents(dossier, sortie)).items():
                lus.setdefault(Ecran(nom), []).append(Lu(dossier.name, _neutre_mots(dits), parts, dossier.name))
            for ecran in voulus:
                essai = open(ecran)
                exacts = (
                    mots(open(ecran, en_salle=False)) if ecran.position is None and not ecran.choix else mots(essai)
                )
                dits = _neutre_mots(mots(essai))
                lus.setdefault(ecran, []).append(Lu(dossier.name, dits, tuple(envoye(essai)), exacts))
            print(f"{dossier.name} : {len(voulus)} écrans lus", flush=True)
    return report(lus)


def report(lus: Mapping[Ecran, Sequence[Lu]]) -> int:
    n_paires = n_fautes = n_autres = n_dits = 0
    muets = []
    for ecran, siens in lus.items():
        n, dites = fautes(siens)
        n_paires, n_fautes = n_paires + n, n_fautes + bool(dites)
        autres = [(un, autre) for un, autre in combinations(siens, 2) if un.mots != autre.mots]
        n_autres += len(autres)
        if dits := set().union(*(hors_regle(un.mots, autre.mots) for un, autre in autres)):
            n_dits += 1
            print(f"  DIT, {ecran} : {' ; '.join(sorted(dits)[:6])}")
        if not n and ecran.position is None and not ecran.choix:
            muets.append(str(ecran))
        if dites:
            print(f"  ENVOYÉ, {ecran} : {dites[0]} ({len(dites)} paires)")
    print(
        f"{len(lus)} écrans ; {n_paires} paires de magasins lues pareilles en Salle et non au poste : "
        f"{n_fautes} écrans dont les envois diffèrent ; {n_autres} paires lues autrement : {n_dits} écrans qui ne le "
        f"disent pas par la règle ; jamais pareils, ou jamais différents au poste : "
        f"{', '.join(muets) or 'aucun'}"
    )
    return 1 if n_fautes or n_dits else 0


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
