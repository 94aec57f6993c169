"""The one gate of what is judged over time (contract §4): a verdict, or why there is none.

Nothing else builds a `Verdict`, nor writes its words: 9h00, 10h30, the engagements and the documents ask `judge`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from mel_core.entrepot import Lecteur
from mel_core.indicateurs.comptage import duree
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.indicateurs.phrases_constats import TROP_FAIBLE_DIT
from mel_core.journal import Inscrit
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.periodes import Periode
from mel_core.socle.valeurs import Duree

PART, MOIS, DEMANDES, MENAGES = "part", "mois", "demandes", "menages"
PART_TROUVEE = Fraction(95, 100)  # of a cohort, under which it is not found (contract §4)
SANS, RESTE, DIT = "sans verdict", "reste à renseigner", "dit en séance"
DEJA_AUJOURD_HUI = "déjà atteint aujourd’hui"
PAR_LE_FLUX = "Déjà atteint sans rien décider : le flux en loge autant, ou plus."


class Mot(StrEnum):
    """What is said of a result: of a target, of an engagement, then by people alone, where no figure tells."""

    ATTEINT = "atteint"
    NON_ATTEINT = "non_atteint"
    TENU = "tenu"
    NON_TENU = "non_tenu"
    EN_PROGRES = "en_progres"
    SANS_EFFET = "sans_effet"
    ELOIGNE = "eloigne"


MOTS = {
    Mot.ATTEINT: "atteint",
    Mot.NON_ATTEINT: "non atteint",
    Mot.TENU: "tenu",
    Mot.NON_TENU: "non tenu",
    Mot.EN_PROGRES: "en progrès",
    Mot.SANS_EFFET: "sans effet mesurable",
    Mot.ELOIGNE: "s’éloigne",
}
DE_VIVE_VOIX = (Mot.ATTEINT, Mot.EN_PROGRES, Mot.SANS_EFFET, Mot.ELOIGNE)
_GROUPES = {
    Mot.ATTEINT: ("à sa cible", "à leur cible"),
    Mot.NON_ATTEINT: ("hors de sa cible", "hors de leur cible"),
    Mot.NON_TENU: ("non tenu", "non tenus"),
    Mot.TENU: ("tenu", "tenus"),
    DIT: ("dite en séance", "dites en séance"),
    RESTE: ("qui reste à renseigner", "qui restent à renseigner"),
    SANS: (SANS, SANS),
}


class Direction(StrEnum):
    """Which way the figure should go: at least the target, at most the target, or around it."""

    HAUSSE = "hausse"
    BAISSE = "baisse"
    BANDE = "bande"


@dataclass(frozen=True)
class Valeur(Inscrit):
    """What was read. `valeur` is exact: a share as numérateur / n_connus, months or a count; None when unknown.

    `n`, `n_connus`, `n_inconnus`, `numerateur`: the counts of the cell (a segment has `n` only; of a cohort, `n_connus`
    are those found in the data). `unite`: part, mois, demandes or menages. `millesime`: the snapshot it was read in.
    `motif`: why there is no value, in a sentence. `quoi`: what `n_connus` counts, one of `temoins.COMPTES`.
    `mois_couverts` of the `n_mois` of its window, by each table that it reads (contract §2; None: not kept).
    """

    valeur: Fraction | None
    unite: str
    n: int = 0
    n_connus: int = 0
    n_inconnus: int = 0
    numerateur: int = 0
    millesime: str = ""
    motif: str = ""
    quoi: str = "attribution"
    mois_couverts: int | None = None
    n_mois: int = 0

    @property
    def duree(self) -> Duree:
        """How much of its window the data cover."""
        return Duree(self.n_mois, self.mois_couverts)


@dataclass(frozen=True)
class CibleAEcheance:
    """What is aimed at by `echeance`: `valeur` in `unite`, the way `sens`, `bande` around it. `alors`: what the measure
    was the day that it was set, read then and read again since; empty when unknown."""

    valeur: Fraction
    unite: str
    sens: Direction
    echeance: date
    bande: Fraction = Fraction(0)
    alors: tuple[Fraction, ...] = ()

    def reste(self, valeur: Fraction) -> Fraction:
        """How far `valeur` is from the target, 0 once it is reached or passed on the right side."""
        manque, exces = self.valeur - self.bande - valeur, valeur - self.valeur - self.bande
        if self.sens is Direction.BANDE:
            return max(manque, exces, Fraction(0))
        return max(manque if self.sens is Direction.HAUSSE else exces, Fraction(0))


@dataclass(frozen=True)
class Verdict:
    """Built by this module alone. `etait_deja`: the target was met already the day that it was set."""

    mot: Mot
    etait_deja: bool = False

    @property
    def signe(self) -> str:
        """A verdict is a word with its sign, never a colour."""
        return "●" if self.mot in (Mot.ATTEINT, Mot.TENU) else "○"

    @property
    def groupe(self) -> str:
        return self.mot

    @property
    def reserve(self) -> str:
        """What is said beside it; empty where nothing is."""
        return "La cible était déjà atteinte le jour où elle a été fixée." if self.etait_deja else ""

    def say(self) -> str:
        return MOTS[self.mot]


@dataclass(frozen=True)
class PasDeVerdict:
    """`motif`: why, in words, `comptes` in place of its `{}`. `groupe`: no verdict (`SANS`), nobody told what no figure
    tells (`RESTE`), or what somebody told (`DIT`)."""

    motif: str
    comptes: tuple[int, ...] = ()
    groupe: str = SANS
    signe = "?"
    reserve = ""

    def say(self) -> str:
        """`sans verdict : …`, `reste à renseigner`, or `atteint, dit en séance`."""
        if self.groupe == RESTE:
            return RESTE
        dit = self.motif.format(*(langue.nombre(reader().compte(n)) for n in self.comptes))
        return f"{dit}, {DIT}" if self.groupe == DIT else langue.typeset(f"{SANS} : {dit}")


Jugement = Verdict | PasDeVerdict
CLOSE = PasDeVerdict("close", groupe=DIT)  # a decision that a co-pilot closed, which is followed no more


def couverts(lecteur: Lecteur, periode: Periode, *tables: str) -> int | None:
    """The months of `periode` that each of `tables` covers, at the least; None when a frozen séance did not keep it."""
    mois = [duree(lecteur, periode, table).couverts for table in tables]
    return None if None in mois else min(m for m in mois if m is not None)


def judge(mesure: Valeur | None, fenetre: Periode, cible: CibleAEcheance | None) -> Jugement:
    """Whether `mesure`, read over the window that ends with `fenetre`, meets `cible`; else the first reason why nothing
    is concluded. Exact fractions, never a rounded share."""
    if mesure is None or cible is None or mesure.valeur is None:
        return PasDeVerdict(mesure.motif if mesure else "", groupe=RESTE)
    if mesure.unite != cible.unite:
        return PasDeVerdict("la cible n’est pas dans l’unité de ce qui est mesuré")
    if mesure.mois_couverts is None:
        return PasDeVerdict("rien ne dit quels mois les données couvrent")
    if not mesure.duree.est_entiere:
        return PasDeVerdict(f"les données ne couvrent que {mesure.duree}")
    if mesure.unite == MENAGES and mesure.n_connus < PART_TROUVEE * mesure.n:
        return PasDeVerdict("introuvables sous leur numéro d’alors : {} sur {}", (mesure.n - mesure.n_connus, mesure.n))
    if mesure.unite == PART and mesure.n_connus < EFFECTIF_MINIMAL:
        return PasDeVerdict(TROP_FAIBLE_DIT)
    est_atteinte = cible.reste(mesure.valeur) == 0
    if not est_atteinte and cible.echeance > fenetre.fin:
        return PasDeVerdict(f"en cours jusqu’au {langue.jour(cible.echeance)}")
    oui, non = (Mot.TENU, Mot.NON_TENU) if mesure.unite == MENAGES else (Mot.ATTEINT, Mot.NON_ATTEINT)
    return Verdict(oui if est_atteinte else non, any(cible.reste(v) == 0 for v in cible.alors))


def share(jugement: Jugement, n: int, promis: int) -> Jugement:
    """Of a place, its part of an engagement: judged where the whole engagement is."""
    if isinstance(jugement, PasDeVerdict):
        return jugement
    return Verdict(Mot.TENU if n >= promis else Mot.NON_TENU)


def count_up(jugements: Sequence[Jugement], nom: str = "") -> list[str]:
    """`**1 engagement non tenu**`, `**2 à leur cible**`: how many of each. `nom`: of what."""
    comptes = [(sum(j.groupe == groupe for j in jugements), *mots) for groupe, mots in _GROUPES.items()]
    return [
        f"**{langue.effectif(n, nom) if nom else langue.nombre(n)} {langue.agree(n, un, des)}**"
        for n, un, des in comptes
        if n
    ]


def say_lieux(comptes: Sequence[tuple[int, int, int, str]]) -> str:
    """`**3 communes sur 8** et **0 bailleur sur 1** tiennent leur part ; 12 communes ne se jugent pas`; empty when
    none may be judged.

    `comptes`: how many hold theirs, how many are judged, how many more had one, what they are (commune, bailleur).
    """
    juges = [(n, total, quoi) for n, total, _, quoi in comptes if total]
    if not juges:
        return ""
    dits = langue.liste([f"**{langue.effectif(n, quoi)} sur {langue.nombre(total)}**" for n, total, quoi in juges])
    un_seul = len(juges) == 1 and langue.agree(juges[0][0], "un", "des") == "un"
    verbe = "tient sa part" if un_seul else "tiennent leur part"
    autres = [(tus, quoi) for _, _, tus, quoi in comptes if tus]
    pas = langue.agree(sum(tus for tus, _ in autres), "ne se juge pas", "ne se jugent pas")
    reste = f" ; {langue.liste([langue.effectif(tus, quoi) for tus, quoi in autres])} {pas}" if autres else ""
    return f"{dits} {verbe}{reste}."
