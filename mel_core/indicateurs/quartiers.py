"""On which side of its objective each quartier is, over 36 months: twelve are too few for most of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from mel_core.contrat.tables import FRAGILITES
from mel_core.entrepot import Lecteur
from mel_core.indicateurs.calcul_indicateurs import compute
from mel_core.indicateurs.comptage import duree
from mel_core.indicateurs.phrases_constats import QUARTIERS, TROP_PEU, duree_de, say_cote
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.valeurs import Compte, Duree

N_MOIS = 36
AU_DESSUS, AU_DESSOUS, INDECIS = "au-dessus", "au-dessous", "indecis"
DOUZE_NE_SUFFISENT_PAS = f"Sur {Duree(N_MOIS)} : douze ne suffisent pas à la plupart des quartiers."
LAISSEES = (
    "les attributions aux ressources inconnues (revenu absent ou nul, taille du ménage absente), et celles d’un "
    "quartier sans fragilité connue, qui n’a pas d’objectif"
)
_SANS_FRAGILITE = (
    "leur fragilité n’est pas connue (colonne ips ou fragilite de la table quartiers). Chacun se lit en descendant "
    "dans sa commune"
)


@dataclass(frozen=True)
class Cotes:
    """One class of fragilité: how many quartiers had attributions (`n`), how many of them are told on each side of the
    objective and how many are too near to tell; by how many attributions together, each quartier against its own
    objective (the nearest edge of its band, where it has one) and none netted, as they are read."""

    fragilite: str
    n: int
    n_au_dessus: int
    n_au_dessous: int
    n_indecis: int
    trop: Compte
    manque: Compte

    @property
    def par_cote(self) -> dict[str, int]:
        """How many are on each side, in words; of the others too little is read to tell."""
        comptes = {AU_DESSUS: self.n_au_dessus, INDECIS: self.n_indecis, AU_DESSOUS: self.n_au_dessous}
        return {say_cote(c, ""): n for c, n in comptes.items()} | {TROP_PEU: self.n - sum(comptes.values())}

    @property
    def sont_tus(self) -> bool:
        """Whether of some, who reads is told nothing: they may be on either side."""
        return not reader().lit_tout and self.par_cote[TROP_PEU] > 0


def read(lecteur: Lecteur, seance: Seance, ici: str | None = None) -> pd.DataFrame:
    """`equilibre` by quartier over 36 months, one row each (contract §4)."""
    return compute(lecteur, "equilibre", Periode.de_mois(seance, N_MOIS), par=("quartier", "fragilite"), ici=ici)


def sont_juges(lecteur: Lecteur, seance: Seance) -> bool:
    """Whether the data cover the months that say on which side of its objective a quartier is."""
    return duree(lecteur, Periode.de_mois(seance, N_MOIS)).est_entiere


def summarise(dites: pd.DataFrame, exactes: pd.DataFrame) -> list[Cotes]:
    """Class by class. `dites`: the rows of `read` as they are read, whose `cote` says the side; `exactes`:
    the same rows, which the sums are made of."""
    resumes = []
    for classe in FRAGILITES:
        siens = exactes["fragilite"] == classe
        if not siens.any():
            continue
        dessus, dessous, indecis = (siens & (dites["cote"] == cote) for cote in (AU_DESSUS, AU_DESSOUS, INDECIS))
        n, n_dessus, n_dessous, n_indecis = (int(rangs.sum()) for rangs in (siens, dessus, dessous, indecis))
        # Of no quartier there is nothing to round.
        trop, manque = (
            reader().compte(int(exactes.loc[rangs, quoi].sum())) if rangs.any() else Compte(0)
            for rangs, quoi in ((dessus, "ecart_trop"), (dessous, "ecart_manque"))
        )
        resumes.append(Cotes(classe, n, n_dessus, n_dessous, n_indecis, trop, manque))
    return resumes


def comptes(resumes: Sequence[Cotes]) -> str:
    """What `say` counts, class by class, and the classes that it does not name."""
    return " ; ".join(
        f"{QUARTIERS[r.fragilite]}, {langue.nombre(r.n_au_dessus)} au-dessus de l’objectif "
        f"({langue.effectif(r.trop, 'attribution')} de trop) et {langue.nombre(r.n_au_dessous)} au-dessous "
        f"({langue.effectif(r.manque, 'attribution')} en manque) sur {langue.nombre(r.n)}"
        for r in resumes
    )


def refuse(dites: pd.DataFrame, resumes: Sequence[Cotes], *, a_un_objectif: bool) -> str:
    """Why nothing is judged; empty where it is."""
    if not a_un_objectif or not resumes:
        pourquoi = f" : {_SANS_FRAGILITE}" if a_un_objectif and len(dites) else ""
        return f"Aucun quartier n’a d’objectif sur cette période{pourquoi}."
    lue = duree_de(dites, N_MOIS)
    return "" if lue.est_entiere else f"Les données ne couvrent que {lue} : aucun quartier n’est jugé."


def say(ou: str, resumes: Sequence[Cotes], but: str) -> str:
    """`Dans l’ICI 2, sur 36 mois, 185 des 235 quartiers fragiles où l’on a attribué dépassent 50 % : 765 attributions
    de trop.`; in a room, that is told nothing of some, `au moins 54 des 104 quartiers fragiles où l’on a attribué
    dépassent 50 %, de 875 attributions ou plus`. Of which quartiers, once: Suivre counts those of the referential."""
    dits: list[str] = []
    for r in resumes:
        sont = {"sans": ("sont sous", r.n_au_dessous, r.manque), "fragile": ("dépassent", r.n_au_dessus, r.trop)}
        if r.fragilite not in sont:
            continue
        verbe, n, ecart = sont[r.fragilite]
        lesquels = QUARTIERS[r.fragilite] + ("" if dits else " où l’on a attribué")
        debut = f"**{langue.nombre(n)}** des {langue.nombre(r.n)} {lesquels} {verbe} {but}"
        combien = f"**{langue.effectif(ecart, 'attribution')}**"
        if r.sont_tus:
            dits.append(f"au moins {debut}, de {combien} ou plus")
        else:
            dits.append(f"{debut} : {f'{combien} de trop' if verbe == 'dépassent' else f'il manque {combien}'}")
    return f"Dans {ou}, sur {Duree(N_MOIS)}, {' ; '.join(dits)}." if dits else ""
