"""Nothing says success or failure but the gate, and the gate never does of what the data do not cover."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.seance.verdict import (
    DEMANDES,
    MENAGES,
    MOIS,
    PART,
    RESTE,
    CibleAEcheance,
    Direction,
    Mot,
    PasDeVerdict,
    Valeur,
    Verdict,
    count_up,
    judge,
    share,
)
from mel_core.secret.bail import PREPARATION, SALLE
from mel_core.socle.periodes import Periode, Seance
from tests.lecteurs import lue_par

RACINE = Path(__file__).parents[2]
FENETRE = Periode.de(Seance(2017, 2), "annee")
# A word of success or of failure.
MOTS = re.compile(r"\b(non[ _])?(atteinte?s?|tenue?s?)\b|cible|en progrès|s’éloigne")


@st.composite
def mesures(draw: st.DrawFn) -> Valeur:
    n = draw(st.integers(1, 200))
    connus = draw(st.integers(0, n))
    unite = draw(st.sampled_from((PART, MOIS, DEMANDES, MENAGES)))
    haut = Fraction(1) if unite == PART else Fraction(n)
    valeur = draw(st.none() | st.fractions(0, haut, max_denominator=200))
    mois = draw(st.none() | st.integers(0, 12))
    return Valeur(valeur, unite, n, connus, n - connus, mois_couverts=mois, n_mois=draw(st.sampled_from((6, 12))))


CIBLES = st.none() | st.builds(
    CibleAEcheance,
    st.fractions(0, 200, max_denominator=50),
    st.sampled_from((PART, MOIS, DEMANDES, MENAGES)),
    st.sampled_from(Direction),
    st.sampled_from((date(2017, 12, 31), date(2018, 12, 31))),
    alors=st.lists(st.fractions(0, 200, max_denominator=50), max_size=2).map(tuple),
)


@given(mesures(), CIBLES)
def test_no_word_of_success_or_failure_is_said_of_what_is_not_covered_found_known_or_aimed_at(
    mesure: Valeur, cible: CibleAEcheance | None
) -> None:
    jugement = judge(mesure, FENETRE, cible)
    est_couverte = mesure.mois_couverts is not None and mesure.mois_couverts >= mesure.n_mois
    est_trouvee = mesure.unite != MENAGES or 100 * mesure.n_connus >= 95 * mesure.n
    est_connue = mesure.valeur is not None and (mesure.unite != PART or mesure.n_connus >= 30)
    est_visee = cible is not None and cible.unite == mesure.unite
    passe = est_couverte and est_trouvee and est_connue and est_visee
    if isinstance(jugement, Verdict):
        assert passe
        assert cible is not None
        assert mesure.valeur is not None
        haut, bas = mesure.valeur >= cible.valeur, mesure.valeur <= cible.valeur
        attendu = {Direction.HAUSSE: haut, Direction.BAISSE: bas, Direction.BANDE: haut and bas}[cible.sens]
        assert (jugement.mot in (Mot.ATTEINT, Mot.TENU)) is attendu
        # Not met before its day, it is not missed yet.
        assert attendu or cible.echeance <= FENETRE.fin
    else:
        est_due = cible is not None and cible.echeance <= FENETRE.fin
        assert not (passe and est_due)
        dits = [lue_par(a, jugement.say) for a in (PREPARATION, SALLE)] + count_up([jugement], "engagement")
        sans_motif = [re.sub("la cible n’est pas dans l’unité de ce qui est mesuré", "", d) for d in dits]
        assert not any(MOTS.search(d) for d in sans_motif), dits
        assert share(jugement, 5, 1) is jugement


def test_the_reason_is_said_in_numbers_and_a_room_reads_rounded_ones() -> None:
    introuvable = judge(
        Valeur(Fraction(0), MENAGES, 6004, 0, 6004, mois_couverts=6, n_mois=6),
        FENETRE,
        CibleAEcheance(Fraction(54), MENAGES, Direction.HAUSSE, date(2017, 12, 31)),
    )
    lisibles = [lue_par(a, introuvable.say).replace("\u202f", " ").replace("\u00a0", " ") for a in (PREPARATION, SALLE)]
    assert lisibles == [
        f"sans verdict : introuvables sous leur numéro d’alors : {n} sur {n}" for n in ("6 004", "6 005")
    ]


def test_what_people_say_is_theirs_and_what_nobody_said_remains_to_be_told() -> None:
    rien = judge(None, FENETRE, None)
    assert isinstance(rien, PasDeVerdict)
    assert lue_par(SALLE, rien.say) == RESTE == "reste à renseigner"


MODULES = sorted(p for dossier in ("mel_core", "pages") for p in (RACINE / dossier).rglob("*.py"))
LIEU = RACINE / "mel_core/seance/verdict.py"
# Where judgements over time are said; elsewhere the words are those of the column `verdict` of an indicator, or others.
CES_JUGEMENTS = (
    "mel_core/seance/",
    "mel_core/dossier/releve.py",
    "mel_core/dossier/creneaux.py",
    "pages/seance/introduction.py",
    "pages/seance/coordination.py",
    "pages/seance/cloture.py",
    "pages/commun/coordination/",
    "pages/commun/segments/",
)


def test_no_verdict_is_built_outside_the_gate() -> None:
    batisseurs = []
    for module in MODULES:
        arbre = ast.parse(module.read_text(encoding="utf-8"))
        noms = {
            alias.asname or alias.name
            for noeud in ast.walk(arbre)
            if isinstance(noeud, ast.ImportFrom) and noeud.module == "mel_core.seance.verdict"
            for alias in noeud.names
            if alias.name == "Verdict"
        }
        appels = [n.func for n in ast.walk(arbre) if isinstance(n, ast.Call)]
        est_bati = any(isinstance(f, ast.Name) and f.id in noms for f in appels) or any(
            isinstance(f, ast.Attribute) and f.attr == "Verdict" for f in appels
        )
        if est_bati and module != LIEU:
            batisseurs.append(module)
    assert batisseurs == []


def textes(module: Path) -> Iterator[str]:
    """The texts of a module, but its docstrings and the names of its fields."""
    arbre = ast.parse(module.read_text(encoding="utf-8"))
    documentes = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {
        id(n.body[0].value) for n in ast.walk(arbre) if isinstance(n, documentes) and isinstance(n.body[0], ast.Expr)
    }
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str) and id(noeud) not in docs:
            yield noeud.value


@pytest.mark.parametrize("module", [m for m in MODULES if m.relative_to(RACINE).as_posix().startswith(CES_JUGEMENTS)])
def test_the_words_of_a_verdict_are_written_in_the_gate_alone(module: Path) -> None:
    mots = re.compile(r"\b(non[ _])?(atteinte?s?|tenus?|tenues?)\b|à renseigner|sans verdict")
    dits = [t for t in textes(module) if mots.search(t)]
    assert (dits == []) is (module != LIEU)
