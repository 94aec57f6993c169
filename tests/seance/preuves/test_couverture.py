"""What a table that stops before the others leaves out is said wherever a finding is."""

from __future__ import annotations

from datetime import date

import pytest

from mel_core.entrepot import Portee
from mel_core.indicateurs.manques import say_tables_arretees
from mel_core.seance.coordination.phrases_coordination import head
from mel_core.seance.preuves import ProfilBlocage, Secteur, gather
from mel_core.seance.preuves.dossier_preuves import titre
from mel_core.secret.bail import PREPARATION, SALLE
from tests.jeux import ROUBAIX
from tests.lecteurs import lue_par
from tests.seance.preuves.petit import ANNEE, ICI, TOURCOING, publish

# Bails to December; the passages are of June, the demandes of January.
BAUX = [(ROUBAIX, "T4", None, date(2017, mois, 1), 3) for mois in (1, 12) for _ in range(20)]
DEMANDES = [([ROUBAIX], ["T4"])] * 20
PASSAGES = [(ROUBAIX, "T4", 1, 5)] * 40
DEUX = (
    "Les demandes enregistrées s’arrêtent le 20 janvier 2017 : ce qui les suit n’est pas compté.",
    "Les événements enregistrés s’arrêtent le 6 juin 2017 : ce qui les suit n’est pas compté.",
)


@pytest.mark.parametrize("audience", [PREPARATION, SALLE])
def test_a_finding_says_what_its_tables_leave_out_in_its_sentence_and_in_its_line(tmp_path, audience):
    with publish(tmp_path, DEMANDES, BAUX, PASSAGES, []).open(Portee.mel()) as lecteur:
        dossier = gather(lecteur, ANNEE, Secteur(ICI[ROUBAIX], (ROUBAIX,)))
        assert say_tables_arretees(lecteur, ANNEE) == DEUX
    lus = {
        c.mesure: [lue_par(audience, dit).replace("\u00a0", " ") for dit in (c.phrase, lambda c=c: titre(c))]
        for c in dossier.constats
    }
    # The demande waits by both tables, is counted by its own alone; of what is housed nothing is missing.
    assert lus["attente"][0].endswith(" ".join(DEUX))
    assert lus["attente"][1] == "Plus de 24 mois sans proposition, données au 20 janvier 2017"
    assert lus["demande"][0].endswith(DEUX[0])
    assert lus["passages"][1] == "Passages en commission, 1 mois sur 12"
    assert lus["refus_rang_1"][1] == "Premiers rangs refusés, 1 mois sur 12"
    assert "en 1 mois sur 12" in lus["non_attribution"][0]
    assert lus["flux"][1] == "Attributions de la période"
    assert not any(dit in lus["flux"][0] for dit in DEUX)
    assert lue_par(audience, dossier.reserves)[:2] == DEUX


@pytest.mark.parametrize(
    ("secteur", "dite"),
    [
        (Secteur(ICI[ROUBAIX], (ROUBAIX,)), "À Roubaix : 0 des 20 demandes qui souhaitent Roubaix attend depuis"),
        (Secteur(ICI[ROUBAIX]), "Dans l’ICI 2 : 0 des 20 demandes qui souhaitent l’ICI 2 attend depuis"),
    ],
)
def test_a_share_that_waits_is_of_those_who_want_the_place_where_a_segment_is_of_those_who_live_there_too(
    tmp_path, secteur, dite
):
    with publish(tmp_path, DEMANDES, BAUX, PASSAGES, []).open(Portee.mel()) as lecteur:
        constats = gather(lecteur, ANNEE, secteur).constats
    (attente,) = (c for c in constats if c.mesure == "attente")
    assert lue_par(PREPARATION, attente.phrase).replace("\u00a0", " ").replace("*", "").startswith(dite)


def test_of_fewer_than_contract_concludes_on_no_finding_heads(tmp_path):
    # One T5 let in Roubaix, by the préfet; thirty of T4 in Tourcoing without réservataire.
    baux = [(ROUBAIX, "T5", "PPRIOR", date(2017, 3, 1), 3)]
    baux += [(TOURCOING, "T5", "AUCUN", date(2017, 3, 1), 30)] * 30
    with publish(tmp_path, [], baux, [], []).open(Portee.mel()) as lecteur:
        un, trente = (
            gather(lecteur, ANNEE, Secteur(ICI[c], (c,)), ProfilBlocage("T5")).constats for c in (ROUBAIX, TOURCOING)
        )
    assert un[-1].valeur == 1
    assert lue_par(PREPARATION, head, un) is None
    assert lue_par(PREPARATION, head, un, "Le contingent du préfet") is None
    tete = lue_par(PREPARATION, head, trente, "Le contingent du préfet")
    assert tete is not None
    assert tete.mesure == "contingent"
