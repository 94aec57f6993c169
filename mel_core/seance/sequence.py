"""The sequence of a séance: the messages that the room sees one after the other, each an address of the application.

Proposed from the data (product.md, *Two modes, one switch*): in each slot of the day, what moved most since the last
séance, what is farthest from its objective, then the lines of the agenda. Prepared by the co-pilots, it is an object of
the journal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import pandas as pd

from mel_core.indicateurs.definitions import COUPES_DITES
from mel_core.journal import Inscrit
from mel_core.seance.coordination import seances_tenues
from mel_core.socle import langue
from mel_core.socle.periodes import Seance
from mel_core.socle.valeurs import Duree

OBJET = "sequence"
# Pages in the order of the day; what has no hour: what is followed is shown after the bilan, and a scenario before the
# séance is closed.
_SUIVIES = ("fragilite", "bassins", "accueil")
_JOURNEE = ("introduction", "bilan", *_SUIVIES, "coordination", "orientations", "simuler", "cloture")
_A_BOUGE, _EST_LOIN = 0.01, 0.01  # shares: less is not said to have moved, or to be far


@dataclass(frozen=True)
class Message(Inscrit):
    """What is on screen at once. `page`: address of the slot; `parametres`: what the link says besides the séance and
    the ICI. `raison`: why it is there. `question`: what the room is asked before it is revealed (empty: nothing)."""

    cle: str
    page: str
    titre: str
    parametres: Mapping[str, str] = field(default_factory=dict)
    raison: str = ""
    question: str = ""


@dataclass(frozen=True)
class LigneDuBilan:
    """A line of the bilan as the room may read it: shares 0–1, None when they are not said or not comparable."""

    code: str
    titre: str
    part: float | None = None
    avant: float | None = None
    ecart: float | None = None

    @classmethod
    def de(cls, code: str, titre: str, ligne: pd.Series | None, avant: pd.Series | None) -> LigneDuBilan:
        """Of the line that sums it up, as the room reads it, and of the same at the séance before (None: not covered).
        `ecart`: empty too where the objective is met, or too near for how many attributions to be said."""
        part = _part(ligne)
        if ligne is None or part is None:
            return cls(code, titre)
        manquent, cible = ligne.get("ecart_attributions"), ligne.get("cible")
        est_loin = manquent is not None and manquent > 0
        ecart = part - float(cible) if est_loin and cible is not None and not pd.isna(cible) else None
        return cls(code, titre, part, _part(avant), ecart)

    @property
    def mouvement(self) -> float:
        return abs(self.part - self.avant) if self.part is not None and self.avant is not None else 0.0


def _part(ligne: pd.Series | None) -> float | None:
    part = None if ligne is None else ligne.get("part")
    return None if part is None or pd.isna(part) else float(part)


def propose(
    constats: Sequence[LigneDuBilan],
    obligatoires: Iterable[str],
    bilans: Mapping[str, Mapping[str, str]],
    points: Mapping[str, str],
    segments: Mapping[str, str],
    vues: Mapping[str, str],
    avant_dit: str,
    a_causes: Collection[str] = (),
) -> tuple[Message, ...]:
    """The default sequence of an ICI.

    `constats`: every line of the bilan; `obligatoires`: codes of those that the agenda asks for, in its order.
    `bilans`: of those that are shown by several pictures, these, in their order, each with what it is called.
    `points`: items of 10h30, by identifier; `segments`, `vues`: of 13h30, by code; `a_causes`: segments of which the
    lists say causes. `avant_dit`: the séance before.
    """
    ranges = _ranges(constats, list(obligatoires), avant_dit)
    messages = [m for c, raison in ranges for m in _du_bilan(c, raison, bilans.get(c.code, {}))]
    return (
        Message("introduction", "introduction", "Depuis la dernière séance"),
        *messages,
        *(Message(f"point-{cle}", "coordination", titre, {"point": cle}) for cle, titre in points.items()),
        *(m for cle, titre in segments.items() for m in _du_segment(cle, titre, cle in a_causes)),
        *(Message(f"vue-{cle}", "orientations", titre, {"vue": cle}) for cle, titre in vues.items()),
        Message("cloture", "cloture", "Relire et signer"),
    )


def _du_bilan(constat: LigneDuBilan, raison: str, vues: Mapping[str, str]) -> list[Message]:
    """One message a picture: the first one says why it is there."""
    if not vues:
        return [Message(f"bilan-{constat.code}", "bilan", constat.titre, {"objectif": constat.code}, raison)]
    premiere = next(iter(vues))
    return [
        Message(
            f"bilan-{constat.code}" if vue == premiere else f"bilan-{constat.code}-{vue}",
            "bilan",
            f"{constat.titre} : {dite[0].lower()}{dite[1:]}",
            {"objectif": constat.code, "coupe": vue},
            raison if vue == premiere else "",
        )
        for vue, dite in vues.items()
    ]


def _du_segment(cle: str, titre: str, a_causes: bool) -> list[Message]:
    """Who waits and where, who was before those that were behind, why they are blocked where it is noted, then what may
    be promised to them."""
    vue = {"vue": "segments", "segment": cle}
    suites = {"devant": "qui était devant"} if cle == "poulidor" else {}
    suites |= {"causes": "causes notées"} if a_causes else {}
    return [
        Message(f"segment-{cle}", "orientations", titre, {**vue, "etape": "repartition"}),
        *(
            Message(f"segment-{cle}-{etape}", "orientations", f"{titre} : {dite}", {**vue, "etape": etape})
            for etape, dite in {**suites, "engagement": "engagement"}.items()
        ),
    ]


def _ranges(
    constats: Sequence[LigneDuBilan], obligatoires: list[str], avant_dit: str
) -> list[tuple[LigneDuBilan, str]]:
    """What moved most, what is farthest, then the lines of the agenda; each once, with its reason."""
    bouge = max(constats, key=lambda c: c.mouvement, default=None)
    ranges: dict[str, tuple[LigneDuBilan, str]] = {}
    if bouge and bouge.mouvement >= _A_BOUGE:
        sens = "+" if (bouge.part or 0) > (bouge.avant or 0) else "−"
        ranges[bouge.code] = bouge, f"ce qui a le plus bougé depuis {avant_dit} : {sens}{_points(bouge.mouvement)}"
    loin = max((c for c in constats if c.code not in ranges), key=lambda c: abs(c.ecart or 0), default=None)
    if loin and abs(loin.ecart or 0) >= _EST_LOIN:
        ranges[loin.code] = loin, f"le plus loin de son objectif : {_points(abs(loin.ecart or 0))}"
    par_code = {c.code: c for c in constats}
    for code in obligatoires:
        if code in par_code:
            ranges.setdefault(code, (par_code[code], ""))
    return list(ranges.values())


def _points(parts: float) -> str:
    return langue.effectif(round(100 * parts), "point")


def insert(suite: Sequence[Message], vue: Message) -> tuple[Message, ...]:
    """The sequence with this view after the others of its page; of a page that has none, after what the day puts
    before it."""
    memes = [i for i, m in enumerate(suite) if m.page == vue.page]
    avant = [i for i, m in enumerate(suite) if _JOURNEE.index(m.page) < _JOURNEE.index(vue.page)]
    rang = 1 + max(memes or avant, default=-1)
    return (*suite[:rang], vue, *suite[rang:])


def say_inconnu(
    *demandes: str, est_remplace: bool = False, champs: Sequence[str] = (), ou: str = "voir « Où aller ? »"
) -> str:
    """Of a link to what does not exist; `est_remplace`: a desk reads something else, or nothing, in these `champs`;
    else `ou` says where to choose: a room has a list of all that there is. A cut of another measure is called as on its
    button."""
    dites = [f"« {d} »" for d in dict.fromkeys(COUPES_DITES.get(demande, (demande,))[0] for demande in demandes)]
    suite = " : ce qui suit n’en tient pas compte, choisir autre chose" if est_remplace else f" : {ou}"
    dans = f" ({', '.join(champs)})" if champs else ""
    verbe = langue.agree(len(dites), "n’existe", "n’existent")
    return langue.typeset(f"Le lien demande {langue.liste(dites)}, qui {verbe} pas ici{suite}{dans}.")


def say(ou: str, seance: Seance, n: int, n_ajoutes: int, *, est_preparee: bool) -> str:
    """How many messages, and who chose them; `n_ajoutes`: those that nobody kept yet."""
    origine = "telle qu’elle a été préparée" if est_preparee else "proposée par les données et l’ordre du jour"
    vues = langue.effectif(n_ajoutes, "vue ajoutée à la main", "vues ajoutées à la main")
    ajoutes = f", avec {vues}, à garder" if n_ajoutes else ""
    montres = langue.effectif(n, "message")
    return f"La séance {seance} de {ou} montre **{montres}**, dans la séquence {origine}{ajoutes}."


def say_prete(
    publiees_le: datetime, duree: Duree, arretees: Sequence[str], tenue: date | None, n_points: int | None
) -> list[tuple[bool, str]]:
    """Whether the data and the agenda will do, before the room comes: good or not, and the sentence. `duree`: what the
    bails cover; `arretees`: which tables stop before them; `n_points`: of the agenda, that an ICI alone has."""
    couverture = f"les {duree} jugés" if duree.est_entiere else f"{duree} : aucun objectif ne se juge"
    dits = [(duree.est_entiere, f"Les données publiées le {langue.jour(publiees_le)} couvrent {couverture}.")]
    dits += [(False, dite) for dite in arretees]
    if n_points is not None:
        dits += [
            (tenue is not None, f"L’ICI se réunit le {langue.jour(tenue)}." if tenue else seances_tenues.A_FIXER),
            (True, f"L’ordre du jour de 10h30 compte {langue.effectif(n_points, 'point inscrit', 'points inscrits')}.")
            if n_points
            else (False, "Aucun point n’est inscrit à 10h30 : en retenir depuis Préparer › Blocages."),
        ]
    return [(est_bon, langue.typeset(dit)) for est_bon, dit in dits]


def write(messages: Iterable[Message]) -> dict[str, Any]:
    """As the journal keeps it; why a message is proposed is said again from the data of the day."""
    return {"messages": [{c: v for c, v in m.contenu().items() if c != "raison"} for m in messages]}


def read(contenu: Mapping[str, Any], proposes: Sequence[Message]) -> tuple[Message, ...]:
    """The sequence that was prepared."""
    raisons = {m.cle: m.raison for m in proposes}
    return tuple(replace(m, raison=raisons.get(m.cle, "")) for m in map(Message.depuis, contenu["messages"]))
