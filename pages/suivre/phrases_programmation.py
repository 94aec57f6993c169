"""The sentences of the programmation: what is planned, what a share changes, how long the NPRU takes. Pure."""

from __future__ import annotations

from fractions import Fraction
from html import escape

import pandas as pd

from mel_core.simulation.programmation.calcul_programmation import (
    PART_2017,
    PART_VISEE,
    Reconstitution,
    Scenario,
    au_moins,
    share_out,
)
from mel_core.socle import langue

LOGEMENTS_EXEMPLE, PART_SOCIALE_EXEMPLE = 30, Fraction(3, 10)
FOURCHETTE = f"{langue.nombre(100 * PART_VISEE[0])} à {langue.part(PART_VISEE[1])}"


def constat(ou: str, programmees: pd.DataFrame) -> str:
    """PLAI planned among PLUS + PLAI, and how many operations are under the lower end of the range."""
    connues = programmees[programmees["est_connue"]]
    if connues.empty:
        return f"Dans {ou}, aucune opération n’a à la fois ses PLUS et ses PLAI dans la table « programmation »."
    sociaux, plai = int(connues["n_sociaux"].sum()), int(connues["n_plai"].sum())
    sous = int((connues["part"] < float(PART_VISEE[0])).sum())
    debut, fin = int(connues["annee"].min()), int(connues["annee"].max())
    quand = f"de {debut} à {fin}" if debut < fin else f"de {debut}"
    part = f", soit **{langue.part(plai / sociaux)}**" if sociaux else ""
    verbe = langue.agree(sous, "est", "sont")
    qui = f"**{langue.effectif(sous, 'opération')}** {verbe}" if sous else "aucune n’est"
    toutes = "l’opération" if len(connues) == 1 else f"les {langue.effectif(len(connues), 'opération')}"
    return (
        f"Dans {ou}, {toutes} {quand} {langue.agree(len(connues), 'compte', 'comptent')} "
        f"**{langue.nombre(plai)} PLAI** sur {langue.nombre(sociaux)} PLUS et PLAI{part} : {qui} sous "
        f"{langue.part(PART_VISEE[0])}."
    )


def reponse(programmees: pd.DataFrame, scenario: Scenario) -> str:
    """What the share tried changes, or why it changes nothing."""
    but = langue.part(scenario.part_plai)
    connues = programmees[programmees["est_connue"]]
    ecart = connues["ecart_plai"].astype(int)
    sociaux, vise = int(connues["n_sociaux"].sum()), int(connues["n_plai_vise"].sum())
    changees = int((ecart != 0).sum())
    if not changees:
        return f"Viser {but} de PLAI ne change rien : chaque opération en compte déjà au moins autant."
    net = int(ecart.sum())
    quoi = f"**{langue.signe(net)} PLAI**" + (f" ({mouvements(ecart)})" if (ecart < 0).any() else "")
    return (
        f"Viser {but} dans chaque opération, c’est {quoi} à la place d’autant de PLUS, dans "
        f"{langue.effectif(changees, 'opération')} : {langue.nombre(vise)} sur {langue.nombre(sociaux)}, "
        f"soit **{langue.part(vise / sociaux)}**."
    )


def mouvements(ecart: pd.Series) -> str:
    """`+24 −12`: what operations gain, then what those of the NPRU give back when they are spread."""
    return " ".join(langue.signe(int(n)) for n in (ecart[ecart > 0].sum(), ecart[ecart < 0].sum()) if n)


def reconstitution(moins: Reconstitution, plus: Reconstitution) -> str:
    """The PLAI that demolitions call for, and the years that they take: a range, never one figure."""
    du = f"{langue.nombre(moins.n_demolis)} à {langue.nombre(plus.n_demolis)}"
    plai = f"{langue.nombre(moins.n_plai_dus)} à {langue.nombre(plus.n_plai_dus)} PLAI"
    debut = f"Reconstituer les {du} logements démolis demande {plai} (60 %)"
    if moins.annees_plai_min is None:
        return f"{debut} : aucun n’est programmé."
    tot = f"**{langue.nombre(_entier(moins.annees_plai_min))} ans** si tous les PLAI programmés y vont,"
    if plus.annees_plai_max is None:
        return f"{debut} : au moins {tot} aucun n’est programmé au-delà des {langue.part(PART_2017)} d’aujourd’hui."
    tard = f"**{langue.nombre(_entier(plus.annees_plai_max))} ans**"
    return f"{debut} : de {tot} à {tard} si seuls ceux au-delà des {langue.part(PART_2017)} d’aujourd’hui comptent."


def lissage(part: Fraction | None) -> str:
    """The share at which spreading the 60 % over every operation holds."""
    if part is None:
        return ""
    return (
        f"Lissés sur toutes les opérations de la Métropole, 60 % dans la reconstitution et {langue.part(PART_2017)} "
        f"ailleurs reviennent à {langue.part(part)} partout."
    )


def exemple(part_plai: Fraction) -> str:
    """The deck's operation of 30 dwellings, today and at the share tried, one square a dwelling (HTML)."""
    sociaux = au_moins(LOGEMENTS_EXEMPLE, PART_SOCIALE_EXEMPLE)
    lignes = "".join(
        _ligne_exemple(quand, *share_out(sociaux, part))
        for quand, part in (
            (f"Aujourd’hui, {langue.part(PART_2017)}", PART_2017),
            (f"À {langue.part(part_plai)}", part_plai),
        )
    )
    en_plus = share_out(sociaux, part_plai)[1] - share_out(sociaux, PART_2017)[1]
    conclusion = {
        0: "Autant de PLAI qu’aujourd’hui.",
        1: "C’est un PLAI à la place d’un PLUS.",
    }.get(en_plus, f"C’est {langue.signe(en_plus)} PLAI, {langue.signe(-en_plus)} PLUS.")
    return (
        f'<div class="exemple"><h3>Une opération de {LOGEMENTS_EXEMPLE} logements, dont {sociaux} sociaux '
        f"({langue.part(PART_SOCIALE_EXEMPLE)})</h3>{lignes}<p>{escape(conclusion)}</p></div>"
    )


def _ligne_exemple(quand: str, n_plus: int, n_plai: int) -> str:
    carres = '<i class="plai">▪</i>' * n_plai + "<i></i>" * n_plus
    dit = f"{n_plus}{langue.INSECABLE}PLUS + {n_plai}{langue.INSECABLE}PLAI"
    return f'<p><span>{escape(quand)}</span><span class="carres" aria-hidden="true">{carres}</span><b>{dit}</b></p>'


def _entier(annees: Fraction) -> int:
    """Whole years, the last one begun included."""
    return -(-annees.numerator // annees.denominator)
