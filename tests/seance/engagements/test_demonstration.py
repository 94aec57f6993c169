"""On the demonstration of the Métropole: command, list and screen agree on every segment; a cohort over two séances."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mel_core.cli.commandes import principal
from mel_core.entrepot import Entrepot, Portee
from mel_core.seance.engagements import cohortes as c
from mel_core.segments import SEGMENTS, Criteres, find_all
from mel_core.socle import langue
from pages.commun import donnees

S1, S2 = date(2017, 6, 30), date(2017, 12, 31)


@pytest.fixture(scope="module")
def dossier(demonstration_copiee: Path) -> Path:
    return demonstration_copiee


@pytest.fixture
def ecran(dossier: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    monkeypatch.setenv("MEL_DONNEES", str(dossier))
    st.cache_data.clear()
    st.cache_resource.clear()
    yield AppTest.from_file(donnees.RACINE / "pages/seance/orientations/orientations.py", default_timeout=60)
    st.cache_resource.clear()


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert principal(arguments) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("segments", [[*SEGMENTS][:2], pytest.param([*SEGMENTS][2:], marks=pytest.mark.long)])
def test_command_list_and_screen_count_the_same_demandes_each_with_its_reason(
    dossier: Path, ecran: AppTest, capsys: pytest.CaptureFixture[str], segments: list[str]
) -> None:
    for segment in segments:
        appel = ("segment", segment, "--date", "2017-12-31", "--dossier-donnees", str(dossier))
        n = json.loads(answer(capsys, *appel))["n"]
        lignes = list(csv.DictReader(io.StringIO(answer(capsys, *appel, "--format", "csv"))))
        assert len(lignes) == n > 0, segment
        assert all(ligne["motif"] for ligne in lignes), segment
        assert len({ligne["pseudonyme"] for ligne in lignes}) == n, segment
        for cle, valeur in (("seance", "2017S2"), ("ici", "MEL"), ("segment", segment)):
            ecran.query_params[cle] = valeur
            ecran.session_state[cle] = valeur
        ecran.run()
        assert not ecran.exception, segment
        message = next(x.value for x in ecran.markdown if x.value.startswith("Dans la Métropole"))
        vu = re.search(r"\*\*([\d\u202f]+)\*\* demandes? actives? sur", message)
        assert vu is not None, message
        assert vu[1] == langue.nombre(n), segment


def test_a_cohort_frozen_in_june_is_accounted_in_december_each_household_once(dossier: Path) -> None:
    entrepot = Entrepot(dossier)
    for segment in SEGMENTS:
        with entrepot.open(Portee.mel()) as lecteur:
            figee = c.pin(find_all(lecteur, segment, Criteres(S1)))
            suivie = c.follow(lecteur, figee, S1, S2)
            nouvelle = find_all(lecteur, segment, Criteres(S2))
        assert suivie["pseudonyme"].tolist() == figee["pseudonyme"].tolist()
        assert c.bilan(suivie)["n"].sum() == len(figee) > 0, segment
        avant, *mouvements, apres = c.decompose(suivie, nouvelle, S1).itertuples(index=False)
        assert avant.n + sum(x.sens * x.n for x in mouvements) == apres.n == len(nouvelle), segment
