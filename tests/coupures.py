"""The real server killed −9 at random while decisions are typed and acknowledged in a browser, as often as asked.

`python -m tests.coupures --fois 100 --base postgresql`, or `--sans-reseau 60` for a browser that loses its network for
so many seconds. The journal is read by itself after each kill: what the screen said was acted is there, once. Exit 1
when a decision is lost or doubled, or when the chain does not verify. `--graine` plays a drawn seed again.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

from lancer import find_chromium
from mel_core.journal import Journal
from mel_core.seance.coordination import decisions
from mel_core.socle import langue
from tests.journal.bases import nouvelle_base, serveur_postgresql
from tests.navigateur.conftest import OPTIONS, RACINE, application, demarrer, wait_until_up
from tests.navigateur.test_coordination import AVANT, adresse_de, choose, journal_seme, se_nommer

_ENTIERE = re.compile(r"Décision \d+-\d+ du tour\.")


@dataclass
class Compte:
    """`confirmees`: what the screen said was acted. `ecrites`: the versions in the journal, the first one first."""

    coupures: int = 0
    confirmees: set[str] = field(default_factory=set)
    ecrites: list[str] = field(default_factory=list)
    rouvertes_autrement: int = 0  # what the screen shows after a kill is not the draft that the journal holds
    anomalies: int = 0

    @property
    def perdues(self) -> list[str]:
        return sorted(self.confirmees - set(self.ecrites))

    @property
    def doublees(self) -> list[str]:
        """Texts that are unique as typed; what a kill cut short may be typed alike twice, never twice in a row."""
        fois = Counter(t for t in self.ecrites if _ENTIERE.fullmatch(t))
        return [t for t, n in fois.items() if n > 1] + [
            t for t, suivant in zip(self.ecrites, self.ecrites[1:], strict=False) if t == suivant
        ]

    @property
    def est_sain(self) -> bool:
        return not (self.perdues or self.doublees or self.anomalies or self.rouvertes_autrement)

    def phrase(self) -> str:
        chaine = "chaîne intacte" if not self.anomalies else langue.effectif(self.anomalies, "anomalie")
        dites = (
            ("confirmées à l’écran", len(self.confirmees)),
            ("écrites au journal", len(self.ecrites)),
            ("perdues", len(self.perdues)),
            ("en double", len(self.doublees)),
            ("brouillons rouverts autrement", self.rouvertes_autrement),
        )
        comptes = ", ".join(f"{nom} {langue.nombre(n)}" for nom, n in dites)
        return f"{langue.effectif(self.coupures, 'coupure')} ; décisions : {comptes} ; {chaine}."


def couper(page: Page, dossier: Path, fois: int, alea: random.Random, say: bool = False) -> Compte:
    """Kill the server `fois` times over the store `dossier`, whose journal is that of MEL_JOURNAL."""
    compte, brouillon, ordinaire = Compte(), "", 0.0
    journal_seme(dossier).close()
    suivant = demarrer(dossier)
    try:
        for tour in range(fois):
            serveur, adresse = suivant
            wait_until_up(serveur, adresse)
            suivant = demarrer(dossier)  # it opens the journal for its first visitor only: after the kill
            page.goto(adresse_de(adresse, "coordination", AVANT, point="b0"))
            se_nommer(page, "C. Essai")
            champ = page.get_by_label("Décision", exact=True)
            if tour:
                compte.rouvertes_autrement += not _montre(champ, brouillon)
            else:
                choose(page, "Responsable", "MEL")
                debut = time.monotonic()
                _decide(compte, page, champ, "Décision 0-0 du tour.", serveur)
                ordinaire = time.monotonic() - debut
            # Anywhere from the first key of a decision to the next ones, however slow the machine.
            minuteur = threading.Timer(alea.uniform(0, 3 * ordinaire), serveur.kill)
            minuteur.start()
            page.keyboard.press("Control+Enter")  # whoever saw no acknowledgement acts the same text again
            for k in range(1, 1_000):
                if serveur.poll() is not None:
                    break
                _decide(compte, page, champ, f"Décision {tour}-{k} du tour.", serveur)
            minuteur.join()
            serveur.wait(10)
            compte.coupures += 1
            with ouvert(Journal.du_dossier(dossier)) as journal:
                _reread(compte, page, journal)
                brouillon = _brouillon(journal)
            if say:
                print(compte.phrase(), flush=True)
            if not compte.est_sain:
                break
    finally:
        suivant[0].kill()
        suivant[0].wait(10)
    return compte


def _decide(compte: Compte, page: Page, champ: Locator, texte: str, serveur: subprocess.Popen[bytes]) -> None:
    """Type over what is there, act, and wait until the screen says it, or until the server is dead."""
    champ.press("ControlOrMeta+a")
    page.keyboard.type(texte, delay=15)
    page.keyboard.press("Control+Enter")
    essais = 0
    while serveur.poll() is None and texte not in _acte(page):
        page.wait_for_timeout(20)
        essais += 1
        if essais % 100 == 0:
            page.keyboard.press("Control+Enter")
    if texte in _acte(page):  # noted now: the next decision takes its place on screen
        compte.confirmees.add(texte)


def _montre(champ: Locator, texte: str) -> bool:
    """Whether the field comes to show `texte`: it is drawn empty, then filled."""
    try:
        expect(champ).to_have_value(texte)
    except AssertionError:
        print(f"à l’écran « {champ.input_value()} », au journal « {texte} »", flush=True)
        return False
    return True


def _acte(page: Page) -> str:
    return " ".join(page.locator(".acte").all_inner_texts())


def _brouillon(journal: Journal) -> str:
    return next((f.contenu.get("texte") or "" for f in journal.find_all("brouillon-decision")), "")


def _reread(compte: Compte, page: Page, journal: Journal) -> None:
    """What the screen still says was acted, and what the journal holds, once the server is dead."""
    compte.confirmees |= set(_ENTIERE.findall(_acte(page)))
    compte.ecrites = [
        f.contenu["texte"]
        for lue, _ in decisions.find_all(journal)
        for f in journal.historique("decision", lue.identifiant)
    ]
    compte.anomalies = len(journal.verify())


def couper_le_reseau(page: Page, adresse: str, dossier: Path, secondes: int) -> Compte:
    """Type and act twice while the browser has no network for so long: one decision, once it is back."""
    compte = Compte(coupures=1)
    with ouvert(journal_seme(dossier)) as journal:
        page.goto(adresse_de(adresse, "coordination", AVANT, point="b0"))
        se_nommer(page, "C. Essai")
        choose(page, "Responsable", "MEL")
        page.context.set_offline(True)
        page.get_by_label("Décision", exact=True).click()
        page.keyboard.type("Décision 0-0 du tour.", delay=60)
        page.keyboard.press("Control+Enter")
        page.wait_for_timeout(secondes * 1000)
        page.keyboard.press("Control+Enter")
        assert decisions.find_all(journal) == []
        page.context.set_offline(False)
        expect(page.locator(".acte")).to_contain_text("Décision 0-0 du tour.")
        _reread(compte, page, journal)
    return compte


@contextmanager
def ouvert(journal: Journal) -> Iterator[Journal]:
    """Closed at the end: no other process holds the database when the next server opens it."""
    yield journal
    journal.close()


@contextmanager
def journal_sur(base: str) -> Iterator[None]:
    """MEL_JOURNAL for this process and the servers that it starts: nothing for SQLite, which is in the store."""
    avant = os.environ.pop("MEL_JOURNAL", None)
    try:
        if base == "sqlite":
            yield
            return
        with serveur_postgresql() as serveur:
            os.environ["MEL_JOURNAL"] = nouvelle_base(serveur)
            yield
    finally:
        os.environ.pop("MEL_JOURNAL", None)
        if avant is not None:
            os.environ["MEL_JOURNAL"] = avant


def principal() -> int:
    read = argparse.ArgumentParser(description="Coupures du serveur ou du réseau pendant la saisie des décisions.")
    read.add_argument("--fois", type=int, default=100, help="coupures du serveur (100)")
    read.add_argument("--base", choices=("sqlite", "postgresql"), default="sqlite")
    read.add_argument("--graine", type=int, default=None, help="rejoue les mêmes instants")
    read.add_argument("--sans-reseau", type=int, metavar="SECONDES", help="coupe le réseau du navigateur, une fois")
    options = read.parse_args()
    graine = secrets.randbits(32) if options.graine is None else options.graine
    chemin = find_chromium()
    with tempfile.TemporaryDirectory() as nom, journal_sur(options.base), sync_playwright() as p:
        commande = [sys.executable, "-m", "mel_core", "--dossier-donnees", nom, "demo"]
        subprocess.run(commande, cwd=RACINE, capture_output=True, check=True)
        navigateur = p.chromium.launch(executable_path=str(chemin) if chemin else None, args=list(OPTIONS))
        page = navigateur.new_page(viewport={"width": 1366, "height": 768}, locale="fr-FR")
        page.set_default_timeout(60_000)
        if options.sans_reseau:
            with application(Path(nom)) as adresse:
                compte = couper_le_reseau(page, adresse, Path(nom), options.sans_reseau)
        else:
            print(f"graine {graine}, journal {options.base}", flush=True)
            compte = couper(page, Path(nom), options.fois, random.Random(graine), say=True)
        navigateur.close()
    print(compte.phrase())
    return 0 if compte.est_sain else 1


if __name__ == "__main__":
    sys.exit(principal())
