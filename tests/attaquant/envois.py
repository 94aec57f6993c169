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
import logging
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, count
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import Profil, TypeProfil
from mel_core.indicateurs.catalogue import MESURES
from mel_core.simulation.scenarios import MOTEURS
from pages.commun.emplacement import RACINE
from pages.commun.navigation import HORS_SEANCE, SEANCE, fichier
from tests.attaquant.lectures import Lu, cadre, envoye, fautes, hors_regle, mots, neutre_mots
from tests.attaquant.voisins import ICI, S2, documents, draw, serve
from tests.ecrans import leviers
from tests.ecrans.metropole import ROUBAIX


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


PROJETEES, DU_BILAN = ("simuler",), Ecran("bilan", (("objectif", "equilibre"),))


def bilans() -> Iterator[Ecran]:
    for objectif in ("equilibre", "aci"):
        yield Ecran("bilan", (("objectif", objectif),))
        yield Ecran("bilan", (("objectif", objectif), ("commune", ROUBAIX)))
    for code, mesure in MESURES.items():
        for coupe in mesure.coupes:
            yield Ecran("bilan", (("objectif", code), ("coupe", coupe)))


def ecrans() -> list[Ecran]:
    """Every page, and every measure × cut of the bilan."""
    simulations = (Ecran("simuler", (("simulation", nom),)) for nom in MOTEURS)
    return [
        *bilans(),
        *simulations,
        *(Ecran(page) for page in (*SEANCE, *HORS_SEANCE) if page not in ("bilan", "simuler")),
    ]


def open(ecran: Ecran, *, en_salle: bool = True) -> AppTest:
    essai = AppTest.from_file(RACINE / "app.py", default_timeout=180)
    profil = Profil(TypeProfil.ANIMATEUR if en_salle else TypeProfil.COPILOTE)
    essai.session_state["profil_repete"] = profil
    essai.session_state["auteur_nom"] = "C. Essai"
    essai.session_state["tableau_mesure"] = True  # unfolded: what a room could be sent
    essai.query_params.update({"seance": S2, "ici": ICI, **dict(ecran.adresse)})
    essai.switch_page(fichier(ecran.page)).run()
    if ecran.choix and (en_salle or ecran.choix[1] < len(_offerts(essai).get(ecran.choix[0], ()))):
        _choose(essai, *ecran.choix)
    if ecran.position is not None:
        leviers._questions = count(1)  # the same question, whatever was asked before
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


def principal(arguments: list[str]) -> int:
    lecteur = argparse.ArgumentParser(prog="python -m tests.attaquant.envois")
    lecteur.add_argument("--variantes", type=int, default=6)
    lecteur.add_argument("--options", type=int, default=6, help="de chaque choix d’une page, au plus")
    lecteur.add_argument("--graine", type=int, default=0)
    lecteur.add_argument("--page", action="append")
    options = lecteur.parse_args(arguments)
    logging.disable(logging.WARNING)  # of Streamlit, without a browser
    graines = range(options.graine, options.graine + options.variantes)
    with tempfile.TemporaryDirectory() as racine:
        dossiers = draw(Path(racine), graines)
        serve(dossiers[0])
        voulus = [e for e in ecrans() if not options.page or e.page in options.page]
        voulus += [s for e in voulus for s in suites(e, options.options)]
        lus: dict[Ecran, list[Lu]] = {}
        for dossier in dossiers:
            read(dossier, voulus, lus)
            sortie = Path(tempfile.mkdtemp(dir=racine))
            for nom, (dits, parts) in ({} if options.page else documents(dossier, sortie)).items():
                lus.setdefault(Ecran(nom), []).append(Lu(dossier.name, neutre_mots(dits), parts, dossier.name))
            print(f"{dossier.name} : {len(voulus)} écrans lus", flush=True)
    return report(lus)


def read(dossier: Path, voulus: Sequence[Ecran], lus: dict[Ecran, list[Lu]]) -> None:
    """What each screen says and sends, of a store."""
    serve(dossier)
    # What is projected is drawn from shares that the bilan tells, and not always the page itself.
    du_bilan = mots(open(DU_BILAN)) if any(e.page in PROJETEES for e in voulus) else ""
    for rang, ecran in enumerate(voulus):
        essai = open(ecran)
        if not rang:
            dits, octets = cadre(essai)
            lus.setdefault(Ecran("le cadre"), []).append(Lu(dossier.name, neutre_mots(dits), octets, dossier.name))
        exacts = mots(open(ecran, en_salle=False))
        dits = neutre_mots(mots(essai) + (du_bilan if ecran.page in PROJETEES else ""))
        lus.setdefault(ecran, []).append(Lu(dossier.name, dits, tuple(envoye(essai)), exacts))


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
    return 1 if n_fautes else 0  # what is said otherwise is to be read: a gap in points, a rank, dwellings


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
