"""What an officer writes beside a line of a list: the outcome of a contact, kept in the journal, version after version.

No pseudonym enters the chain: an outcome is named by a keyed digest of it, and of the organisation that writes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from mel_core.journal import Auteur, Fiche, Inscrit, Journal
from mel_core.segments.compilation import MenagesRetenus
from mel_core.socle import langue
from mel_core.socle.appellations import Appele
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance

OBJET = "suite"
BROUILLON = "brouillon-suite"  # a note that is being typed; `menages`: as `identifiant` names those it is about


class Code(Appele):
    """What came of a household of a list, as its officer notes it, and as it is said."""

    CONTACTE = "contacte", "contacté"
    A_RENOUVELER = "a_renouveler", "à renouveler"
    SOUHAITS_ELARGIS = "souhaits_elargis", "souhaits élargis"
    POSITIONNE = "positionne", "positionné"
    DERRIERE = "derriere", "classé derrière un autre"
    REFUS = "refus", "a refusé"
    RELOGE = "reloge", "relogé"
    PLUS_DE_BESOIN = "plus_de_besoin", "plus de besoin"
    RADIE = "radie", "demande radiée"
    TOUJOURS_BLOQUE = "toujours_bloque", "toujours bloqué"


TITRES = {code: code.titre for code in Code}

# Why it is still blocked: a closed list, so that causes add up.
CAUSES = {
    "offre": "pas d’offre là où il demande",
    "typologie": "typologie trop rare",
    "loyer": "loyer au-dessus de ses ressources",
    "dossier": "dossier incomplet",
    "injoignable": "injoignable",
    "dette": "dette ou contentieux locatif",
    "handicap": "logement adapté introuvable",
    "autre": "autre cause",
}
# Why it was refused, when the household says.
CAUSES_DU_REFUS = {
    "quartier": "quartier ou commune",
    "logement": "taille ou état du logement",
    "acces": "étage ou accès",
    "loyer": "loyer et charges",
    "moment": "ne veut plus partir maintenant",
    "autre": "autre cause",
    "non_dite": "cause non dite",
}
CAUSES_DE = {Code.TOUJOURS_BLOQUE: CAUSES, Code.REFUS: CAUSES_DU_REFUS}

# What comes next, with its day.
ETAPES = {
    "rappeler": "rappeler le ménage",
    "renouveler": "faire renouveler la demande",
    "pieces": "obtenir les pièces",
    "souhaits": "revoir les souhaits",
    "label": "vérifier le label",
    "contingent": "désigner sur un contingent",
    "commission": "suivre le passage en commission",
}
NOTE_MAX = 200  # signs
CLOSES = (Code.RELOGE, Code.PLUS_DE_BESOIN, Code.RADIE)  # nothing comes next

# What a list may be narrowed to, by what was noted of its households.
RELANCER, SANS_SUITE, TRAITEES, VENUES = "a_relancer", "sans_suite", "traitees", "venues"
CHOIX: dict[str, str] = {
    "": "toutes",
    SANS_SUITE: "à traiter",
    RELANCER: "à relancer",
    TRAITEES: "déjà traitées",
    VENUES: "venues depuis la dernière fois",
} | {str(c): t for c, t in TITRES.items()}

# What a list may be sorted by, of what was noted. TRAVAIL: what is to do first.
TRAVAIL = "travail"
TRIS = {TRAVAIL: "À traiter d’abord", "suite": "Suite", "etape": "Prochaine étape", "echeance": "Pour le"}
TRIS |= {"instant": "Suite notée le", "auteur": "Notée par", "note": "Note"}

RETIREE = "retiree"  # the code of an outcome that is taken back: what was noted, and by whom, stays in the journal


class SuitesConnues(dict[str, tuple[Fiche, "Suite"]]):
    """The latest outcome of each household that has one, with its entry. `retirees`: the entry that took it back, of
    each household that is as if nothing was ever noted of it."""

    def __init__(self) -> None:
        super().__init__()
        self.retirees: dict[str, Fiche] = {}

    def version(self, pseudonyme: str) -> int:
        """What a write must have seen: 0 where nothing was ever noted."""
        fiche = self[pseudonyme][0] if pseudonyme in self else self.retirees.get(pseudonyme)
        return fiche.version if fiche else 0


@dataclass(frozen=True)
class Suite(Inscrit):
    """One outcome. `cause` (of `CAUSES_DE` its code) goes with `toujours_bloque`, and may go with a refusal; `etape`
    (of ETAPES), what comes next, goes with its day, `echeance`, and not with an outcome that ends the matter. `note`:
    a free text for who works on the list, which no room reads."""

    code: Code
    organisation: str
    segment: str
    seance: Seance
    cause: str = ""
    etape: str = ""
    echeance: date | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.code not in TITRES:
            raise AppelIncorrect(f"La suite « {self.code} » n’existe pas : choisir parmi {', '.join(TITRES.values())}.")
        object.__setattr__(self, "code", Code(self.code))
        if not self.organisation:
            raise AppelIncorrect("La suite ne dit pas qui l’écrit : choisir une commune ou un bailleur.")
        if self.code is Code.TOUJOURS_BLOQUE and self.cause not in CAUSES:
            raise AppelIncorrect("« Toujours bloqué » demande une cause : la choisir dans la liste.")
        if self.cause and self.cause not in CAUSES_DE.get(self.code, {}):
            raise AppelIncorrect(f"Cette cause ne va pas avec « {self.code.titre} » : l’effacer, ou changer la suite.")
        if len(self.note) > NOTE_MAX:
            raise AppelIncorrect(f"La note dépasse {NOTE_MAX} signes : la raccourcir.")
        if self.etape and self.etape not in ETAPES:
            raise AppelIncorrect(f"L’étape « {self.etape} » n’existe pas : choisir parmi {', '.join(ETAPES.values())}.")
        if bool(self.etape) is (self.echeance is None):
            raise AppelIncorrect("Une prochaine étape va avec sa date : donner les deux, ou aucune.")
        if self.etape and self.code in CLOSES:
            raise AppelIncorrect(f"« {TITRES[self.code]} » n’attend plus rien : enlever l’étape, ou changer la suite.")

    def est_a_relancer(self, jour: date) -> bool:
        """Whether the day of what comes next has come."""
        return self.echeance is not None and self.echeance <= jour

    @property
    def dite(self) -> str:
        """`contacté`, `toujours bloqué : typologie trop rare`."""
        return f"{TITRES[self.code]} : {CAUSES_DE[self.code][self.cause]}" if self.cause else TITRES[self.code]

    @property
    def etape_dite(self) -> str:
        """`rappeler le ménage le 3 janvier 2018`; empty when nothing comes next."""
        return f"{ETAPES[self.etape]} le {langue.jour(self.echeance)}" if self.echeance else ""

    @classmethod
    def depuis(cls, ecrit: Fiche | Mapping[str, Any]) -> Self:
        contenu = ecrit.contenu if isinstance(ecrit, Fiche) else ecrit
        return super().depuis({**contenu, "echeance": contenu.get("echeance") or None})  # once, an empty text


def identifiant(journal: Journal, organisation: str, pseudonyme: str) -> str:
    """The name of the outcome of a household for an organisation: says nothing without the key of the journal."""
    return journal.op_id_de(OBJET, organisation, pseudonyme)


def write(
    journal: Journal, pseudonyme: str, suite: Suite, auteur: Auteur, *, op_id: str, version_vue: int = 0
) -> Fiche:
    """Write an outcome; durable when it returns. Raises `Perime` when a colleague wrote another meanwhile."""
    nom = identifiant(journal, suite.organisation, pseudonyme)
    return journal.write(OBJET, nom, suite.contenu(), auteur, op_id=op_id, version_vue=version_vue)


def withdraw(journal: Journal, pseudonyme: str, suite: Suite, auteur: Auteur, *, op_id: str, version_vue: int) -> Fiche:
    """Take back an outcome that was noted: the line is as if it never was, the journal keeps both. Durable when it
    returns. Raises `Perime` when a colleague wrote another meanwhile."""
    nom = identifiant(journal, suite.organisation, pseudonyme)
    contenu = {"code": RETIREE, "organisation": suite.organisation, "seance": str(suite.seance)}
    return journal.write(OBJET, nom, contenu, auteur, op_id=op_id, version_vue=version_vue)


def _fiches(journal: Journal, organisation: str) -> dict[str, Fiche]:
    return {f.identifiant: f for f in journal.find_all(OBJET, organisation=organisation) if not f.effacee}


def names(journal: Journal, organisation: str) -> tuple[str, ...]:
    """What the journal calls the outcomes of an organisation: see `identifiant`."""
    return tuple(_fiches(journal, organisation))


def find_notees(journal: Journal, organisation: str, pseudonymes: Iterable[str], notees: Collection[str]) -> list[str]:
    """Those of `pseudonymes` whose outcome is one of `notees`."""
    nommer, connues = journal.op_ids_de(OBJET, organisation), frozenset(notees)
    return [p for p in pseudonymes if nommer(p) in connues] if connues else []


def read(journal: Journal, organisation: str, pseudonymes: Iterable[str]) -> SuitesConnues:
    """What was noted last of `pseudonymes`, and what was taken back."""
    fiches = _fiches(journal, organisation)
    trouvees = SuitesConnues()
    for pseudonyme in pseudonymes if fiches else ():
        fiche = fiches.get(identifiant(journal, organisation, pseudonyme))
        if fiche is not None and fiche.contenu["code"] == RETIREE:
            trouvees.retirees[pseudonyme] = fiche
        elif fiche is not None:
            trouvees[pseudonyme] = (fiche, Suite.depuis(fiche))
    return trouvees


def n_a_relancer(journal: Journal, organisation: str, jour: date) -> int:
    """Of how many households of `organisation` the day of the next step has come, demandeurs or no longer."""
    fiches = journal.find_all(OBJET, organisation=organisation)
    return sum(Suite.depuis(f).est_a_relancer(jour) for f in fiches if f.contenu["code"] != RETIREE)


def a_relancer(connues: SuitesConnues, jour: date) -> frozenset[str]:
    """The households of which the day of the next step has come."""
    return frozenset(p for p, (_, suite) in connues.items() if suite.est_a_relancer(jour))


def est_a_faire(connues: SuitesConnues, menage: str, jour: date) -> bool:
    """Whether a line of a list waits for somebody: nothing was noted of it, or the day of its next step has come."""
    return menage not in connues or connues[menage][1].est_a_relancer(jour)


def rank(
    tri: str, connues: SuitesConnues, jour: date, venues: Collection[str] = ()
) -> tuple[dict[str, int], int | None]:
    """The place of households in a list sorted by `tri` (of TRIS), and that of all the others (None: the last).

    TRAVAIL: those to call again, the longest due first, then those that came (`venues`), the others without an
    outcome, those that have one.
    """
    if tri == TRAVAIL:
        dues = {p: str(connues[p][1].echeance) for p in a_relancer(connues, jour)}
        jours = sorted(set(dues.values()))
        n = len(jours)
        places = {p: jours.index(dues[p]) if p in dues else n + 2 for p in connues}
        return dict.fromkeys(venues, n) | places, n + 1
    lus = {p: _valeur(tri, *connue) for p, connue in connues.items()}
    places = {valeur: rang for rang, valeur in enumerate(sorted({v for v in lus.values() if v}))}
    return {p: places[v] for p, v in lus.items() if v}, None


def _valeur(tri: str, fiche: Fiche, suite: Suite) -> str:
    """What a household is sorted by, as a text."""
    if tri in ("auteur", "instant"):
        return fiche.auteur.nom if tri == "auteur" else fiche.instant.isoformat()
    dits = {"suite": suite.dite, "etape": ETAPES.get(suite.etape, ""), "note": suite.note}
    return dits[tri] if tri in dits else str(suite.echeance or "")


def select(choix: str, connues: SuitesConnues, jour: date, venues: Collection[str] = ()) -> MenagesRetenus | None:
    """The households that a choice (of CHOIX) keeps; None: all of them. `venues`: those that came."""
    if not choix:
        return None
    if choix == VENUES:
        return MenagesRetenus(frozenset(venues))
    if choix in (SANS_SUITE, TRAITEES):
        return MenagesRetenus(frozenset(connues), est_hors=choix == SANS_SUITE)
    if choix == RELANCER:
        return MenagesRetenus(a_relancer(connues, jour))
    return MenagesRetenus(frozenset(p for p, (_, suite) in connues.items() if suite.code == choix))


A_COCHER = (
    "Cocher une ou plusieurs lignes pour noter leur suite (au clavier : les flèches, Espace coche, Entrée va à la "
    "suite, Ctrl + Entrée la note)."
)


NOTE_INCONNUE = "La note que demande ce lien n’existe pas, ou n’est pas la vôtre : aucune ligne n’est cochée."
A_CONFIRMER = "Cocher « noter quand même » pour noter la suite."


def say_manque(code: str, cause: str) -> str:
    """What is to be chosen before an outcome is noted; empty once it may be."""
    if code and (cause or code not in CAUSES_DE):
        return ""
    return "Choisir la cause pour noter la suite." if code else "Choisir la suite pour la noter."


def say_notees(n: int) -> str:
    """Of lines that are ticked."""
    cochees = langue.effectif(n, "ménage coché", "ménages cochés")
    return f"{cochees} {langue.agree(n, 'a', 'ont')} déjà une suite : noter la remplace."


def say_bilan(quoi: str, n: int, n_refusees: int, ensuite: str = "") -> str:
    """What was done (`quoi`) of how many lines, what comes next, how many somebody else changed meanwhile."""
    relire = f" {langue.effectif(n_refusees, 'ligne')} : un collègue a noté autre chose entre-temps, la relire."
    return f"{quoi} pour {langue.effectif(n, 'ménage')}.{ensuite if n else ''}{relire if n_refusees else ''}"


def say_journee(n_a_relancer: int, n_venues: int, n_sans_suite: int, depuis: date | None) -> str:
    """What is to do of a list, after its sentence: due, come since `depuis`, the day that it was last opened before
    today (None: never), without an outcome. Nothing of one that is new, where nothing is due."""
    quand = f"{langue.agree(n_venues, 'venue')} depuis le {langue.jour(depuis)}" if depuis else ""
    dits = [(n_a_relancer, "à relancer"), (n_venues, quand), (n_sans_suite, "sans suite")]
    dites = [f"**{langue.nombre(n)}** {dit}" for n, dit in dits if n]
    return f" {langue.liste(dites)}." if dites and (n_a_relancer or depuis) else ""


def say_traitees(n: int) -> str:
    """Of a list, how many lines have an outcome."""
    return langue.typeset(f"Déjà traitées : {langue.nombre(n)}")


def say_closes(n: int) -> str:
    """Of lines that are ticked, how many demandes no longer stand: asked before an outcome is noted of them."""
    dites = langue.effectif(n, "demande cochée n’est plus active", "demandes cochées ne sont plus actives")
    return f"{dites} : noter quand même"


def say_a_relancer(n: int) -> str:
    """The rule of a list of every household whose next step is due, after how many they are."""
    return f"{langue.agree(n, 'est', 'sont')} à relancer, tous segments confondus"
