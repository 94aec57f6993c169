"""Decisions acted together: text, owner, deadline, the figure that will tell, and what each institution that was asked
says of it: who said nothing is named too."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from mel_core.entrepot import Entrepot, Portee
from mel_core.indicateurs import INDICATEURS, definitions, objectif_de
from mel_core.indicateurs.definitions import SENS_PAR_FRAGILITE, Mesure
from mel_core.journal import Auteur, Fiche, Inscrit, Journal
from mel_core.seance.coordination import blocages, presences, textes
from mel_core.seance.coordination.temoins import Temoin, TemoinIndicateur, TemoinPreuve, TemoinSegment
from mel_core.seance.engagements.engagement_pris import echeance_de
from mel_core.seance.verdict import MOIS, PART, CibleAEcheance, Direction, Valeur
from mel_core.socle import langue
from mel_core.socle.appellations import INSTITUTIONS, Appele
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Periode, Seance

OBJET = "decision"


class Position(Appele):
    """What an institution that was asked says of a decision (contract §1), from the form to the signature."""

    ACTE = "acte", "acté"
    RESERVE = "reserve", "avec réserve"
    RENVOYE = "renvoye", "renvoyé"
    ABSENT = "absent", "absent"
    ABSENT_AU_POINT = "absent_au_point", "absent à ce point"  # of who was noted present: read, never written
    NON_EXPRIMEE = "non_exprimee", "position non exprimée"


def is_actee(positions: Iterable[str]) -> bool:
    """Whether one of these takes act, with a reservation or without."""
    return not {Position.ACTE, Position.RESERVE}.isdisjoint(positions)


def situate_absents(positions: Mapping[str, Position], dites: presences.Presences) -> dict[str, Position]:
    """By code, with what the attendance tells: the absence of who is noted present is of the point alone, and who is
    excused is absent, where it says nothing."""
    lues = dict(positions)
    for code, position in positions.items():
        if position is Position.ABSENT and code in dites.presents:
            lues[code] = Position.ABSENT_AU_POINT
        elif position is Position.NON_EXPRIMEE and code in dites.excuses_absents:
            lues[code] = Position.ABSENT
    return lues


EXPRIMEES = frozenset({Position.ACTE, Position.RESERVE, Position.RENVOYE})


_SENS_DE_L_OBJECTIF = {
    definitions.Sens.PLANCHER: Direction.HAUSSE,
    definitions.Sens.PLAFOND: Direction.BAISSE,
    definitions.Sens.BANDE: Direction.BANDE,
}


def sens_de_l_objectif(temoin: Temoin | None) -> Direction | None:
    """Which way the law or the CIET wants the figure to go, whatever anybody types; what waits, is refused or stays
    vacant is to be brought down; None where nothing says it."""
    if isinstance(temoin, TemoinSegment | TemoinPreuve) or (temoin is not None and temoin.unite == MOIS):
        return Direction.BAISSE
    if not isinstance(temoin, TemoinIndicateur):
        return None
    indicateur = INDICATEURS[temoin.nom]
    sens = indicateur.sens
    if indicateur.mesure is Mesure.PART_PAR_FRAGILITE:
        classes = (temoin.cellule.get(coupe) for coupe in ("fragilite", "fragilite_commune"))
        sens = next((SENS_PAR_FRAGILITE[c] for c in classes if c in SENS_PAR_FRAGILITE), None)
    return None if sens is None else _SENS_DE_L_OBJECTIF[sens]


@dataclass(frozen=True)
class Decision(Inscrit):
    """`responsable`: who acts, by name, and `porteur`: by code; nobody has to while nobody takes act of it.
    `echeance`: at the latest the next ICI (`echeance_de`), later with a `motif_echeance`.

    `blocage`: the one that it answers (its identifiant), or none. `temoin`: the figure that will tell;
    `alors`: its value when the decision was acted; `cible`: the value aimed at (a share 0–1, months, or a count), and
    `sens` the way to it: that of the objective, else the one typed, else deduced from both. `bande`: how far from the
    target is still on it, when the objective is a band. `reserve`: what those who act with one say. `positions`:
    institution asked → its position. A text that nobody takes act of nor sends back is no decision: its item stays on
    the agenda.
    """

    seance: Seance
    ici: str
    texte: str
    responsable: str
    echeance: date
    motif_echeance: str = ""
    blocage: str = ""
    temoin: Temoin | None = None
    alors: Valeur | None = None
    cible: Fraction | None = None
    sens: Direction | None = None
    positions: Mapping[str, Position] = field(default_factory=dict)
    bande: Fraction = Fraction(0)
    porteur: str = ""
    reserve: str = ""

    def __post_init__(self) -> None:
        textes.check("Décision", self.texte)
        textes.check("Responsable", self.responsable, obligatoire=self.est_actee)
        if self.echeance <= self.seance.fin:
            raise AppelIncorrect(
                f"L’échéance du {langue.jour(self.echeance)} précède la fin de la séance {self.seance} : la repousser."
            )
        limite = echeance_de(self.seance)
        textes.check("Motif de l’échéance", self.motif_echeance, obligatoire=False)
        textes.check("Réserve", self.reserve, obligatoire=False)
        if self.echeance > limite and not self.motif_echeance.strip():
            raise AppelIncorrect(
                f"L’échéance dépasse la prochaine ICI ({langue.jour(limite)}) : dire pourquoi, ou la rapprocher."
            )
        for institution in self.positions:
            textes.check("Institution", institution)
        self._check_cible()

    def _check_cible(self) -> None:
        if self.temoin is None:
            if self.cible is not None or self.alors is not None:
                raise AppelIncorrect(
                    "La cible ne dit pas sur quel chiffre : choisir l’indicateur ou le segment témoin."
                )
            return
        if self.alors is None or self.alors.unite != self.temoin.unite:
            raise AppelIncorrect("Le chiffre témoin n’a pas été lu : recharger la page, puis acter la décision.")
        if self.cible is None:
            return
        check_cible(self.cible, self.temoin.unite)
        sens = sens_de_l_objectif(self.temoin) or self.sens or self._sens_deduit()
        object.__setattr__(self, "sens", sens)

    def _sens_deduit(self) -> Direction:
        """From the value to the target; a share that holds it already is to be kept, as a floor."""
        assert self.temoin is not None and self.alors is not None and self.cible is not None  # noqa: S101, PT018
        if self.alors.valeur is None:
            raise AppelIncorrect(
                "La cible ne dit pas si le chiffre doit monter ou baisser : choisir « au moins » ou « au plus »."
            )
        return Direction.HAUSSE if self.cible >= self.alors.valeur else Direction.BAISSE

    @property
    def est_actee(self) -> bool:
        """One institution at least takes act of it, with a reservation or without."""
        return is_actee(self.positions.values())

    @property
    def est_renvoyee(self) -> bool:
        """Sent back: one said so at least, and nobody took act of it, not even with a reservation."""
        return not self.est_actee and Position.RENVOYE in self.positions.values()

    @property
    def porteur_dit(self) -> str:
        """`Bailleur B1`; that it is to be confirmed when it was not there."""
        est_absent = self.positions.get(self.porteur or self.responsable) is Position.ABSENT
        return f"{self.responsable} (porteur absent : à confirmer)" if est_absent else self.responsable

    @property
    def qui_et_quand(self) -> str:
        """`Bailleur B1, d’ici le 30 juin 2018`; where nobody took act, whose fields bind nobody, to which séance."""
        if self.est_actee:
            return f"{self.porteur_dit}, d’ici le {langue.jour(self.echeance)}"
        quoi = "renvoyée" if self.est_renvoyee else "personne ne l’acte : reportée"
        return langue.typeset(f"{quoi} à la séance {self.seance.suivante}")

    @property
    def va_vers(self) -> Direction | None:
        """The way to the target; None without a target."""
        return None if self.cible is None else self.sens

    @property
    def but(self) -> CibleAEcheance | None:
        """Its target, in the unit and the direction of its measure, with what that was when it was set."""
        if self.temoin is None or self.cible is None or self.sens is None:
            return None
        est_su = self.alors is not None and self.alors.valeur is not None and self.alors.duree.est_entiere
        alors = (self.alors.valeur,) if est_su and self.alors and self.alors.valeur is not None else ()
        return CibleAEcheance(self.cible, self.temoin.unite, self.sens, self.echeance, self.bande, alors)

    @property
    def millesime(self) -> str:
        """The snapshot in which the figure was read; empty without one."""
        return self.alors.millesime if self.alors else ""


CIBLE_MAX = {PART: Fraction(1), MOIS: Fraction(120)}  # ten years: nobody aims at a longer wait


def check_cible(cible: Fraction, unite: str) -> None:
    """Raises `AppelIncorrect` for a target that its unit does not have."""
    if cible < 0 or cible > CIBLE_MAX.get(unite, cible):
        raise AppelIncorrect(
            "La cible d’une part est entre 0 et 100 %, celle d’un délai entre 0 et 120 mois, celle d’un nombre est "
            "positive : la corriger."
        )


Lue = tuple[Fiche, Decision]


def avec_temoin(
    decision: Decision,
    temoin: Temoin,
    cible: Fraction | None,
    entrepot: Entrepot,
    sens: Direction | None = None,
    precedente: Decision | None = None,
) -> Decision:
    """The decision with its figure, read at its own séance, and the band of the objective where it is one.

    `precedente`: the version that this one corrects. On the same figure the value of then stays the one that was acted,
    whatever was loaded since.
    """
    entrepot = entrepot.pour(decision.ici)
    alors = precedente.alors if precedente is not None and precedente.temoin == temoin else None
    impose, bande = sens_voulu(temoin, entrepot, decision.seance), Fraction(0)
    if isinstance(temoin, TemoinIndicateur) and cible is not None and impose is Direction.BANDE:
        with entrepot.open(Portee.mel(), decision.seance) as lecteur:
            objectif = objectif_de(lecteur, temoin.nom, Periode.de(decision.seance, temoin.etendue))
        bande = objectif.bande if objectif else bande
    alors = alors or temoin.read(entrepot, decision.seance)
    return replace(decision, temoin=temoin, alors=alors, cible=cible, sens=impose or sens, bande=bande)


def sens_voulu(temoin: Temoin | None, entrepot: Entrepot, seance: Seance) -> Direction | None:
    """`sens_de_l_objectif`, also for a place of one class of fragilité: its attributions at `seance` say which."""
    impose = sens_de_l_objectif(temoin)
    if impose is not None or not isinstance(temoin, TemoinIndicateur):
        return impose
    if INDICATEURS[temoin.nom].mesure is not Mesure.PART_PAR_FRAGILITE:
        return None
    classe = temoin.classe_de_fragilite(entrepot, seance)
    return _SENS_DE_L_OBJECTIF[SENS_PAR_FRAGILITE[classe]] if classe in SENS_PAR_FRAGILITE else None


def identifiant_de(journal: Journal, blocage: str) -> str:
    """One decision per blocage."""
    return journal.op_id_de(OBJET, blocage)


def read(journal: Journal, blocage: str) -> Lue | None:
    """The decision in force on a blocage; None until one is acted or sent back."""
    return Decision.find(journal, OBJET, identifiant_de(journal, blocage))


def act(
    journal: Journal, decision: Decision, auteur: Auteur, *, identifiant: str, op_id: str, version_vue: int = 0
) -> Fiche:
    """Write the decision, or its correction (`version_vue` ≥ 1). Raises `Perime`: the two texts are kept."""
    libres = {"Motif de l’échéance": decision.motif_echeance, "Réserve": decision.reserve}
    textes.refuse_personne({"Décision": decision.texte, **libres})
    return journal.write(OBJET, identifiant, decision.contenu(), auteur, op_id, version_vue)


def find_all(journal: Journal, **filtres: str) -> list[Lue]:
    """The decisions in force, oldest first. `filtres`: `seance`, `ici`, `blocage`."""
    return Decision.find_all(journal, OBJET, **filtres)


def sans_decision(journal: Journal, seance: Seance, ici: str) -> list[blocages.Lu]:
    """The items of the agenda that no decision answers, acted or sent back, in its order."""
    filtres = {"seance": str(seance), "ici": ici}
    decides = {d.blocage for _, d in find_all(journal, **filtres) if d.est_actee or d.est_renvoyee}
    points = blocages.ordre_du_jour(blocages.find_all(journal, **filtres))
    return [porteur for porteur, _ in points if porteur[0].identifiant not in decides]


def laisses(journal: Journal, seance: Seance, ici: str) -> list[blocages.Lu]:
    """What `seance`, and those before it, left for the next: not sorted, on its agenda without a decision, or sent
    back, and that was carried over to none yet (product.md). The oldest first."""
    lus = [(f, b) for f, b in blocages.find_all(journal, ici=ici) if b.seance.rang <= seance.suivante.rang]
    restes, reportes = _sans_suite(journal, {b.seance for _, b in lus}, ici), blocages.reports(journal, lus)
    laisses = [(f, b) for f, b in lus if f.identifiant in restes or b.etat is blocages.EtatBlocage.RECU]
    siens = [(f, b) for f, b in laisses if b.seance.rang <= seance.rang and f.identifiant not in reportes]
    return sorted(siens, key=lambda lu: lu[1].seance.rang)


def _sans_suite(journal: Journal, seances: Collection[Seance], ici: str) -> set[str]:
    """The blocages of these that were sent back, or were on the agenda without a decision."""
    renvoyes = {d.blocage for _, d in find_all(journal, ici=ici) if d.est_renvoyee}
    return renvoyes | {fiche.identifiant for s in seances for fiche, _ in sans_decision(journal, s, ici)}


def order(journal: Journal, seance: Seance, ici: str) -> list[Lue]:
    """The decisions of a séance, acted or sent back, in the order of its agenda, then those that answer no blocage,
    oldest first.

    The one order in which screens and documents number them.
    """
    filtres = {"seance": str(seance), "ici": ici}
    rangs = {fiche.identifiant: rang for rang, (fiche, _) in enumerate(blocages.find_all(journal, **filtres))}
    prises = [lue for lue in find_all(journal, **filtres) if lue[1].est_actee or lue[1].est_renvoyee]
    return sorted(prises, key=lambda lue: rangs.get(lue[1].blocage, len(rangs)))


def ask(
    journal: Journal,
    point: blocages.Lu | None,
    responsable: str,
    noms: Mapping[str, str],
    *,
    avec_concernes: bool = True,
) -> dict[str, str]:
    """Code → name of who takes position: who acts, the institutions, who reported (also what was merged), the bailleurs
    concerned, six communes at most; once each, whatever the codes of its name (Action Logement is an institution and a
    réservataire).

    `point`: the item that the decision answers; None when there is none. `noms`: of organisations, by code.
    `avec_concernes`: with those bailleurs, who were not always asked.
    """
    connus = {**INSTITUTIONS, **noms}
    visees = [*[code for code, nom in connus.items() if nom == responsable][:1], *INSTITUTIONS]
    if point is not None:
        fiche, blocage = point
        lus = blocages.find_all(journal, seance=str(blocage.seance), ici=blocage.ici)
        regroupes = [b for _, b in lus if b.rattache_a == fiche.identifiant]
        concernes = [b.bailleur for b in (blocage, *regroupes) if b.bailleur and avec_concernes]
        visees += [blocage.organisation, *(b.organisation for b in regroupes), *concernes]
        visees += blocage.secteur.communes[:6]
    par_nom: dict[str, str] = {}
    for code in visees:
        par_nom.setdefault(connus.get(code, code), code)
    return {code: nom for nom, code in par_nom.items()}


def read_positions(journal: Journal, decision: Decision, noms: Mapping[str, str]) -> dict[str, Position]:
    """Name of each institution that was asked, or answered → its position."""
    point = blocages.Blocage.find(journal, blocages.OBJET, decision.blocage) if decision.blocage else None
    # A bailleur concerned that was asked has its position written: an older text says nothing of it.
    demandees = ask(journal, point, decision.responsable, noms, avec_concernes=False)
    dites = presences.read(journal, decision.seance, decision.ici)[1]
    lues = situate_absents(dict.fromkeys(demandees, Position.NON_EXPRIMEE) | dict(decision.positions), dites)
    return {demandees.get(code, noms.get(code, code)): position for code, position in lues.items()}


def group_positions(par_nom: Mapping[str, Position]) -> list[tuple[str, str]]:
    """Each position that was taken, in words, and who took it: `("avec réserve", "Roubaix et Vilogia")`."""
    return [
        (position.titre, langue.liste([nom for nom, p in par_nom.items() if p == position]))
        for position in Position
        if position in par_nom.values()
    ]


def say_positions(par_nom: Mapping[str, Position]) -> str:
    """`Acté : MEL ; absent : Roubaix ; position non exprimée : AR-Habitat et Vilogia`."""
    phrase = langue.typeset(" ; ".join(f"{dite} : {qui}" for dite, qui in group_positions(par_nom)))
    return langue.capitalize(phrase)


def say_reserve(decision: Decision) -> str:
    """What those who act with a reserve say; empty where nobody does, or says."""
    dite = decision.reserve.strip() if Position.RESERVE in decision.positions.values() else ""
    return langue.typeset(f"« {dite} »") if dite else ""


def say_laissee(journal: Journal, point: blocages.Lu, noms: Mapping[str, str]) -> list[str]:
    """What each séance that the item comes from wrote of it, the last one first: also what it decided once the item had
    been carried over."""
    dites = []
    while (avant := blocages.origine(journal, point)) is not None:
        point = avant
        if notee := _say_notee(journal, point[0].identifiant, noms, f" lors de la séance {point[1].seance}"):
            dites.append(notee.strip())
    return dites


def say_notees(journal: Journal, point: blocages.Lu, noms: Mapping[str, str]) -> str:
    """After the finding of an item that has no decision: what its séance wrote of it, then those that it comes from."""
    avant = "".join(f" {dite}" for dite in say_laissee(journal, point, noms))
    return _say_notee(journal, point[0].identifiant, noms) + avant


def _say_notee(journal: Journal, blocage: str, noms: Mapping[str, str], quand: str = "") -> str:
    """A text, who was absent, who said nothing: of the one decision that a blocage has at most."""
    dites = []
    for _, d in find_all(journal, blocage=blocage):
        fait = "Décidé" if d.est_actee else "Renvoyé" if d.est_renvoyee else "Noté"
        texte, positions = d.texte.strip().removesuffix("."), say_positions(read_positions(journal, d, noms))
        dites.append(langue.typeset(f" {fait}{quand} : « {texte} ». {positions}."))
    return "".join(dites)
