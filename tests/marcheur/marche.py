"""The walk: a Hypothesis state machine that plays any page as any profile, in any order, and never stops at a fault."""

from __future__ import annotations

import os
import random
import re
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from pages.commun import donnees
from tests.marcheur.chemins import Carnet
from tests.marcheur.fautes import Incidents
from tests.marcheur.gestes import PEU, choices
from tests.marcheur.liens import SITUENT
from tests.marcheur.magasins import ENTIERS, MAGASINS, tire
from tests.marcheur.plantes import is_said
from tests.marcheur.servi import as_served
from tests.marcheur.sondes import COURUS, Bloc, blocks
from tests.marcheur.visite import PAGES, PROFILS, Visite

VUES = ("tabs", "button_group", "selectbox", "radio")
# How one goes on: how often, and how many moves on the page where that leads.
SUITES = {
    **{"arrive": (3, 10), "go": (2, 8), "reload": (1, 4), "be": (1, 4), "swap": (1, 4), "deform": (2, 1)},
    "double": (2, 2),
}
DEUX_FOIS = "deux fois"
DEFORMEES = ("", "ICI 9", "2031S1", "nulle part", "-1", "1/3", "40", "x" * 300, DEUX_FOIS, DEUX_FOIS)
AUTEURS = ("C. Essai",) * 4 + ("",)
LIEUX = ("seance", "ici", "commune", "bailleur")
POIDS_MIN = 0.3  # of a page that has something to play: one that refuses may leave the frame alone
N_TIRES = 6  # stores drawn for a walk
N_ENVOIS = 4  # of a form, by somebody who means to send it
N_VUES = 12  # views of a page that are looked at before anything is played
PAR_LOT = 5  # sessions that Hypothesis draws in one go


@dataclass
class Marche(Carnet):
    """What a walk met. `adresses`: for each view of each page, one that runs the most of it, and how much; `suivies`:
    how often it was opened; `recharges`: how often the page was loaded again after each field; `doubles`: how often
    each button was clicked in two tabs; `deformees`: how often each key of the address of a page was got wrong;
    `pages`: where each field was seen."""

    graine: int = 0
    fin: float = float("inf")
    n_max: float = float("inf")
    jusqua: Collection[str] = ()
    adresses: dict[tuple[str, ...], tuple[int, dict[str, Any]]] = field(default_factory=dict)
    suivies: Counter[tuple[str, ...]] = field(default_factory=Counter)
    pages: defaultdict[tuple[str, ...], set[str]] = field(default_factory=lambda: defaultdict(set))
    recharges: Counter[tuple[str, ...]] = field(default_factory=Counter)
    doubles: Counter[tuple[str, ...]] = field(default_factory=Counter)
    deformees: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def is_over(self) -> bool:
        dites = [f.dite for f in self.fautes.values()] if self.jusqua else []
        est_trouve = bool(self.jusqua) and all(any(is_said(m, d) for d in dites) for m in self.jusqua)
        return est_trouve or time.monotonic() > self.fin or self.n_executions >= self.n_max

    def poids(
        self, lieu: tuple[str, ...], cle: tuple[str, ...], options: Sequence[str], envoi: Sequence[tuple[str, ...]]
    ) -> float:
        """A button, or a choice with options never taken, before the rest; a button again when a field was given what
        it never came after. What is on every page, as the frame is, is played on each of them in turn."""
        if 0 < len(options) <= PEU:
            part = min(4, sum(self.nouveaute(lieu, (*cle, o)) for o in options))
        else:
            envois = (2 / (1 + self.envoyes[e]) for e in envoi)
            part = (2 if cle[1] == "button" else 1) * max([self.nouveaute(lieu, cle), *envois])
        self.pages[cle[1:]].add(cle[0])
        return part / len(self.pages[cle[1:]])

    def retain(self, page: str, adresse: dict[str, Any]) -> None:
        """A link to where somebody came; two links that differ by no more than a place, a séance or a number are one
        view."""
        chiffres = re.compile(r"\d")
        vue = (page, *(c if chiffres.search(v) else f"{c}={v}" for c, v in sorted(adresse.items()) if c not in LIEUX))
        if len(COURUS) >= self.adresses.get(vue, (0,))[0] or self.tirage.random() < 1 / 5:
            self.adresses[vue] = len(COURUS), adresse

    @cached_property
    def tirage(self) -> random.Random:
        """Of all but the order of the moves: Hypothesis draws small numbers, and the same ones, too often."""
        return random.Random(self.graine)

    def magasin(self, page: str, noms: Sequence[str]) -> str:
        """Half of the time one where everything is; any of them, rather where the page was seldom seen."""
        parmi = [nom for nom in noms if nom in ENTIERS] if self.tirage.random() < 1 / 2 else []
        parmi = parmi or [*noms]
        return self.tirage.choices(parmi, [1 / (1 + self.jouees[nom, page]) ** 4 for nom in parmi])[0]

    def profil(self, page: str) -> str:
        """Most screens are those of a co-pilot; else one who seldom saw the page."""
        poids = [1 / (1 + self.jouees[profil, page]) ** 2 for profil in PROFILS]
        return "co-pilote" if self.tirage.random() < 2 / 3 else self.tirage.choices(list(PROFILS), poids)[0]

    def page(self) -> str:
        """Rather one whose modules, as far as others do not share them, have blocks that nobody ran."""
        courus, pages = set[Bloc](), defaultdict[str, set[str]](set)
        for page, vue in self.chemins.vues:
            if isinstance(vue, tuple):
                courus.add(vue)
                pages[vue[0]].add(page)
        restes = dict.fromkeys(PAGES, 0.0)
        for fichier, siennes in pages.items():
            for page in siennes:
                restes[page] += len(blocks(fichier) - courus) / len(siennes)
        (page,) = self.tirage.choices(PAGES, [(20 + restes[p]) ** 1.5 / (1 + self.jouees[p]) for p in PAGES])
        return page

    def adresse(self, page: str) -> dict[str, Any]:
        """Of one of its views that was seldom opened, or none."""
        vue: tuple[str, ...] = ()
        if self.tirage.random() < 0.7:
            vue = self._rare(sorted(v for v in self.adresses if v[0] == page))
        # Where the journal has something, twice out of three; the address says the rest of a view.
        return self.adresses[vue][1] if vue else {"ici": "ICI 2"} if self.tirage.random() < 2 / 3 else {}

    def _rare(self, parmi: list[tuple[str, ...]]) -> tuple[str, ...]:
        if not parmi:
            return ()
        (vue,) = self.tirage.choices(parmi, [1 / (1 + self.suivies[v]) ** 2 for v in parmi])
        self.suivies[vue] += 1
        return vue


def walk(
    graine: int,
    n_visites: int,
    n_pas: int,
    secondes: float = float("inf"),
    magasins: Sequence[str] | None = None,
    executions: float = float("inf"),
    jusqua: Collection[str] = (),
    lieu: Path | None = None,
) -> Marche:
    """`n_visites` sessions of about `n_pas` moves each; fewer when `secondes` or `executions` are over, or when faults
    say all of `jusqua`. `lieu`: where the stores drawn are kept for the next walk."""
    marche = Marche(graine=graine, fin=time.monotonic() + secondes, n_max=executions, jusqua=jusqua)
    noms = list(magasins or (*MAGASINS, *(f"tire {graine} {n}" for n in range(N_TIRES))))
    with tempfile.TemporaryDirectory(prefix="marche-") as le_temps_de_la_marche, as_served() as incidents:
        racine = lieu or Path(le_temps_de_la_marche)
        for lot in range(0, n_visites, PAR_LOT):
            if marche.is_over:
                break
            run_state_machine_as_test(
                hypothesis.seed(graine + lot)(_machine(marche, racine, noms, incidents)),
                settings=settings(
                    max_examples=min(PAR_LOT, n_visites - lot),
                    stateful_step_count=n_pas,
                    phases=[Phase.generate],
                    database=None,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
    return marche


@contextmanager
def _magasin(racine: Path, nom: str) -> Iterator[None]:
    """The store that pages read: a copy of one, drawn when it is first needed."""
    if not (racine / nom).exists():
        (racine / nom).mkdir()
        MAGASINS.get(nom, tire)(racine / nom)
    with tempfile.TemporaryDirectory(prefix="visite-", ignore_cleanup_errors=True) as dossier:
        shutil.copytree(racine / nom, dossier, dirs_exist_ok=True)
        os.environ["MEL_DONNEES"] = dossier
        donnees.entrepot.clear()  # all other caches are kept by the content of the store
        yield


def _machine(marche: Marche, racine: Path, noms: list[str], incidents: Incidents) -> type[RuleBasedStateMachine]:
    class Machine(RuleBasedStateMachine):
        visite: Visite

        @initialize()
        def arrive(self) -> None:
            """One time in three on a way that led to something new."""
            if marche.is_over:
                return
            page = marche.page()
            chemin = marche.chemins.sample(marche.tirage, page) if marche.tirage.random() < 1 / 3 else None
            nom = chemin.magasin if chemin else marche.magasin(page, noms)
            self.teardown()
            self.ouvert = ExitStack()
            self.ouvert.enter_context(_magasin(racine, nom))
            self.visite = Visite(nom, marche, incidents)
            self.visite.profil, self.visite.auteur = marche.profil(page), marche.tirage.choice(AUTEURS)
            if chemin:
                self.visite.replay(chemin)
            else:
                self.visite.open(page, marche.adresse(page))
                self.look_round()
                self.tour()

        def tour(self) -> None:
            """Each page that this store, or this profile, never had is looked at once, before anything is played."""
            visite = self.visite
            qui = visite.profil if visite.magasin in ENTIERS else visite.magasin
            for page in PAGES:
                if not marche.jouees[qui, page] and not marche.is_over:
                    visite.open(page, marche.adresse(page))

        def look_round(self) -> None:
            """Where everything is, the views of a page that nobody saw, the deepest first: a choice at the top of a
            page takes away those that are under it. Then its forms, sent as somebody who means to."""
            for _ in range(N_VUES if self.visite.magasin in ENTIERS else 0):
                neuves = [w for w in self.visite.jouables if self._is_unseen(w)]
                formulaires = [w for w in self.visite.essai.button if self._is_unsent(w)]
                if marche.is_over or not (neuves or formulaires):
                    break
                choisi = (neuves or formulaires)[-1]
                marche.note(self.visite.lieu, self.visite.cle(choisi))
                if neuves:
                    self.visite.play(choisi, marche.tirage.randrange)
                else:
                    self.visite.fill(choisi, marche.tirage.randrange, "sage")

        def _is_unseen(self, widget: Any) -> bool:
            """Whether it is a choice between few views, one of which nobody saw."""
            cle = self.visite.cle(widget)
            est_choix = widget.type in VUES and len(choices(widget)) <= PEU and self._est_de_la_page(widget)
            return est_choix and not all(marche.visites[*cle, o] for o in choices(widget))

        def _is_unsent(self, bouton: Any) -> bool:
            """Whether it sends a form that was seldom filled by somebody who meant to."""
            cle = self.visite.cle(bouton)
            return (
                bool(self.visite.remplis.get(bouton.id))
                and self._est_de_la_page(bouton)
                and marche.visites[cle] < N_ENVOIS
            )

        @rule()
        def move(self) -> None:
            """A way of going on, then moves on the page where it leads."""
            if not hasattr(self, "visite"):
                return
            (suite,) = marche.tirage.choices(list(SUITES), [part for part, _ in SUITES.values()])
            self._until_over(getattr(self, suite))
            reste = SUITES[suite][1]
            while reste and not marche.is_over:
                vues = len(marche.chemins.vues)
                self.play()
                reste -= len(marche.chemins.vues) == vues  # where something new shows, one stays
                if max(self._poids(self.visite.jouables), default=0) < POIDS_MIN:
                    break

        def _until_over(self, faire: Callable[[], None]) -> None:
            if not marche.is_over:
                faire()

        def play(self) -> None:
            """A widget, half of the time of those that the last move brought; or what is before a button, then the
            button, which may be closed until all is filled."""
            widgets = self.visite.jouables
            boutons = [w for w in self.visite.essai.button if w.id and self._est_de_la_page(w)]
            if self.visite.apportes and marche.tirage.random() < 0.5:
                widgets = self.visite.apportes
            if boutons and marche.tirage.random() < 0.3:
                self.visite.fill(self._rare(boutons), marche.tirage.randrange)
            elif widgets:
                widget = self._rare(widgets)
                cle = self.visite.cle(widget)
                self.visite.play(widget, marche.tirage.randrange)
                # What each field does to the link is looked at, less and less: the first value may say nothing.
                if not self.visite.est_refusee and marche.tirage.random() < 0.4 / (1 + marche.recharges[cle]):
                    marche.recharges[cle] += 1
                    self.visite.reload()
            if not self.visite.est_refusee:
                marche.retain(self.visite.page, self.visite.adresse)

        def _est_de_la_page(self, widget: Any) -> bool:
            """The frame is on most pages: its buttons would take the place of those that each page has."""
            return len(marche.pages[self.visite.cle(widget)[1:]]) <= len(PAGES) / 2

        def reload(self) -> None:
            self.play()
            self.visite.reload()

        def go(self) -> None:
            """By the agenda to a page, or by a link to what somebody saw there."""
            page = marche.page()
            if marche.tirage.random() < 0.5:
                self.visite.open(page, marche.adresse(page))
            else:
                self.visite.go(page)
            self.look_round()

        def be(self) -> None:
            self.visite.be(marche.profil(self.visite.page))

        def swap(self) -> None:
            self.visite.swap()
            self.play()

        def deform(self) -> None:
            valeur = marche.tirage.choice(DEFORMEES)
            adresse = self.visite.adresse
            cles = list(dict.fromkeys([*SITUENT, *adresse]))
            page = self.visite.page
            (cle,) = marche.tirage.choices(cles, [1 / (1 + marche.deformees[page, c]) ** 2 for c in cles])
            marche.deformees[page, cle] += 1
            tenue = adresse.get(cle, "")
            self.visite.deform(cle, [tenue, tenue] if valeur == DEUX_FOIS else valeur)
            if marche.tirage.random() < 0.75:
                self.visite.open(self.visite.page, adresse)

        def double(self) -> None:
            boutons = [w for w in self.visite.essai.button if w.id]
            if boutons:
                cles = [self.visite.cle(b)[1:] for b in boutons]
                poids = [1 / (1 + marche.doubles[c]) ** 2 / max(1, len(marche.pages[c])) for c in cles]
                (bouton,) = marche.tirage.choices(boutons, poids)
                marche.doubles[self.visite.cle(bouton)[1:]] += 1
                self.visite.double(bouton, marche.tirage.randrange)

        def _rare(self, widgets: list[Any]) -> Any:
            """What was seldom played is played first."""
            (choisi,) = marche.tirage.choices(widgets, self._poids(widgets))
            marche.note(self.visite.lieu, self.visite.cle(choisi))
            return choisi

        def _poids(self, widgets: list[Any]) -> list[float]:
            """Those of a list that differ by their line count as one."""
            visite, semblables = self.visite, Counter(map(self.visite.cle, widgets))
            return [
                marche.poids(visite.lieu, visite.cle(w), choices(w), visite.holds(w)) / semblables[visite.cle(w)]
                for w in widgets
            ]

        def teardown(self) -> None:
            if hasattr(self, "ouvert"):
                self.ouvert.close()

    return Machine
