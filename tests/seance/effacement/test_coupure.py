"""An erasure that is killed −9 at any moment is taken up by the next; what the command line answers."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
from inline_snapshot import snapshot

from mel_core.entrepot import Entrepot, effacement
from mel_core.journal import Journal, nouvel_op_id
from mel_core.seance.effacement import OBJET, find_inacheves
from mel_core.seance.engagements import cohortes
from mel_core.segments.listes import suites
from tests.cli.appel import Reponse, run
from tests.seance.effacement.monde import (
    ANNE,
    LUI,
    NUMEROS,
    N,
    au_coffre,
    effacer_ici,
    lignes_de,
    ou_se_lit,
    par_numero,
    pseudonyme_de,
)

RACINE = Path(__file__).resolve().parents[3]


def lancer(dossier: Path, *options: str) -> Popen[str]:
    commande = [sys.executable, "-m", "mel_core", "--dossier-donnees", str(dossier), "effacer", *options]
    return Popen(commande, cwd=RACINE, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True, start_new_session=True)


def say(dossier: Path, *options: str, numeros: str = LUI) -> Reponse:
    return run("--dossier-donnees", dossier, "effacer", *options, entree=numeros)


@pytest.mark.parametrize("coupures", [1, pytest.param(12, marks=pytest.mark.long)])
@pytest.mark.ci
def test_killed_at_any_moment_it_is_taken_up_and_nobody_else_loses_anything(donnees: Entrepot, coupures: int) -> None:
    """One person after another: each erasing is cut once what it would do is said, then taken up by the next call.

    What the room writes meanwhile and is acknowledged stays.
    """
    dossier = donnees.dossier
    pseudonymes = dict(zip(NUMEROS, donnees.pseudonymes().de(NUMEROS), strict=True))
    graine = random.SystemRandom().randrange(10**6)
    tirage, partis, duree = random.Random(graine), [], 0.0
    for rang, numero in enumerate(NUMEROS[: coupures + 1]):
        processus = lancer(dossier, "--confirmer")
        processus.stdin.write(numero)
        processus.stdin.close()
        assert "1\u00a0ménage" in processus.stdout.readline()
        debut = time.monotonic()
        if rang:
            time.sleep(tirage.uniform(0, duree))
            os.killpg(processus.pid, signal.SIGKILL)
        processus.wait()
        duree = duree or time.monotonic() - debut  # of the first one, which nobody cuts
        partis.append(numero)
        journal = Journal.du_dossier(dossier)
        assert journal.verify() == [], f"seed {graine}"
        journal.write("decision", f"d{rang}", {"n": rang}, ANNE, nouvel_op_id())
        # Any erasing takes up the one that was begun, even of somebody who is unknown.
        suivant = "999000000000009999" if find_inacheves(journal) else numero
        assert effacer_ici(dossier, par_numero(suivant)) == [], f"seed {graine}"
        effaces = {pseudonymes[n] for n in partis}
        assert not effaces & effacement.connus(dossier), f"seed {graine}"
        assert ou_se_lit(dossier, *partis, *effaces) == [], f"seed {graine}"
        assert (find_inacheves(journal), journal.verify()) == ([], []), f"seed {graine}"
        journal.close()
    autres = set(pseudonymes.values()) - effaces
    assert len(autres) == N - coupures - 1
    assert effacement.connus(dossier) == au_coffre(donnees) == set(cohortes.menages(dossier)) == autres
    journal = Journal.du_dossier(dossier)
    assert suites.read(journal, "59350", pseudonymes.values()).keys() == autres
    assert [f.contenu["n"] for f in journal.find_all("decision")] == list(range(coupures + 1))
    assert len(journal.find_all(OBJET)) == coupures + 1  # each said done once, with what it took
    assert {f.contenu["comptes"]["menages"] for f in journal.find_all(OBJET)} == {1}


def test_it_is_said_first_then_done_and_no_message_names_anybody(sur_sqlite: Entrepot, tmp_path_factory) -> None:
    liste = tmp_path_factory.mktemp("liste") / "numeros.txt"
    liste.write_text(f"{LUI}\n999000000000009999\n", encoding="utf-8")
    lui, avant = pseudonyme_de(sur_sqlite), lignes_de(sur_sqlite, pseudonyme_de(sur_sqlite))
    code, sortie, erreurs = say(sur_sqlite.dossier, "--numeros", str(liste))
    assert (code, erreurs) == (0, "")
    assert sortie.splitlines() == snapshot(
        [
            "1\u00a0numéro sur 2 : inconnu ici. À effacer : 1\u00a0ménage.",
            "  demandes : 1\u00a0ligne",
            "  evenements : 2\u00a0lignes",
            "  attributions : 1\u00a0ligne",
            "  jeux publiés qui s’en vont : 3",
            "  coffre : 1\u00a0numéro",
            "  listes figées : 1\u00a0ligne",
            "  journal : 4\u00a0écritures",
            "Gelées, gardent leurs chiffres et perdent leurs lignes : 2017S2 (leurs listes ne s’ouvriront plus).",
            "Pas gelées, leurs chiffres changeront : 2018S1. Geler d’abord celles qui ont été tenues.",
            "Rien n’est effacé : relancer avec --confirmer.",
        ]
    )
    assert lignes_de(sur_sqlite, lui) == avant
    code, sortie, erreurs = say(sur_sqlite.dossier, "--confirmer")
    assert (code, erreurs, sortie.splitlines()[-1].split(".")[0]) == (0, "", "Effacé")
    assert not any(t in sortie for t in (LUI, lui))
    assert ou_se_lit(sur_sqlite.dossier, LUI, lui) == []
    assert say(sur_sqlite.dossier, "--confirmer") == (0, "1\u00a0numéro sur 1 : inconnu ici. Rien à effacer.\n", "")
    # Each call is audited, the one that only asked too.
    journal = Journal.du_dossier(sur_sqlite.dossier)
    audites = [f.contenu for f in journal.find_all("audit") if f.contenu["titre"] == "effacer"]
    assert [c["filtres"] for c in audites] == [{}, {"confirmer": True}, {"confirmer": True}]


def test_two_at_once_are_refused_and_an_import_too(sur_sqlite: Entrepot) -> None:
    with sur_sqlite.reserve():
        processus = lancer(sur_sqlite.dossier, "--confirmer")
        sortie, erreurs = processus.communicate(LUI)
    assert (processus.returncode, sortie) == (1, "")
    assert "un effacement" in erreurs
    assert erreurs.strip().endswith(
        "est en cours dans ce dossier de données : attendre qu’il se termine, puis recommencer."
    )
    assert lignes_de(sur_sqlite, pseudonyme_de(sur_sqlite)) != {}


@pytest.mark.parametrize(
    ("options", "code", "dit"),
    [
        (("--numeros", "absent.txt"), 2, "ne se lit pas"),
        (("--radies", "2018-13-01"), 2, "2018-13-01"),
        (("--radies", "9999-01-01"), 2, "pas encore passé"),
        (("--radies", "2018-01-01", "--rejouer"), 2, "s’excluent"),
    ],
)
def test_a_wrong_call_is_one_sentence(tmp_path: Path, options: tuple[str, ...], code: int, dit: str) -> None:
    rendu, sortie, erreurs = say(tmp_path, *options)
    assert (rendu, sortie, erreurs.count("\n")) == (code, "", 1)
    assert dit in erreurs


def test_a_folder_without_data_is_said_and_left_without_anything(tmp_path: Path) -> None:
    fini = say(tmp_path / "rien", "--rejouer")
    assert (fini.returncode, fini.stderr.count("\n")) == (1, 1)
    assert "n’a pas de données" in fini.stderr
    assert not (tmp_path / "rien").exists()
