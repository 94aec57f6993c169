"""What places of the reception network would need less together, against plain Python on volumes drawn here."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from mel_core.indicateurs.suivi import mutualisation
from tests.exemples import examples

MOIS = ["2017-01", "2017-02", "2017-03"]
TERRITOIRES = {"A": "Est", "B": "Est", "C": "Weppes"}
VOLUMES = st.lists(
    st.tuples(
        *(st.sampled_from(["A", "B", "C", "inconnu"]), st.sampled_from(["2016-12", *MOIS])),
        *(st.integers(0, 4), st.none() | st.integers(0, 90), st.none() | st.integers(0, 9)),
    ),
    max_size=40,
    unique_by=lambda x: (x[0], x[1], x[2]),
)


def network(volumes: list[tuple[str, str, int, int | None, int | None]]) -> pd.DataFrame:
    """(commune, mois, rang of the place in it, volume, online)."""
    colonnes = ["commune", "mois", "rang", "n_enregistrements", "n_enregistrements_en_ligne"]
    lignes = pd.DataFrame(volumes, columns=colonnes).astype(dict.fromkeys(colonnes[3:], "float64"))
    return lignes.assign(lieu=lignes["commune"] + lignes["rang"].astype(str), n_entretiens=lignes["n_enregistrements"])


@examples(60)
@given(VOLUMES, st.sampled_from(["n_enregistrements", "n_entretiens"]))
def test_the_margin_is_the_sum_of_the_peaks_less_the_peak_of_the_sum(
    volumes: list[tuple[str, str, int, int | None, int | None]], mesure: str
) -> None:
    lieux: dict[str, dict[str, dict[str, int]]] = {}
    vus: dict[str, set[str]] = {}
    for commune, mois, rang, n, en_ligne in volumes:
        if commune in TERRITOIRES and mois in MOIS:
            vus.setdefault(TERRITOIRES[commune], set()).add(f"{commune}{rang}")
            if n is not None:
                recu = n - (en_ligne or 0) if mesure == "n_enregistrements" else n
                lieux.setdefault(TERRITOIRES[commune], {}).setdefault(f"{commune}{rang}", {})[mois] = recu
    attendues = []
    for territoire in sorted(lieux):
        siens = [par_mois for par_mois in lieux[territoire].values() if set(par_mois) == set(MOIS)]
        if siens:
            ensemble = [sum(x[m] for x in siens) for m in MOIS]
            pics, pic = sum(max(x.values()) for x in siens), max(ensemble)
            attendues.append(
                {
                    **{"territoire": territoire, "n_lieux": len(siens), "n": sum(ensemble), "n_pics": pics},
                    **{"n_lieux_incomplets": len(vus[territoire]) - len(siens), "moyenne_mois": sum(ensemble) / 3},
                    **{"n_pic": pic, "n_marge": pics - pic, "part_marge": (pics - pic) / pics if pics else None},
                }
            )
    lues = mutualisation.mutualise(network(volumes), MOIS, TERRITOIRES, mesure)
    assert [{c: None if pd.isna(v) else v for c, v in x.items()} for x in lues.to_dict("records")] == attendues
    assert (lues["n_marge"] >= 0).all()


def said(*volumes: tuple[str, str, int, int | None, int | None]) -> str:
    lues = mutualisation.mutualise(network(list(volumes)), MOIS, TERRITOIRES, "n_entretiens")
    return mutualisation.say(lues, "entretiens").replace("\u202f", " ").replace("\u00a0", " ")


def test_the_sentence_says_the_margin_of_all_the_territoires() -> None:
    # Est: 30, 10, 20 and 10, 40, 10: peaks 30 + 40, together 40, 50, 30. Weppes alone: 20, 20, 30.
    est = [("A", m, 1, n, None) for m, n in zip(MOIS, (30, 10, 20), strict=True)]
    est += [("B", m, 1, n, None) for m, n in zip(MOIS, (10, 40, 10), strict=True)]
    weppes = [("C", m, 1, n, None) for m, n in zip(MOIS, (20, 20, 30), strict=True)]
    dite = said(*est, *weppes)
    assert "**100** entretiens par mois" in dite
    assert dite.endswith("**20** de moins, soit une marge de **20 %**.")
    assert "ne se mesure pas" in said(*est[:2])  # one month is missing: never a zero
    assert "ne se mesure pas" in said(*(("A", m, 1, None, None) for m in MOIS))  # entered without a number: neither
    assert "Rien n’est compté" in said(*((c, m, r, 0, o) for c, m, r, _, o in weppes))
