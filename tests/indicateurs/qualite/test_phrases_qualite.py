"""What the quality of the data says in French, from counts drawn here."""

from __future__ import annotations

from datetime import date

import pandas as pd
from inline_snapshot import snapshot

from mel_core.indicateurs.qualite import completude
from mel_core.indicateurs.qualite.completude import POPULATIONS
from pages.preparer.qualite.tableaux_qualite import grille, grille_mois
from tests.mots import simple

RESIDENCES = POPULATIONS["residences"]


def lues(*lignes: tuple[str, str, int, int | None, bool]) -> pd.DataFrame:
    """(porteur, rubrique, n, n_connus, est_a_completer); the rubriques left out are wholly known."""
    dites = {(p, r) for p, r, *_ in lignes}
    effectifs = {p: n for p, _, n, *_ in lignes}
    autres = [
        (p, r.nom, n, n, False) for p, n in effectifs.items() for r in RESIDENCES.rubriques if (p, r.nom) not in dites
    ]
    table = pd.DataFrame([*lignes, *autres], columns=["porteur", "rubrique", "n", "n_connus", "est_a_completer"])
    table["n_connus"] = table["n_connus"].astype("Int64")
    table = table.assign(nom=table["porteur"].str.capitalize(), n_inconnus=table["n"] - table["n_connus"])
    return table.assign(part=(table["n_connus"] / table["n"].where(table["n"] > 0)).astype("float64"))


def test_the_finding_gives_the_share_its_number_and_the_least_known() -> None:
    table = lues(("ensemble", "occupants", 200, 150, False), ("ensemble", "vacants", 200, 40, False))
    assert simple(completude.constat(RESIDENCES, table, "l’ICI 2")) == snapshot(
        "Dans l’ICI 2, on connaît les occupants par classe de **75 %** des **200 résidences**, et les logements "
        "vacants de **20 %** seulement ; aucun bailleur ne s’en écarte nettement."
    )


def test_who_stands_apart_is_counted_once_however_many_rubriques_it_lacks() -> None:
    table = lues(
        ("ensemble", "occupants", 200, 150, False),
        ("b1", "occupants", 100, 50, True),
        ("b1", "rotation", 100, 40, True),
    )
    assert simple(completude.constat(RESIDENCES, table, "l’ICI 2")).endswith(
        "; **1 bailleur** remplit une rubrique nettement moins que l’ensemble."
    )
    dites = [simple(d) for d in completude.a_completer(RESIDENCES, table)]
    assert dites == snapshot(
        [
            "**B1**, rotation : 40 % (40 sur 100 résidences), contre 100 % dans l’ensemble. "
            "Sert à projeter la convergence.",
            "**B1**, occupants : 50 % (50 sur 100 résidences), contre 75 % dans l’ensemble. "
            "Sert à comparer les entrants aux occupants.",
        ]
    )


def test_without_a_row_nothing_is_said_known() -> None:
    table = lues(("ensemble", "occupants", 0, 0, False))
    assert completude.constat(RESIDENCES, table, "l’ICI 2") == snapshot(
        "Dans l’ICI 2, aucune résidence n’est connue : compléter l’import."
    )
    assert completude.absentes(RESIDENCES, table) == []


def test_what_no_file_says_is_not_blamed_on_a_bailleur() -> None:
    table = lues(("ensemble", "financement", 200, 0, False), ("ensemble", "rotation", 200, 1, False))
    assert completude.absentes(RESIDENCES, table) == snapshot(
        ["**Financement** : aucun fichier ne le dit. Sert à lire par financement."]
    )


def test_a_share_reads_100_only_when_nothing_is_missing_and_0_only_when_everything_is() -> None:
    table = lues(("ensemble", "vacants", 1000, 999, False), ("ensemble", "rotation", 1000, 1, False))
    dite = simple(grille(RESIDENCES, table))
    assert 'title="999 sur 1 000">99,9 %<' in dite
    assert 'title="1 sur 1 000">0,1 %<' in dite
    assert 'title="1 000 sur 1 000">100 %<' in dite


def test_a_cell_to_complete_is_told_in_words_and_what_is_unknown_is_a_dash() -> None:
    table = lues(("ensemble", "occupants", 200, 150, False), ("b1", "occupants", 100, 50, True))
    table.loc[table["rubrique"] == "rotation", ["n_connus", "part"]] = pd.NA
    dite = simple(grille(RESIDENCES, table))
    assert '<td class="manque" title="50 sur 100"><span class="lu">à compléter : </span>▼ 50 %</td>' in dite
    assert dite.count("<td>—</td>") == 2


def mois(*lignes: tuple[str, int, int, int]) -> pd.DataFrame:
    """(bailleur, month of 2017, leases, events)."""
    table = pd.DataFrame(lignes, columns=["porteur", "m", "n_attributions", "n_evenements"])
    table = table.assign(nom=table["porteur"], mois=[date(2017, m, 1) for m in table["m"]])
    return table.assign(est_silence=(table["n_attributions"] > 0) & (table["n_evenements"] == 0))


def test_a_silence_is_told_with_the_leases_that_it_leaves_unexplained() -> None:
    table = mois(("B1", 1, 4, 0), ("B1", 2, 3, 0), ("B2", 1, 5, 9), ("B2", 2, 0, 0))
    assert simple(completude.constat_mois(table, "l’ICI 2")) == snapshot(
        "Dans l’ICI 2, **1 bailleur** sur 2 a signé sans rien enregistrer au moins un mois (**2 mois** en tout, "
        "7 baux) : leurs refus ne se lisent pas, leurs ménages paraissent sans proposition."
    )
    dessinee = simple(grille_mois(table))
    assert dessinee.count('class="manque"') == 2
    assert "janv. 2017" in dessinee
    assert simple(completude.constat_mois(mois(("B2", 1, 5, 9)), "l’ICI 2")) == snapshot(
        "Dans l’ICI 2, aucun bailleur sur **1** n’a signé sans rien enregistrer le même mois."
    )
