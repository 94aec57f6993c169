"""What is read all together is what the reader of one cell reads, and it leaves it everything else."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel_core.contrat.colonnes import Colonne
from mel_core.contrat.lecture.cellules import EtatCellule, convert, lecteur
from mel_core.contrat.tables import TABLES

COLONNES = {
    "entier": TABLES["residences"].colonne("n_logements"),
    "entier borné": TABLES["quartiers"].colonne("ips"),
    "rang": TABLES["evenements"].colonne("rang"),
    "identifiant": TABLES["demandes"].colonne("numero_unique"),
    "commune": TABLES["demandes"].colonne("code_insee_actuel"),
    "texte": TABLES["residences"].colonne("nom"),
    "nombre": TABLES["demandes"].colonne("ressources_mensuelles"),
    "part": TABLES["residences"].colonne("taux_rotation"),
    "liste fermée": TABLES["demandes"].colonne("typologies"),
    "liste": TABLES["demandes"].colonne("communes_souhaitees"),
}
TEXTES = st.one_of(
    st.text(alphabet="0123456789.,-+eE \u00a0|T#_", max_size=20),
    st.integers(-(10**19), 10**19).map(str),
    st.floats(0, 1e17).map(repr),
    st.decimals(0, 10**6, places=2).map(lambda d: str(d).replace(".", ",")),
    st.lists(st.sampled_from(["T1", "T2", "T6P", "C", "59350", "#N/A", "", " T2", "T9"]), max_size=5).map("|".join),
)


def un_a_un(colonne: Colonne, textes: list[str]) -> list[tuple[object, EtatCellule]]:
    read = lecteur(colonne, date(2017, 12, 31))
    return [read(t.strip()) if t.strip() else (None, EtatCellule.VIDE) for t in textes]


@pytest.mark.parametrize("colonne", COLONNES.values(), ids=COLONNES)
@given(textes=st.lists(TEXTES, max_size=12))
def test_a_column_reads_as_its_cells_read_one_by_one(colonne: Colonne, textes: list[str]) -> None:
    lue = convert(colonne, pa.array(textes, pa.string()), None, {}, lecteur(colonne, date(2017, 12, 31)))
    assert list(zip(lue.valeurs.to_pylist(), lue.etats.tolist(), strict=True)) == un_a_un(colonne, textes)
