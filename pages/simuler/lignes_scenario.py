"""The lines of a scenario, place by place, as their audience reads them."""

from __future__ import annotations

import pandas as pd

from mel_core.simulation.engagement.attentes import Attentes
from mel_core.simulation.scenarios import Resultat
from mel_core.simulation.scenarios.reorientations import attentes, distribute, places_dites
from pages.commun import donnees
from pages.commun.choix_perimetre import Perimetre
from pages.commun.mesures import lecture_bilan, lecture_scenario

_MOUVEMENTS = ("a_reorienter", "n_en_moins", "n_en_plus")
_COMPTES = ("n_connus", "numerateur", "numerateur_vise", *_MOUVEMENTS)


def read(choisi: Perimetre, resultat: Resultat, cle: str) -> pd.DataFrame:
    """What `equilibre` or `aci` asks of each place (`cle`: commune or bailleur), see `name`.

    For a room it is worked out of what is said of each place: see `reorientations.distribute`.
    """
    scenario = resultat.scenario
    if choisi.audience.est_exacte:
        return name(choisi, resultat.details[cle], cle)
    bilan = lecture_bilan.read(choisi, scenario.simulation)
    toutes = pd.to_numeric(bilan.ensemble["n"]).fillna(0).iloc[0]
    lignes = distribute(lecture_scenario.base(scenario), scenario, bilan.dites[cle], cle, int(toutes))
    dites = name(choisi, lignes, cle)
    # Nothing, worked out of all that a place has, is no secret; of a part of it, it may be a few.
    entiers = dites["code"].isin(places_dites(bilan.cellules, bilan.dites[cle], cle))
    rien = pd.Series([0 if e else choisi.audience.compte(0) for e in entiers], dites.index, dtype=object)
    mouvements = {c: dites[c].where(lignes[c] != 0, rien) for c in _MOUVEMENTS}
    dites = dites.assign(**mouvements, part_visee=dites["part_visee"].where(entiers))
    if attentes(scenario) == Attentes():  # what is observed is what the bilan says of the place
        siens = (bilan.communes if cle == "commune" else bilan.bailleurs).set_index(cle)
        dites = dites.assign(**{c: dites["code"].map(siens[c]) for c in ("n_connus", "part")})
    return dites


def name(choisi: Perimetre, lignes: pd.DataFrame, cle: str) -> pd.DataFrame:
    """`lignes`, one row per place (`cle`: commune or bailleur; see `simulation.par`), with `code`, `nom`, and its
    shares where they are said."""
    ou = (choisi.instantane.identifiant, str(choisi.seance))
    lieux = donnees.communes(*ou) if cle == "commune" else donnees.bailleurs(*ou)
    noms = dict(zip(lieux[cle], lieux["nom"], strict=True))
    audience = choisi.audience
    parts = {
        dite: [audience.part(k, n) for k, n in zip(lignes[compte], lignes["n_connus"], strict=True)]
        for dite, compte in (("part", "numerateur"), ("part_visee", "numerateur_vise"))
        if compte in lignes
    }
    dites = audience.comptes(lignes, [c for c in _COMPTES if c in lignes])
    return dites.assign(**parts, code=lignes[cle], nom=lignes[cle].map(noms).fillna(lignes[cle]))
