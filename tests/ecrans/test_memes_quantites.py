"""The same quantity on two screens is the same number: the bilan, « Suivre », side by side.

Each measure of the bilan is traced to the command line by `test_un_nombre`, the screens of « Suivre » by
`test_suivre_chiffres`, sentences by `test_une_reponse`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.ecrans.scenario_attendu import lisse
from tests.ecrans.test_suivre_chiffres import lignes, see
from tests.ecrans.vue import Piece, texte


def column(pieces: list[Piece], legende: str, rang: int) -> dict[str, str]:
    """Line → what its column `rang` says."""
    return {r[0]: r[rang] for r in lignes(pieces, legende)}


def phrase(pieces: list[Piece]) -> str:
    dites = " ".join(texte(str(p.contenu)) for p in pieces if p.zone == "message")
    return lisse(re.sub(r"\*\*", "", dites))


def test_the_bails_of_each_commune_are_as_many_on_every_measure_and_in_the_bassins_de_vie(dossier: Path) -> None:
    mesures = {
        ("mutations_bloquees", "Mutations bloquées, par commune"): 1,
        ("npru", "Relogements NPRU, par commune"): 1,
        ("delais", "Délais d’attribution, par commune"): 1,
        ("ressources", "Ressources, par commune"): 1,
    }
    lues = [
        column(see("bilan", objectif=code, coupe="commune"), legende, rang) for (code, legende), rang in mesures.items()
    ]
    bassins = {
        nom: n
        for territoire in ("Roubaisien", "Tourquennois")
        for nom, n in column(see("bassins", territoire=territoire), "Bassin de vie par commune", 13).items()
    }
    assert len(lues[0]) > 10
    for autres in lues[1:]:
        assert autres == lues[0]
    assert {nom: n for nom, n in bassins.items() if n != "0"} == lues[0]


def test_the_relogements_add_up_whichever_way_they_are_cut(dossier: Path) -> None:
    total = re.search(r"Dans l’ICI 2, (\d+) sur", phrase(see("bilan", objectif="npru")))
    assert total is not None
    for coupe, dite in (
        ("commune", "commune"),
        ("quartier", "quartier"),
        ("residence", "résidence"),
        ("bailleur",) * 2,
    ):
        par_lieu = column(see("bilan", objectif="npru", coupe=coupe), f"Relogements NPRU, par {dite}", 2)
        assert sum(int(n.replace(" ", "")) for n in par_lieu.values()) == int(total[1]), coupe


def test_a_commune_has_as_many_quartiers_and_hlm_on_the_referential_as_in_its_bassin(dossier: Path) -> None:
    referentiel = see("fragilite")
    quartiers = lignes(referentiel, "Indicateurs par quartier")
    hlm: dict[str, int] = {}
    for r in quartiers:
        hlm[r[1]] = hlm.get(r[1], 0) + int(r[6].replace(" ", ""))
    bassin = column(see("bassins", territoire="Roubaisien"), "Bassin de vie par commune", 2)
    assert bassin
    for nom, dit in bassin.items():
        assert int(dit.replace(" ", "")) == hlm[nom], nom
    # Of unknown class, a quartier is in the list and not in the count.
    comptes = column(referentiel, "Référentiel par commune", 4)
    connus = [r[1] for r in quartiers if not r[2].startswith("inconnue")]
    assert {nom: connus.count(nom) for nom, n in comptes.items() if n != "—"} == {
        nom: int(n) for nom, n in comptes.items() if n != "—"
    }


CONSEILS = "Préconisations par quartier"
EN_SALLE = pytest.mark.parametrize("etat", [{}, {"salle_repetee": True}], ids=["au bureau", "en salle"])
BLOQUEES = "mutations_bloquees_en_attente"


def rapport(numerateur: str, denominateur: str) -> str:
    """As a line of 13h30 says it: once of two that are not said, and of nobody at all."""
    if denominateur == "0":
        return "—"
    return denominateur if denominateur == numerateur == "12 ou moins" else f"{numerateur} sur {denominateur}"


def bloquees(etat: dict[str, bool], par: str) -> list[Piece]:
    return see("orientations", dict(etat), vue="mutations", mutations_par=par)


@EN_SALLE
def test_the_blocked_mutations_of_13h30_are_those_of_their_segment(dossier: Path, etat: dict[str, bool]) -> None:
    segment = see("orientations", dict(etat) | {"explication": True}, vue="segments", segment=BLOQUEES)
    attentes = column(bloquees(etat, "souhaitee"), "Mutations bloquées en attente", 1)
    assert len(attentes) > 10
    if not etat:  # a room has no table of the segment
        par_souhait = column(
            segment, "Mutations bloquées en attente : demandes de l’ICI\u00a02, dans chaque commune souhaitée", 1
        )
        # The segment has the communes of other ICI that they want too.
        assert {nom: par_souhait[nom] for nom in attentes} == attentes
    criteres = bloquees(etat, "critere")
    total = re.search(r"Dans l’ICI 2, (\d+) demandes", phrase(segment))
    assert total is not None
    assert phrase(criteres).startswith(f"{total[1]} mutations bloquées")
    if not etat:
        par_critere = column(criteres, "Mutations bloquées, par critère", 1)
        assert sum(map(int, par_critere.values())) == int(total[1])


@pytest.mark.parametrize("commune", [("59512", "Roubaix"), ("59163", "Croix")])
def test_a_commune_lists_as_many_blocked_mutations_as_13h30_counts_there(
    dossier: Path, commune: tuple[str, str]
) -> None:
    code, nom = commune
    for lien in ("souhaitee", "residence"):
        liste = see("mes_listes", {"auteur_nom": "C. Essai"}, segment=BLOQUEES, commune=code, liste_lien=lien)
        n = column(bloquees({}, lien), "Mutations bloquées en attente", 1)[nom]
        assert phrase(liste).startswith(f"{nom} : {n} demandes sont des mutations bloquées."), lien


@EN_SALLE
def test_an_advice_quotes_of_a_quartier_what_the_bilan_says_of_it(dossier: Path, etat: dict[str, bool]) -> None:
    conseils = {r[0]: r[6:10] for r in lignes(see("orientations", dict(etat), vue="preconisations"), CONSEILS)}
    entrants = see("bilan", dict(etat), objectif="entrants_occupants", coupe="quartier")
    bilan = {r[0]: r for r in lignes(entrants, "Entrants, occupants, par quartier")}
    assert len(conseils) > 50
    for nom, (part, entres, occupants, _) in conseils.items():
        if nom not in bilan:  # nobody came
            assert (part, entres) == ("—", "12 ou moins" if etat else "—"), nom
            continue
        _, connus, modestes, part_bilan, occupants_bilan = bilan[nom][1:6]
        assert (part, entres) == (part_bilan, rapport(modestes, connus)), nom
        assert occupants_bilan in (occupants, "—") if etat else occupants_bilan == occupants, nom
    if etat:  # a room has no table of the quartiers of a commune
        return
    # And the objective of 50/50, commune by commune.
    roubaix = lignes(see("bilan", dict(etat), objectif="equilibre", lieu="59512"), "Constat par quartier")
    communs = [r for r in roubaix if f"Roubaix, {r[0]}" in conseils]
    assert len(communs) > 10
    for nom, _, connus, modestes, part, *_ in communs:
        assert conseils[f"Roubaix, {nom}"][:2] == [part, rapport(modestes, connus)], nom


def test_a_room_reads_nothing_of_tables_that_it_has_not_nor_of_lines_unless_how_many_are_left_out(
    dossier: Path,
) -> None:
    def said(etat: dict[str, bool], **adresse: str) -> str:
        return " ".join(texte(str(p.contenu)) for p in see("orientations", dict(etat), **adresse))

    notes = ("inconnu, ou trop peu pour être dit", "dans le détail en bas de page")
    au_poste, en_salle = (
        [said(etat, vue="preconisations"), said(etat, vue="segments", segment=BLOQUEES)]
        for etat in ({}, {"salle_repetee": True})
    )
    assert all(note in dit for note, dit in zip(notes, au_poste, strict=True))
    assert not any(note in dit for note, dit in zip(notes, en_salle, strict=True))
    assert re.search(r"Et \d+\sautres communes\.", en_salle[1])


def test_an_advice_quotes_of_a_residence_what_the_bilan_says_of_it(dossier: Path) -> None:
    lues = lignes(see("orientations", vue="preconisations", maille="residence"), "Préconisations par résidence")
    entrants = see("bilan", objectif="entrants_occupants", coupe="residence")
    bilan = {r[0]: r for r in lignes(entrants, "Entrants, occupants, par résidence")}
    communes = [(r, bilan[f"{r[0]} ({r[1]})"]) for r in lues if f"{r[0]} ({r[1]})" in bilan]
    assert len(communes) > 100
    for r, sienne in communes:
        assert r[7:10:2] == [sienne[4], sienne[5]], r[0]
        assert r[8] == rapport(sienne[3], sienne[2]), r[0]
    par_quartier = lignes(see("orientations", vue="preconisations"), CONSEILS)
    for rang_du_quartier, rang in ((2, 3), (3, 4), (4, 5)):
        assert sum(int(r[rang]) for r in lues) == sum(int(r[rang_du_quartier]) for r in par_quartier)


def test_the_offer_of_a_commune_is_that_of_the_bilan_and_of_its_bassin_de_vie(dossier: Path) -> None:
    offre = lignes(see("orientations", vue="offre"), "Offre et demande, par commune")
    baux = column(see("bilan", objectif="npru", coupe="commune"), "Relogements NPRU, par commune", 1)
    assert {r[0]: r[2] for r in offre if r[2] != "0"} == baux
    for territoire in ("Roubaisien", "Tourquennois"):
        bassin = column(see("bassins", territoire=territoire), "Bassin de vie par commune", 2)
        siens = {r[0]: r[3] for r in offre if r[0] in bassin}
        assert siens
        assert siens == {nom: bassin[nom] for nom in siens}
