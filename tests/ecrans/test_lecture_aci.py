"""« Chaque commune et chaque organisme »: the three sums of the ACI bilan, and its lever read three ways, against a
computation by hand on the rows drawn."""

from __future__ import annotations

import random
import re
from datetime import date
from math import ceil

import pytest

from mel_core.entrepot import Instantane
from mel_core.indicateurs.phrases_constats import ecart_de
from mel_core.secret.bail import PREPARATION, SALLE, Audience
from pages.commun.mesures.lecture_bilan import par_ligne
from pages.commun.mesures.lecture_mesures import LectureMesure, lignes
from pages.seance.bilan import ecran_mesures
from pages.seance.bilan.essai import try_out
from tests.ecrans import vue
from tests.ecrans.conftest import LANNOY, ROUBAIX, TOUFFLERS, TOURCOING, Publier
from tests.ecrans.test_essai import lecture_de
from tests.jeux import attribution, bailleurs, table
from tests.lecteurs import lue_par

# (commune, bailleur): first accesses, ACI among them, mutations. Exactly 45 %, one below, one above, no first access.
BORDS = {
    (ROUBAIX, "B1"): (20, 9, 3),
    (TOURCOING, "B1"): (20, 8, 0),
    (TOURCOING, "B2"): (20, 8, 0),
    (LANNOY, "B2"): (20, 10, 0),
    (TOUFFLERS, "B2"): (0, 0, 5),
}
Table = dict[tuple[str, str], tuple[int, int, int]]


def publish_table(publish: Publier, dessin: Table) -> Instantane:
    lignes = []
    for (commune, bailleur), (n, k, mutations) in dessin.items():
        for i in range(n + mutations):
            lignes.append(
                attribution(
                    len(lignes),
                    **{
                        "code_insee": commune,
                        "code_bailleur": bailleur,
                        "date_bail": date(2017, 12 if i % 2 else 1, 1),
                    },
                    **{"mutation": i >= n, "aci": i < k or i >= n},  # an ACI household in a mutation counts nowhere
                )
            )
    return publish(bailleurs=bailleurs("B1", "B2", "B3"), attributions=table("attributions", *lignes))


def lacking(dessin: Table, rang: int | None, pourcent: int) -> dict[str, int]:
    """By place (`rang`: 0 commune, 1 bailleur, None: the whole), what it lacks: whole numbers, 100·k against p·n."""
    sommes: dict[str, list[int]] = {}
    for cle, (n, k, _) in dessin.items():
        somme = sommes.setdefault("tout" if rang is None else cle[rang], [0, 0])
        somme[0], somme[1] = somme[0] + n, somme[1] + k
    return {lieu: max(0, ceil((pourcent * n - 100 * k) / 100)) for lieu, (n, k) in sommes.items()}


def of(publie: Instantane, audience: Audience = PREPARATION) -> LectureMesure:
    return lue_par(audience, lecture_de, publie, "aci", None)


def sommes(lecture: LectureMesure, audience: Audience = PREPARATION) -> tuple[str, ...]:
    """The two sums of the sentence: commune by commune, bailleur by bailleur."""
    dite = lue_par(audience, ecran_mesures.constat, lecture, "la Métropole").replace("**", "")
    trouvees = re.search(r"\((.+?) commune par commune, (.+?) bailleur par bailleur\)", dite)
    return trouvees.groups() if trouvees else ()


def dite(**adresse: str) -> str:
    """What the page says, without its bold and its narrow spaces."""
    ecrits = [p.contenu for p in vue.open(**adresse) if p.genre in ("html", "markdown")]
    lue = vue.texte(" ".join(ecrits)).replace("**", "")
    return re.sub(r"\s+", " ", lue)


def total(phrase: str) -> int:
    trouve = re.search(r"\*\*([\d\u202f]+)\u00a0attributions? de plus\*\*", phrase)
    return int(trouve[1].replace("\u202f", "")) if trouve else 0


@pytest.mark.parametrize("graine", [None, 1])
def test_the_three_sums_are_those_of_the_rows_and_no_lever_moves_what_a_place_lacks(
    publish: Publier, graine: int | None
) -> None:
    dessin = BORDS
    if graine is not None:
        hasard = random.Random(graine)
        cles = [(c, b) for c in (ROUBAIX, TOURCOING, LANNOY, TOUFFLERS, "59350") for b in ("B1", "B2", "B3")]
        dessin = {cle: (n := hasard.randint(0, 40), hasard.randint(0, n), hasard.randint(0, 3)) for cle in cles}
    lecture = of(publish_table(publish, dessin))
    propres = lacking(dessin, 0, 45)
    assert sommes(lecture) == tuple(str(sum(lacking(dessin, rang, 45).values())) for rang in (0, 1))
    for pourcent in (0, 44, 45, 46, 60, 100):
        essai = lue_par(PREPARATION, try_out, lecture, pourcent)
        assert total(essai.phrase) == lacking(dessin, None, pourcent)["tout"], pourcent
    # Each commune has what it lacks against the objective in force, and nothing above it.
    ecarts = {x["commune"]: ecart_de(x) for x in par_ligne(lue_par(PREPARATION, lignes, lecture.cle, "commune"))}
    assert {code: ecart.manque.dit for code, ecart in ecarts.items() if ecart.manque.est_connu} == {
        code: manque for code, manque in propres.items() if code in ecarts and ecarts[code].manque.est_connu
    }
    assert sum(e.manque.dit or 0 for e in ecarts.values()) == sum(propres.values())
    assert not any(e.trop > 0 for e in ecarts.values())


def test_the_sums_by_commune_and_by_bailleur_stand_beside_the_total_which_the_lever_moves_alone(
    publish: Publier,
) -> None:
    # 80 first accesses, 35 ACI: 36 are wanted. Tourcoing, 16 of 40, lacks 2; B1, 17 of 40, lacks 1.
    publish_table(publish, BORDS)
    for cible, demande in (("45", "1 attribution"), ("50", "5 attributions")):
        lue = dite(seance="2017S2", ici="MEL", objectif="aci", coupe="levier", cible_aci=cible)
        assert (
            "il en manque 1 pour atteindre l’objectif de 45 % (2 commune par commune, 1 bailleur par bailleur)" in lue
        )
        assert f"Viser {cible} % de ménages ACI, c’est {demande} de plus" in lue
    assert "Tourcoing il en manque 2" in dite(seance="2017S2", ici="MEL", objectif="aci", coupe="commune")
    assert "Bailleur B1 il en manque 1" in dite(seance="2017S2", ici="MEL", objectif="aci", coupe="bailleur")


def test_a_line_of_a_year_that_the_data_do_not_cover_says_so(publish: Publier) -> None:
    lignes = [attribution(i, code_insee=ROUBAIX, date_bail=date(2017, 12, 1)) for i in range(40)]
    publish(bailleurs=bailleurs("B1"), attributions=table("attributions", *lignes))
    lue = dite(seance="2017S2", ici="MEL", objectif="aci")
    assert "l’objectif se juge sur une année entière" in lue
    assert "plusieurs types de quartiers" not in lue
    assert "bailleur par bailleur" not in lue
    assert dite(seance="2017S2", ici="MEL", objectif="aci", fiche=ROUBAIX).count("année incomplète") == 1  # the ACI


def test_a_room_reads_the_sums_by_the_rule_and_no_place_of_which_little_is_said(publish: Publier) -> None:
    grand = {cle: (10 * n, 10 * k, m) for cle, (n, k, m) in BORDS.items()}
    petits = {("59350", "B3"): (12, 2, 0)}  # 4 short, said of nobody
    lecture = of(publish_table(publish, grand | petits), SALLE)
    # Communes: Tourcoing 160 of 400, 20 short, and Lille 4: 24. Bailleurs: B1 170 of 400, 10 short, and B3 4: 14.
    assert sommes(lecture, SALLE) == ("25", "15")
    image = lue_par(SALLE, try_out, lecture, 45).image
    assert image is not None
    assert "Tourcoing il en manque 20" in image.lecture
    assert "Lille" not in image.lecture


def test_what_few_lack_is_not_said_to_a_room(publish: Publier) -> None:
    # Lille alone is below: 17 short of 41 would say that one at the most is ACI.
    seule = {("59350", "B3"): (41, 1, 0), (ROUBAIX, "B1"): (400, 300, 0)}
    assert all("12 ou moins" in somme for somme in sommes(of(publish_table(publish, seule), SALLE), SALLE))
