"""How many PLAI each operation of construction holds for a given share, and how long the NPRU takes to be rebuilt.

Counts are of dwellings. PLAI and PLUS share the same dwellings: what one gains, the other loses; PLS is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from mel_core.socle import langue

# Deck of 2017: 20 % of PLAI among PLUS + PLAI at that time, 25 to 30 % aimed at, 60 % asked by the ANRU to rebuild.
PART_2017 = Fraction(1, 5)
PART_VISEE = (Fraction(1, 4), Fraction(3, 10))
PART_ANRU = Fraction(3, 5)
PART_ESSAYEE_MAX = PART_ANRU  # the most that a lever tries
DEMOLIS = (2500, 3500)
_NOMMEES = 3  # operations named in a sentence


@dataclass(frozen=True)
class ScenarioProgrammation:
    """A share of PLAI tried on the operations.

    `part_plai`: floor, 0–1, of PLAI among the PLUS + PLAI of each operation; 0 changes nothing.
    `lisser`: whether the operations that rebuild demolished dwellings (NPRU) come down to that share, their 60 % being
    spread over all the operations (the Métropole's proposal in 2017); else they keep what they plan.
    `depuis`: first year of the operations that can still change; earlier ones stay as planned (None: all can).
    `rythme`: how many times the programmed yearly pace is built (1: as programmed); it changes years, not operations.
    """

    part_plai: Fraction
    lisser: bool = False
    depuis: int | None = None
    rythme: Fraction = Fraction(1)


@dataclass(frozen=True)
class Reconstitution:
    """What rebuilding `n_demolis` dwellings takes at the pace of the programme.

    `n_plai_dus`: PLAI asked by the ANRU (60 %, rounded up). Years are exact, None when nothing is programmed:
    `annees_logements`, from the PLUS + PLAI of the NPRU operations alone; `annees_plai_min`, if every PLAI programmed
    counts; `annees_plai_max`, if only those beyond today's 20 % of the ordinary operations do (the others answer the
    ordinary need).
    """

    n_demolis: int
    n_plai_dus: int
    annees_logements: Fraction | None
    annees_plai_min: Fraction | None
    annees_plai_max: Fraction | None


def share_out(n_sociaux: int, part_plai: Fraction) -> tuple[int, int]:
    """(PLUS, PLAI) among `n_sociaux` dwellings: the fewest PLAI that reach the share (a floor, as in the contract).

    So 9 dwellings hold 2 PLAI at 20 % (1.8), 3 at 25 % (2.25) as at 30 % (2.7): the deck's 7 + 2, then 6 + 3. Rounding
    to the nearest would give 2 at 25 %, and leave the operation short of what is asked of each one.
    """
    n_plai = au_moins(n_sociaux, part_plai)
    return n_sociaux - n_plai, n_plai


def au_moins(n: int, part: Fraction) -> int:
    """The fewest dwellings that make at least `part` of `n`."""
    return -(-part.numerator * n // part.denominator)


def schedule(operations: pd.DataFrame, scenario: ScenarioProgrammation) -> pd.DataFrame:
    """PLUS and PLAI of each operation before and after.

    `operations`: one row per operation, with `annee`, `npru` (empty: false), and the counts `n_plus` and `n_plai`, both
    empty when unknown; other columns are carried through.

    Returns the same rows in the same order, with `est_connue` (both counts are), `n_sociaux` (PLUS + PLAI),
    `n_plus_vise`, `n_plai_vise`, `ecart_plai` (after − before) and the shares `part` and `part_visee` of PLAI (0–1).
    What concerns an operation whose counts are unknown is empty; shares are empty too without a single PLUS or PLAI.
    An operation never loses PLAI, except those of the NPRU when they are spread (`lisser`).
    """
    connue = operations["n_plus"].notna() & operations["n_plai"].notna()
    plai = operations["n_plai"].where(connue, 0).astype("int64").to_numpy()
    sociaux = plai + operations["n_plus"].where(connue, 0).astype("int64").to_numpy()
    if (plai < 0).any() or (plai > sociaux).any():
        raise ValueError("n_plus and n_plai must not be negative")
    plancher = np.array([au_moins(int(n), scenario.part_plai) for n in sociaux], dtype=np.int64)
    est_lissee = est_npru(operations) if scenario.lisser else np.zeros(len(operations), dtype=bool)
    vise = np.where(est_lissee, plancher, np.maximum(plai, np.where(est_npru(operations), 0, plancher)))
    if scenario.depuis is not None:
        vise = np.where(operations["annee"].to_numpy() < scenario.depuis, plai, vise)
    nombres = {
        "n_sociaux": sociaux,
        "n_plus_vise": sociaux - vise,
        "n_plai_vise": vise,
        "ecart_plai": vise - plai,
    }
    diviseur = pd.Series(sociaux, index=operations.index).where(connue & (sociaux > 0))
    return operations.assign(
        est_connue=connue,
        **{nom: pd.Series(n, index=operations.index, dtype="Int64").where(connue) for nom, n in nombres.items()},
        part=plai / diviseur,
        part_visee=vise / diviseur,
    )


def part_lissee(operations: pd.DataFrame) -> Fraction | None:
    """The one share that, held by every operation, builds the 60 % of the NPRU ones and the 20 % of 2017 of the others.

    Exact; None without a single known PLUS or PLAI.
    """
    sociaux = _sociaux(operations)
    reconstruits = int(sociaux[est_npru(operations)].sum())
    total = int(sociaux.sum())
    if total == 0:
        return None
    return (PART_ANRU * reconstruits + PART_2017 * (total - reconstruits)) / total


def rebuild(programmees: pd.DataFrame, scenario: ScenarioProgrammation, n_demolis: int) -> Reconstitution:
    """Years to rebuild `n_demolis` dwellings at the yearly mean of the operations returned by `schedule`.

    The years of the programme are those from its first operation to its last, both included.
    """
    annees = programmees["annee"]
    duree = int(annees.max() - annees.min() + 1) if len(programmees) else 1
    sociaux, npru = _sociaux(programmees), est_npru(programmees)
    plai = programmees["n_plai_vise"].fillna(0).astype("int64").to_numpy()

    def par_an(n: Fraction) -> Fraction:
        return n * scenario.rythme / duree

    logements = par_an(Fraction(int(sociaux[npru].sum())))
    tous = par_an(Fraction(int(plai.sum())))
    ordinaires = par_an(PART_2017 * int(sociaux[~npru].sum()))
    en_plus = max(tous - ordinaires, Fraction(0))
    dus = au_moins(n_demolis, PART_ANRU)
    return Reconstitution(n_demolis, dus, _annees(n_demolis, logements), _annees(dus, tous), _annees(dus, en_plus))


def est_npru(operations: pd.DataFrame) -> np.ndarray:
    """Operations that rebuild demolished dwellings; an empty cell is not one."""
    return np.asarray(operations["npru"].eq(True).fillna(False), dtype=bool)


def _sociaux(operations: pd.DataFrame) -> np.ndarray:
    """PLUS + PLAI of each operation, 0 when one of the two is unknown."""
    return np.asarray((operations["n_plus"] + operations["n_plai"]).fillna(0).astype("int64"))


def _annees(n: int, par_an: Fraction) -> Fraction | None:
    return None if par_an == 0 else n / par_an


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
    changees, dessous = int((ecart != 0).sum()), restees(programmees, scenario)
    if not changees:
        pourquoi = dessous or "chaque opération en compte déjà au moins autant"
        return f"Viser {but} de PLAI ne change rien : {pourquoi}."
    net = int(ecart.sum())
    quoi = f"**{langue.signe(net)} PLAI**" + (f" ({mouvements(ecart)})" if (ecart < 0).any() else "")
    return (
        f"Viser {but} dans chaque opération, c’est {quoi} à la place d’autant de PLUS, dans "
        f"{langue.effectif(changees, 'opération')} : {langue.nombre(vise)} sur {langue.nombre(sociaux)}, soit "
        f"**{langue.part(vise / sociaux)}**{f' ; {dessous}' if dessous else ''}."
    )


def restees(programmees: pd.DataFrame, scenario: ScenarioProgrammation) -> str:
    """`restent dessous La Lainière et 2 autres (NPRU, gardées comme prévues)`: the operations that the share does not
    move to it, each with why; empty when none is."""
    sous = programmees[programmees["part_visee"] < float(scenario.part_plai)]
    if sous.empty:
        return ""
    est_passee = sous["annee"] < (scenario.depuis or 0)
    groupes = {
        f"d’avant {scenario.depuis}, faites": sous[est_passee],
        "NPRU, gardées comme prévues": sous[~est_passee],
    }
    dits = []
    for raison, siennes in groupes.items():
        noms = list(siennes["nom"].fillna(siennes["operation"]))
        if len(noms) > _NOMMEES:
            noms = [*noms[:_NOMMEES], langue.effectif(len(noms) - _NOMMEES, "autre")]
        if noms:
            dits.append(f"{langue.liste(noms)} ({raison})")
    return f"{langue.agree(len(sous), 'reste', 'restent')} dessous {' ; '.join(dits)}"


def contre_2017(n_sociaux: int, part: Fraction) -> str:
    """What `part` of PLAI changes in an operation of so many PLUS and PLAI."""
    en_plus = share_out(n_sociaux, part)[1] - share_out(n_sociaux, PART_2017)[1]
    if en_plus == 0:
        return "Autant de PLAI qu’en 2017."
    if en_plus == 1:
        return "C’est un PLAI à la place d’un PLUS."
    return f"C’est {langue.signe(en_plus)} PLAI, {langue.signe(-en_plus)} PLUS."


def laissees(programmees: pd.DataFrame) -> str:
    """How many operations are left out, and why; empty when none is."""
    n = int((~programmees["est_connue"]).sum())
    laissees = langue.effectif(n, "opération laissée", "opérations laissées")
    return f"{laissees} hors du calcul : PLUS ou PLAI non renseignés." if n else ""


def mouvements(ecart: pd.Series) -> str:
    """`+24 −12`: what operations gain, then what those of the NPRU give back when they are spread."""
    return " ".join(langue.signe(int(n)) for n in (ecart[ecart > 0].sum(), ecart[ecart < 0].sum()) if n)


def reconstitution(moins: Reconstitution, plus: Reconstitution) -> str:
    """The PLAI that demolitions call for, and the years that they take: a range, never one figure."""
    du, plai = (_plage(*bornes) for bornes in ((moins.n_demolis, plus.n_demolis), (moins.n_plai_dus, plus.n_plai_dus)))
    debut = f"Reconstituer les {du} logements démolis demande {plai} PLAI (60 %)"
    if moins.annees_plai_min is None:
        return f"{debut} : aucun n’est programmé."
    tot = f"**{_annees_dites(moins.annees_plai_min)}** si tous les PLAI programmés y vont,"
    if plus.annees_plai_max is None:
        return f"{debut} : au moins {tot} aucun n’est programmé au-delà des {langue.part(PART_2017)} de 2017."
    tard = f"**{_annees_dites(plus.annees_plai_max)}**"
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


def _annees_dites(annees: Fraction) -> str:
    """`28,7 ans`, `600 ans`: as the figures beside the sentence are read."""
    nombre = langue.nombre(annees, 0 if annees.denominator == 1 else 1)
    return f"{nombre}{langue.INSECABLE}{'ans' if annees >= 2 else 'an'}"
