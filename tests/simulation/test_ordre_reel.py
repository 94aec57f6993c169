"""The order of the points beside what was allocated, by place and segment, against plain Python on rows drawn here."""

from __future__ import annotations

from pathlib import Path

import pytest

from mel_core.entrepot import Lecteur, Portee
from mel_core.indicateurs.suivi.cotation import cotation
from mel_core.secret.bail import PREPARATION
from mel_core.segments import Criteres, find_all
from mel_core.simulation import ordre_reel
from tests.indicateurs.suivi.test_bassins import publish
from tests.indicateurs.suivi.test_cotation import ANNEE, FIN, ICI, draw
from tests.lecteurs import lue_par


@pytest.mark.parametrize("graine", [1, 2])
@pytest.mark.parametrize("ici", [None, "ICI 2"])
def test_the_places_add_up_to_the_scope_and_each_is_that_of_its_rows(tmp_path: Path, graine: int, ici: str) -> None:
    jeu = draw(graine)
    par_menage = {d["numero_unique"]: d["points"] for d in jeu["demandes"]}
    with publish(tmp_path, jeu).open(Portee.mel()) as lecteur:
        lue = cotation(lecteur, ANNEE, ici)
        assert lue is not None
        for coupe, colonne in (("commune", "code_insee"), ("bailleur", "code_bailleur")):
            lignes = ordre_reel.COUPES[coupe](lecteur, ANNEE, ici)
            assert [lignes[c].sum() for c in ordre_reel.LOGES] == [lue.n_attributions, lue.n_connus, lue.n_en_tete]
            for x in lignes.to_dict("records"):
                points = [
                    par_menage.get(a["numero_unique"])
                    for a in jeu["attributions"]
                    if ANNEE.debut <= a["date_bail"] <= FIN
                    and a[colonne] == x["code"]
                    and ici in (None, ICI[a["code_insee"]])
                ]
                connus = [p for p in points if p is not None]
                recompte = len(points), len(connus), sum(p >= lue.seuil for p in connus)
                assert tuple(x[c] for c in ordre_reel.LOGES) == recompte


def attendus(lecteur: Lecteur, nom: str, seuil: float) -> tuple[int, int]:
    """Of the list of the segment, those who have points, and those who have as many as the last."""
    points = find_all(lecteur, nom, Criteres(FIN))["points"].dropna()
    return len(points), int((points >= seuil).sum())


def test_a_segment_says_how_many_of_its_own_points_would_have_housed(tmp_path: Path) -> None:
    with publish(tmp_path, draw(1)).open(Portee.mel()) as lecteur:
        lue = cotation(lecteur, ANNEE)
        assert lue is not None
        lignes = ordre_reel.par_segment(lecteur, ANNEE, None).set_index("code")
        assert lignes["n_attente_en_tete"].max() > 0
        for nom in lignes.index:
            assert tuple(lignes.loc[nom]) == attendus(lecteur, nom, lue.seuil)
        dits = lue_par(PREPARATION, ordre_reel.render, lignes.reset_index())
        premier = dits.iloc[0]
        assert premier["part"] == pytest.approx(float(premier["n_attente_en_tete"]) / float(premier["n_attente"]))


def test_where_no_file_gives_points_there_is_no_line(tmp_path: Path) -> None:
    with publish(tmp_path, draw(1), "demandes.points").open(Portee.mel()) as lecteur:
        assert all(question(lecteur, ANNEE, None).empty for question in ordre_reel.COUPES.values())
