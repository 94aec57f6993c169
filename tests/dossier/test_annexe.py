"""The annex of the note: incomes against products, as the command line says them to a room."""

from __future__ import annotations

import json
from pathlib import Path

from mel_core.dossier import note
from mel_core.dossier.pages import TableauDePage
from mel_core.dossier.seance import contexte
from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs.suivi import produits
from mel_core.secret.bail import SALLE, lease
from mel_core.socle import langue
from mel_core.socle.periodes import Seance
from tests.cli.appel import ici

SEANCE, ICI = Seance(2017, 2), "ICI 2"


def test_the_annex_says_each_product_as_the_command_does_for_a_room(demonstration_publiee: Path) -> None:
    with lease(SALLE), Entrepot(demonstration_publiee).open(Portee.mel(), SEANCE) as lecteur:
        blocs = list(note.annexe(lecteur, contexte(lecteur, SEANCE, ICI)))
    commande = ["suivre", "produits", "--seance", str(SEANCE), "--ici", ICI, "--audience", "salle"]
    attendus = json.loads(ici(*commande, donnees=demonstration_publiee).stdout)
    (table,) = [b for b in blocs if isinstance(b, TableauDePage)]
    for ligne, x in zip(table.lignes, attendus, strict=True):
        for dit, colonne in zip(ligne[1:], produits.SERIES, strict=True):
            n, part = x[colonne], x[colonne.replace("n_", "part_", 1)]
            assert n is None or dit.startswith(langue.nombre(n))
            assert part is None or dit.endswith(f"({langue.part(part)})")
    phrases = " ".join(b.texte for b in blocs if not isinstance(b, TableauDePage))
    assert f"{langue.part(attendus[0]['part_demandeurs'])} des demandeurs aux revenus connus" in phrases
    assert "*" not in phrases
    assert "perdu" not in phrases  # what the deck of 2017 lost is for whoever builds, not for communes


def test_nothing_is_annexed_where_no_income_is_known(entrepot: Entrepot) -> None:
    with lease(SALLE), entrepot.open(Portee.mel(), SEANCE) as lecteur:
        assert not list(note.annexe(lecteur, contexte(lecteur, SEANCE, ICI)))
