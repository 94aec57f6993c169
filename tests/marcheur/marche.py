"""The walk: a Hypothesis state machine that plays any page as any profile, in any order, and never stops at a fault."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hypothesis
import streamlit as st
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as s
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.marcheur.fautes import Faute, Incidents
from tests.marcheur.magasins import MAGASINS
from tests.marcheur.visite import PAGES, PROFILS, SITUENT, Visite, as_served

RANGS = s.integers(0, 2**30)
PAR_PAGE = 6  # moves in a row on the page where one is
DEUX_FOIS = "deux fois"
DEFORMEES = ("", "ICI 9", "2031S1", "nulle part", "-1", "x" * 300, DEUX_FOIS, DEUX_FOIS)
PAR_LOT = 5  # sessions that Hypothesis draws in one go


@dataclass
class Marche:
    """What a walk met. `fautes`: the first of each signature; `visites`: how often each widget was played."""

    graine: int
    fin: float = float("inf")
    fautes: dict[tuple[str, str, str], Faute] = field(default_factory=dict)
    visites: Counter[tuple[str, ...]] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    couples: set[tuple[str, str, str]] = field(default_factory=set)
    n_executions: int = 0

    def signaler(self, faute: Faute) -> None:
        self.fautes.setdefault(faute.signature, faute)


def walk(graine: int, n_visites: int, n_pas: int, secondes: float = float("inf"), magasins: Any = None) -> Marche:
    """`n_visites` sessions of about `n_pas` moves each; fewer when `secondes` are over."""
    marche = Marche(graine, time.monotonic() + secondes)
    depart = Path(tempfile.mkdtemp(prefix="marche-"))
    noms = list(magasins or MAGASINS)
    lots = range(0, n_visites, PAR_LOT)
    with as_served() as incidents:
        for lot in lots:
            if time.monotonic() > marche.fin:
                break
            run_state_machine_as_test(
                hypothesis.seed(graine + lot)(_machine(marche, depart, noms, incidents)),
                settings=settings(
                    max_examples=min(PAR_LOT, n_visites - lot),
                    stateful_step_count=n_pas,
                    phases=[Phase.generate],
                    database=None,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
    shutil.rmtree(depart, ignore_errors=True)
    return marche


def _machine(marche: Marche, depart: Path, noms: list[str], incidents: Incidents) -> type[RuleBasedStateMachine]:
    class Machine(RuleBasedStateMachine):
        visite: Visite

        @initialize(rang=RANGS, profil=s.sampled_from(list(PROFILS)))
        def arrive(self, rang: int, profil: str) -> None:
            if time.monotonic() > marche.fin:
                return
            # Half of the visits where everything is there: the other stores show little.
            nom = noms[0] if rang % 2 else noms[rang // 2 % len(noms)]
            self.dossier = Path(tempfile.mkdtemp(prefix="visite-"))
            if not (depart / nom).exists():  # drawn when a visit first needs it
                (depart / nom).mkdir()
                MAGASINS[nom](depart / nom)
            shutil.copytree(depart / nom, self.dossier, dirs_exist_ok=True)
            os.environ["MEL_DONNEES"] = str(self.dossier)
            st.cache_resource.clear()
            st.cache_data.clear()
            self.visite = Visite(nom, marche.signaler, incidents)
            self.visite.profil = profil
            self.visite.open(PAGES[rang % len(PAGES)], {"ici": "ICI 2"} if rang % 3 else {})

        @property
        def is_over(self) -> bool:
            return time.monotonic() > marche.fin or not hasattr(self, "visite")

        @rule(rang=RANGS, suite=RANGS)
        def play(self, rang: int, suite: int) -> None:
            for i in range(PAR_PAGE):
                self._play(rang + i * 7919, suite + i * 104729)

        @rule(rang=RANGS, suite=RANGS)
        def play_then_reload(self, rang: int, suite: int) -> None:
            self._play(rang, suite)
            if not self.is_over:
                self.visite.reload()

        @rule(rang=RANGS)
        def go(self, rang: int) -> None:
            """To a page that was seldom seen."""
            if not self.is_over:
                (page,) = random.Random(rang).choices(PAGES, [1 / (1 + marche.pages[p]) for p in PAGES])
                marche.pages[page] += 1
                self.visite.go(page)

        @rule(profil=s.sampled_from(list(PROFILS)))
        def be(self, profil: str) -> None:
            if not self.is_over:
                self.visite.be(profil)

        @rule(rang=RANGS, valeur=s.sampled_from(DEFORMEES))
        def deform(self, rang: int, valeur: str) -> None:
            if self.is_over:
                return
            adresse = dict(self.visite.essai.query_params)
            cles = list(dict.fromkeys([*SITUENT, *adresse]))
            cle = cles[rang % len(cles)]
            tenue = adresse.get(cle, "")
            tenue = tenue[0] if isinstance(tenue, list) else tenue
            self.visite.deform(cle, [tenue, tenue] if valeur == DEUX_FOIS else valeur)

        def _play(self, rang: int, suite: int) -> None:
            if self.is_over:
                return
            widgets = self.visite.playable()
            if not widgets:
                return
            # What was seldom played is played first.
            cles = [
                (self.visite.nom, w.type, "".join(c for c in str(w.key or w.label) if not c.isdigit())) for w in widgets
            ]
            poids = [1 / (1 + marche.visites[c]) for c in cles]
            tirage = random.Random(rang)
            (choisi,) = tirage.choices(range(len(widgets)), poids)
            marche.visites[cles[choisi]] += 1
            marche.couples.add((self.visite.magasin, self.visite.nom, self.visite.profil))
            valeurs = random.Random(suite)
            self.visite.play(widgets[choisi], lambda n: valeurs.randrange(n))

        def teardown(self) -> None:
            if hasattr(self, "visite"):
                marche.n_executions += self.visite.n_executions
                shutil.rmtree(self.dossier, ignore_errors=True)

    return Machine
