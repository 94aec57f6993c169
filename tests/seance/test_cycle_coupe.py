"""A whole cycle killed −9 at any moment: reported, sorted, decided, promised, imported, signed; then done again as who
saw no acknowledgement would. Nothing acknowledged is lost, nothing is there twice."""

from __future__ import annotations

import csv
import multiprocessing
import random
import shutil
import sys
import threading
import time
import types
from multiprocessing.connection import Connection
from pathlib import Path

import pandas as pd
import pytest

from mel_core.entrepot import Entrepot, publications
from mel_core.entrepot.importation import import_files
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import Blocage, Decision, blocages, decisions, signature
from mel_core.seance.engagements import cohortes, engagement_pris
from mel_core.seance.engagements.engagement_pris import Engagement, echeance_de
from mel_core.seance.preuves import Secteur
from mel_core.segments import Criteres
from mel_core.socle.periodes import Seance
from tests.jeux import LILLE
from tests.seance.positions import ACTEE, meet

SEANCE, ICI, AUTEUR = Seance(2017, 2), "ICI 1", Auteur("A. Essai", "MEL")
ENTETE = ("id_attribution", "numero_unique", "date_bail", "code_insee", "code_bailleur", "mutation", "revenu_fiscal")
_SERVEUR = multiprocessing.get_context("forkserver")
_SERVEUR.set_forkserver_preload([__name__])


def write(dossier: Path, n: int) -> Path:
    """A jeu de données of `n` leases."""
    dossier.mkdir()
    lignes = [(f"A{i}", f"999{i:015d}", "30/09/2017", LILLE, "B1", "non", 9000) for i in range(n)]
    for nom, rangs in {
        "bailleurs": [("code_bailleur", "nom"), ("B1", "Un")],
        "attributions": [ENTETE, *lignes],
    }.items():
        with (dossier / f"{nom}.csv").open("w", encoding="utf-8", newline="") as fichier:
            csv.writer(fichier, delimiter=";").writerows(rangs)
    return dossier


def report(journal: Journal, entrepot: Entrepot, nouveau: Path) -> None:
    dit = Blocage(SEANCE, "B1", Secteur(ICI, (LILLE,)), "Peu de T2", dit="Peu de T2")
    blocages.report(journal, dit, AUTEUR, identifiant="b", op_id="signaler")


def sort(journal: Journal, entrepot: Entrepot, nouveau: Path) -> None:
    fiche, *_ = journal.historique(blocages.OBJET, "b")  # as it was on screen
    blocages.retain(journal, fiche, AUTEUR, "retenir")


def decide(journal: Journal, entrepot: Entrepot, nouveau: Path) -> None:
    acte = Decision(SEANCE, ICI, "Se réunir", "MEL", SEANCE.suivante.fin, blocage="b", positions=ACTEE)
    decisions.act(journal, acte, AUTEUR, identifiant="d", op_id="acter")


def promise(journal: Journal, entrepot: Entrepot, nouveau: Path) -> None:
    figee = pd.DataFrame({c: [f"{c} {i}" for i in range(9)] for c in cohortes.COLONNES})
    promis = Engagement("attente_24", Criteres(SEANCE.fin), SEANCE, ICI, 2, 5, 9, echeance_de(SEANCE), "essai")
    engagement_pris.act(journal, entrepot.dossier, promis, figee, AUTEUR, identifiant="e", op_id="engager")


def publish(journal: Journal, entrepot: Entrepot, nouveau: Path) -> None:
    publications.record(journal, import_files(nouveau, entrepot, nature="fictive"), AUTEUR)


def sign(journal: Journal, entrepot: Entrepot, nouveau: Path) -> None:
    meet(journal, SEANCE, ICI)
    signature.sign(journal, entrepot, SEANCE, "vice-présidente", AUTEUR, "signer", ici=ICI)


ETAPES = {"signalé": report, "trié": sort, "décidé": decide, "engagé": promise, "importé": publish, "signé": sign}


def do_cycle(dossier: Path, nouveau: Path, acquis: Connection, reste: list[str]) -> None:
    """Each step is told by `acquis` once it returned."""
    journal, entrepot = Journal.du_dossier(dossier), Entrepot(dossier)
    acquis.send("prêt")
    for etape in reste:
        ETAPES[etape](journal, entrepot, nouveau)
        acquis.send(etape)


def run(dossier: Path, nouveau: Path, reste: list[str], coupee: str = "", delai: float = 0) -> dict[str, float]:
    """Do the steps of `reste` in a process of its own, killed `delai` seconds after `coupee` began (never, without
    one); what was acknowledged, and how long each took."""
    recu, envoye = _SERVEUR.Pipe(duplex=False)
    enfant = _SERVEUR.Process(target=do_cycle, args=(dossier, nouveau, envoye, reste))
    enfant.start()
    envoye.close()
    assert recu.recv() == "prêt"
    acquis: dict[str, float] = {}
    minuteur, debut = threading.Timer(delai, enfant.kill), time.monotonic()
    try:
        for etape in reste:
            if etape == coupee:
                minuteur.start()
            dite = recu.recv()
            acquis[dite], debut = time.monotonic() - debut, time.monotonic()
        enfant.join()
    except EOFError:
        enfant.join()
    minuteur.cancel()
    return acquis


def kept(dossier: Path) -> dict[str, int]:
    """How many times each step is there."""
    with_journal = Journal.du_dossier(dossier)
    etats = [f.contenu["etat"] for f in with_journal.historique(blocages.OBJET, "b")]
    importes = [p for p in publications.find_all(with_journal) if p.tables["attributions"].gardees == 60]
    comptes = (
        etats.count("recu"),
        etats.count("retenu"),
        len(with_journal.historique(decisions.OBJET, "d")),
        len(with_journal.historique(engagement_pris.OBJET, "e")),
        len(importes),
        len(with_journal.historique(signature.OBJET, f"{SEANCE}-{ICI}")),
    )
    assert with_journal.verify() == []
    with_journal.close()
    return dict(zip(ETAPES, comptes, strict=True))


def named_list(dossier: Path) -> pd.DataFrame:
    """What the engagement names. A kill may leave another list beside, named by nothing, which erasures read too."""
    journal = Journal.du_dossier(dossier)
    ((_, pris),) = engagement_pris.find_all(journal)
    journal.close()
    return cohortes.reread(dossier, pris.cohorte)


@pytest.mark.parametrize("coupures", [pytest.param(3, marks=pytest.mark.ci), pytest.param(100, marks=pytest.mark.long)])
def test_a_cycle_killed_at_any_moment_loses_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, coupures: int
) -> None:
    # A child imports again the file of `__main__`; an AppTest run before left the application there.
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))
    depart, nouveau = tmp_path / "depart", write(tmp_path / "nouveau", 60)
    import_files(write(tmp_path / "ancien", 40), Entrepot(depart), nature="fictive")
    Journal.du_dossier(depart).close()
    toutes = list(ETAPES)
    durees = run(shutil.copytree(depart, tmp_path / "entier"), nouveau, toutes)
    assert list(durees) == toutes
    hasard, coupees = random.Random(2017), dict.fromkeys((*toutes, "rien"), 0)
    for coup in range(coupures):
        dossier = shutil.copytree(depart, tmp_path / f"coup-{coup}")
        etape = hasard.choice(toutes)
        acquis = run(dossier, nouveau, toutes, etape, hasard.uniform(0, durees[etape]))
        coupees[[*toutes, "rien"][len(acquis)]] += 1
        lus = kept(dossier)
        assert all(lus[etape] == 1 for etape in acquis), (coup, acquis, lus)
        assert set(lus.values()) <= {0, 1}, (coup, acquis, lus)
        # Who saw no acknowledgement does it again from there.
        assert [*acquis, *run(dossier, nouveau, toutes[len(acquis) :])] == toutes, coup
        assert kept(dossier) == dict.fromkeys(ETAPES, 1), coup
        assert len(named_list(dossier)) == 9
        assert Entrepot(dossier).pour(ICI).est_gelee(SEANCE)
        shutil.rmtree(dossier)
    print(f"{coupures} coupures, pendant : {coupees} ; perdues 0, en double 0")
    assert coupees["rien"] < coupures
