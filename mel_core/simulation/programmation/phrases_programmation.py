"""The sentences of the programmation: what is planned, what a share changes, how long the NPRU takes. Pure."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from mel_core.simulation.programmation.calcul_programmation import (
    PART_2017,
    PART_VISEE,
    Reconstitution,
    ScenarioProgrammation,
)
from mel_core.socle import langue


def constat(programmees: pd.DataFrame) -> str:
    """PLAI planned among PLUS + PLAI, and how many operations are under the lower end of the range."""
    connues = programmees[programmees["est_connue"]]
    if connues.empty:
        return "Aucune opération n’a à la fois ses PLUS et ses PLAI dans la table « programmation »."
    sociaux, plai = int(connues["n_sociaux"].sum()), int(connues["n_plai"].sum())
    sous = int((connues["part"] < float(PART_VISEE[0])).sum())
    debut, fin = int(connues["annee"].min()), int(connues["annee"].max())
    quand = f"de {debut} à {fin}" if debut < fin else f"de {debut}"
    part = f", soit **{langue.part(plai / sociaux)}**" if sociaux else ""
    verbe = langue.agree(sous, "est", "sont")
    qui = f"**{langue.effectif(sous, 'opération')}** {verbe}" if sous else "aucune n’est"
    toutes = "L’opération" if len(connues) == 1 else f"Les {langue.effectif(len(connues), 'opération')}"
    return (
        f"{toutes} {quand} {langue.agree(len(connues), 'compte', 'comptent')} **{langue.nombre(plai)} PLAI** sur "
        f"{langue.nombre(sociaux)} PLUS et PLAI{part} : {qui} sous {langue.part(PART_VISEE[0])}."
    )


def reponse(programmees: pd.DataFrame, scenario: ScenarioProgrammation) -> str:
    """What the share tried changes, or why it changes nothing."""
    but = langue.part(scenario.part_plai)
    connues = programmees[programmees["est_connue"]]
    ecart = connues["ecart_plai"].astype(int)
    sociaux, vise = int(connues["n_sociaux"].sum()), int(connues["n_plai_vise"].sum())
    if not scenario.part_plai and not ecart.any():
        return constat(programmees)
    changees = int((ecart != 0).sum())
    if not changees:
        return f"Viser {but} de PLAI ne change rien : chaque opération en compte déjà au moins autant."
    net = int(ecart.sum())
    quoi = f"**{langue.signe(net)} PLAI**" + (f" ({mouvements(ecart)})" if (ecart < 0).any() else "")
    return (
        f"Viser {but} dans chaque opération, c’est {quoi} à la place d’autant de PLUS, dans "
        f"{langue.effectif(changees, 'opération')} : {langue.nombre(vise)} sur {langue.nombre(sociaux)}, soit "
        f"**{langue.part(vise / sociaux)}**."
    )


def mouvements(ecart: pd.Series) -> str:
    """`+24 −12`: what operations gain, then what those of the NPRU give back when they are spread."""
    return " ".join(langue.signe(int(n)) for n in (ecart[ecart > 0].sum(), ecart[ecart < 0].sum()) if n)


def reconstitution(moins: Reconstitution, plus: Reconstitution) -> str:
    """The PLAI that demolitions call for, and the years that they take: a range, never one figure."""
    du, plai = (_plage(*bornes) for bornes in ((moins.n_demolis, plus.n_demolis), (moins.n_plai_dus, plus.n_plai_dus)))
    debut = f"Reconstituer les {du} logements démolis demande {plai} PLAI (60 %)"
    if moins.annees_plai_min is None:
        return f"{debut} : aucun n’est programmé."
    tot = f"**{_annees(moins.annees_plai_min)}** si tous les PLAI programmés y vont,"
    if plus.annees_plai_max is None:
        return f"{debut} : au moins {tot} aucun n’est programmé au-delà des {langue.part(PART_2017)} de 2017."
    tard = f"**{_annees(plus.annees_plai_max)}**"
    return f"{debut} : de {tot} à {tard} si seuls ceux au-delà des {langue.part(PART_2017)} de 2017 comptent."


def lissage(part: Fraction | None) -> str:
    """The share at which spreading the 60 % over every operation holds."""
    if part is None:
        return ""
    return (
        f"Lissés sur toutes les opérations de la Métropole, 60 % dans la reconstitution et {langue.part(PART_2017)} "
        f"ailleurs reviennent à {langue.part(part)} partout."
    )


def _plage(moins: int, plus: int) -> str:
    """`2 500 à 3 500`, or the one number that both are."""
    return langue.nombre(moins) if moins == plus else f"{langue.nombre(moins)} à {langue.nombre(plus)}"


def _annees(annees: Fraction) -> str:
    """`28,7 ans`, `600 ans`: as the figures beside the sentence are read."""
    nombre = langue.nombre(annees, 0 if annees.denominator == 1 else 1)
    return f"{nombre}{langue.INSECABLE}{'ans' if annees >= 2 else 'an'}"
