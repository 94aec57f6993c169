"""The deck's operation of 30 dwellings, drawn: one square a dwelling."""

from __future__ import annotations

from fractions import Fraction
from html import escape

from mel_core.simulation.programmation.calcul_programmation import PART_2017, au_moins, share_out
from mel_core.socle import langue

LOGEMENTS_EXEMPLE, PART_SOCIALE_EXEMPLE = 30, Fraction(3, 10)


def exemple(part_plai: Fraction) -> str:
    """The deck's operation of 30 dwellings, in 2017 and at the share tried, one square a dwelling (HTML)."""
    sociaux = au_moins(LOGEMENTS_EXEMPLE, PART_SOCIALE_EXEMPLE)
    lignes = "".join(
        _ligne_exemple(quand, *share_out(sociaux, part))
        for quand, part in (
            (f"En 2017, {langue.part(PART_2017)}", PART_2017),
            (f"À {langue.part(part_plai)}", part_plai),
        )
    )
    en_plus = share_out(sociaux, part_plai)[1] - share_out(sociaux, PART_2017)[1]
    conclusion = {
        0: "Autant de PLAI qu’en 2017.",
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
