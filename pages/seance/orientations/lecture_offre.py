"""What 13h30 reads of the offer: préconisations, offer against demand, blocked mutations, QPV, the queue."""

from __future__ import annotations

import pandas as pd

from mel_core.entrepot import Portee
from mel_core.indicateurs.manques import manques_de_cle, silence
from mel_core.secret.bail import exactly, reader
from mel_core.segments import Criteres, count_par
from mel_core.simulation import ordonnancement, preconisations
from mel_core.simulation.preconisations import HORS_QPV, INCONNU, REGLES
from mel_core.simulation.scenarios import lecture_scenarios
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.valeurs import Compte
from pages.commun import donnees, memo
from pages.commun.segments import etape

_ENTRANTS = ("n_entrants_connus", "n_entrants_modestes", "part_entrants")
_OCCUPANTS = ("n_occupants", "n_occupants_modestes", "part_occupants")
_RENDUS = ("n_entrants", *_ENTRANTS[:2], *_OCCUPANTS[:2])
_LOGEMENTS = ("n_vacants", "n_comptes")
_REGLE = ("n_regle", "numerateur_regle")
_PAR_COTE = {"au-dessus": "atteint", "au-dessous": "non_atteint", "indecis": "indecis"}  # of an objective « at least »
BLOQUEES, CRITERE = "mutations_bloquees_en_attente", "critere_mutation"
PROFILS = ("mutation", "taille_menage")
SEGMENTS = {
    "est_menage_aci": "Ménages ACI",
    "est_mutation_bloquee": "Mutations bloquées",
    "est_delai_anormalement_long": "Délai anormalement long",
    "est_sur_occupation": "Sur-occupation",
}


def lieux(identifiant: str, seance: str, ici: str, maille: str) -> pd.DataFrame:
    """`preconisations.par_quartier` or `par_residence` (`maille`) as is read who came and who lives there."""
    entrants = donnees.dites(identifiant, seance, "entrants_occupants", "annee", (maille,), ici or None)
    read = preconisations.par_quartier if maille == "quartier" else preconisations.par_residence
    periode = Periode.de(seance, "annee")
    return say_les_lieux(donnees.ask(identifiant, seance, read, periode, ici or None), entrants, maille)


def say_les_lieux(frame: pd.DataFrame, entrants: pd.DataFrame, maille: str) -> pd.DataFrame:
    """`entrants`: the cells of `entrants_occupants` cut by `maille`, as they are read. A résidence says nothing
    of incomes, but to whoever reads it exactly."""
    frame = exactly(frame, _LOGEMENTS)
    exacts = exactly(frame, _RENDUS)
    if reader().lit_tout:
        return exacts
    dits = _say_le_peuplement(frame, entrants, maille)
    if maille == "residence":
        inconnus = dict.fromkeys((*_ENTRANTS[:2], *_OCCUPANTS[:2]), Compte())
        dits = dits.assign(**inconnus, part_entrants=None, part_occupants=None)
    return etape.render_siens(dits, exacts)


def _say_le_peuplement(frame: pd.DataFrame, entrants: pd.DataFrame, cle: str) -> pd.DataFrame:
    """Who came and who lives there; the share of who came is that of the bilan."""
    occupants = zip(frame["n_occupants_modestes"], frame["n_occupants"], strict=True)
    return (
        reader()
        .comptes(frame, _RENDUS)
        .assign(
            part_entrants=frame[cle].map(entrants.set_index(cle)["part"]).astype("float64"),
            part_occupants=[_part(k, n) for k, n in occupants],
        )
    )


@memo.exact(32)
def criteres_des_mutations(identifiant: str, seance: str, ici: str) -> pd.DataFrame | None:
    """The blocked mutations pending that want the ICI or live in it, by criterion: `cle`, `n`; None when no file says
    them."""
    portee = Portee.ici(ici) if ici else None
    with donnees.open(identifiant, seance, portee) as lecteur:
        if silence(lecteur, BLOQUEES) or manques_de_cle(lecteur, CRITERE):
            return None
        return count_par(lecteur, BLOQUEES, Criteres(Seance.read(seance).fin), CRITERE)


def qpv(identifiant: str, seance: str, ici: str) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
    """`peuplement`, the sums over its QPV of who came and who lives there, and `commissions`, as they are read.

    A verdict that a share does not say is that of the side of the objective (`indecis`: too near to tell).
    """
    periode = Periode.de(seance, "annee")
    peuplement, commissions = (
        donnees.ask(identifiant, seance, read, periode, ici or None)
        for read in (preconisations.peuplement, preconisations.commissions)
    )
    dans = peuplement[~peuplement["qpv"].isin([HORS_QPV, INCONNU])]
    sommes = dans[[*_ENTRANTS[:2], *_OCCUPANTS[:2]]].sum()
    ensemble = pd.Series({c: reader().compte(n) for c, n in sommes.items()}, dtype=object)
    for part, k, n in ((c[2], c[1], c[0]) for c in (_ENTRANTS, _OCCUPANTS)):
        ensemble[part] = reader().part(sommes[k], sommes[n])
    dites = reader().comptes(commissions, ("n_candidats", "n_candidats_situes", "n_designes_situes"))
    if reader().lit_tout:
        return reader().comptes(peuplement, (*_RENDUS, *_REGLE)), ensemble, dites
    entrants, *regles = (
        donnees.dites(identifiant, seance, indicateur, "annee", ("qpv",), ici or None)
        for indicateur in ("entrants_occupants", *REGLES)
    )
    regle = pd.concat(regles).set_index("qpv").reindex(peuplement["qpv"]).set_axis(peuplement.index)
    dits = _say_le_peuplement(peuplement, entrants, "qpv")
    dits = (
        reader()
        .comptes(dits, _REGLE)
        .assign(
            part_regle=regle["part"].astype("float64"),
            verdict=regle["verdict"].where(regle["verdict"].notna(), regle["cote"].map(_PAR_COTE)),
        )
    )
    parts = zip(commissions["n_designes_situes"], commissions["n_candidats_situes"], strict=True)
    return dits, ensemble, dites.assign(part_designes=[_part(k, n) for k, n in parts])


def _part(k: int, n: int) -> float:
    return float("nan") if pd.isna(n) else reader().part(k, n)


@memo.exact(8, est_partage=True)
def file(identifiant: str, seance: str, ici: str) -> tuple[ordonnancement.File, int]:
    """The queue made ready, and the attributions expected in six months; rows: never shown."""
    with donnees.open(identifiant, seance) as lecteur:
        demandes = lecture_scenarios.demandes(lecteur, Seance.read(seance).fin, ici or None)
        cellules = donnees.cellules(identifiant, seance, "delais", "annee", (), ici or None)
    return ordonnancement.prepare(demandes, PROFILS, tuple(SEGMENTS)), int(cellules["n"].iloc[0]) // 2
