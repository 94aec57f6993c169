"""An engagement acted in séance: for a segment, how many households housed by the next, kept in the journal.

When it falls due, what it became: its cohort accounted, the number held or not, why the list moved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from mel_core.entrepot import Entrepot, Portee
from mel_core.journal import Auteur, Fiche, Inscrit, Journal, Perime
from mel_core.seance import clotures, gardes
from mel_core.seance.engagements import cohortes
from mel_core.seance.engagements.cohortes import CLES, CROISE, Issue, bilan, bilan_par, decompose, follow
from mel_core.seance.verdict import (
    MENAGES,
    CibleAEcheance,
    Direction,
    Jugement,
    Mot,
    PasDeVerdict,
    Valeur,
    Verdict,
    couverts,
    judge,
)
from mel_core.secret.bail import reader
from mel_core.segments import SEGMENTS, Criteres, SegmentLibre
from mel_core.segments import find_all as find_demandes
from mel_core.segments.regles_segments import titre_de
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur
from mel_core.socle.periodes import Periode, Seance

OBJET = "engagement"
METROPOLE = ""
LIBRE = "libre"


@dataclass(frozen=True)
class Engagement(Inscrit):
    """What was acted: `nombre` households housed by `echeance`, of `segment` (of the contract, or LIBRE and its
    conditions in `libre`).

    `part`: when it was set as a share of `flux`, the attributions expected by then. `effectif`: households in the
    frozen `cohorte` (a name, see `cohortes`), on the reference date of `criteres`. `millesime`: the snapshot it was
    read in. `ici` is empty for the whole Métropole. `par_commune`, `par_bailleur`: how the number is shared out, each
    adding up to it; `par_cellule`, where it was decided so, by both (code of the commune, a space, that of the
    bailleur). `deja`: what the flow gave the segment already that day; None: unknown.
    """

    segment: str
    criteres: Criteres
    seance: Seance
    ici: str
    nombre: int
    flux: int
    effectif: int
    echeance: date
    millesime: str
    cohorte: str = ""
    part: Fraction | None = None
    par_commune: Mapping[str, int] = field(default_factory=dict)
    par_bailleur: Mapping[str, int] = field(default_factory=dict)
    libre: SegmentLibre | None = None
    deja: int | None = None
    par_cellule: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.segment not in SEGMENTS and (self.segment != LIBRE or self.libre is None):
            raise AppelIncorrect(f"Le segment « {self.segment} » n’existe pas : choisir parmi {', '.join(SEGMENTS)}.")
        if self.nombre < 1:
            raise AppelIncorrect("Un engagement porte sur au moins un ménage : déplacer le curseur, puis acter.")
        if self.nombre > min(self.flux, self.effectif):
            raise AppelIncorrect(
                f"L’engagement de {langue.effectif(self.nombre, 'ménage')} dépasse ce qui est possible "
                f"({langue.effectif(self.flux, 'attribution attendue', 'attributions attendues')}, "
                f"{langue.effectif(self.effectif, 'ménage')} dans le segment) : réduire le nombre."
            )
        if self.echeance <= self.criteres.jour:
            raise AppelIncorrect("L’échéance précède la date de référence : choisir une date qui la suit.")
        lieux = (("commune", self.par_commune), ("bailleur", self.par_bailleur))
        for nom, parts in (*lieux, ("commune et bailleur", self.par_cellule)):
            if parts and sum(parts.values()) != self.nombre:
                raise AppelIncorrect(
                    f"La répartition par {nom} ne fait pas {langue.effectif(self.nombre, 'ménage')} : la corriger."
                )

    @property
    def quoi(self) -> str | SegmentLibre:
        """What `mel_core.segments` counts and lists."""
        return self.libre if self.libre is not None else self.segment

    def titre(self, bailleurs: Mapping[str, str]) -> str:
        """The segment that it is about, as it is said. `bailleurs`: names by code."""
        if self.libre is not None:
            return f"Segment libre : {self.libre.phrase(bailleurs)}"
        return titre_de(self.segment, self.criteres.mois, self.criteres.n_min, self.criteres.fenetre)

    def partage(self, noms: Mapping[str, str]) -> TableauDuPartage | None:
        """How it is shared out, every place that was asked something, most first: a row per commune, with each bailleur
        there where it was decided by both; else communes and bailleurs side by side. None where it is not shared.
        `noms`: of communes and bailleurs, by code."""
        if not self.par_commune:
            return None
        de_quoi = langue.typeset(f"{self.titre(noms)}, {langue.effectif(self.nombre, 'ménage')} :")
        communes, bailleurs, cellules = map(_rank, (self.par_commune, self.par_bailleur, self.par_cellule))
        if not cellules:
            cotes = ([(noms.get(c, c), str(n)) for c, n in parts] for parts in (communes, bailleurs))
            lignes = [(*un, *autre) for un, autre in zip_longest(*cotes, fillvalue=("", ""))]
            return TableauDuPartage(de_quoi, ("Commune", "Ménages", "Bailleur", "Ménages"), lignes)
        chez: dict[str, list[str]] = {}
        for (commune, bailleur), n in ((lieu.split(), n) for lieu, n in cellules):
            chez.setdefault(commune, []).append(f"{noms.get(bailleur, bailleur)} ({n})")
        par_commune = [(noms.get(c, c), str(n), ", ".join(chez.get(c, ()))) for c, n in communes]
        return TableauDuPartage(de_quoi, ("Commune", "Ménages", "Par bailleur"), par_commune)

    def say(self, bailleurs: Mapping[str, str]) -> str:
        """What it binds to, by when, since which séance."""
        menages = langue.effectif(self.nombre, "ménage relogé", "ménages relogés")
        quand = f"d’ici le {langue.jour(self.echeance)} (engagement acté à la séance du {langue.seance(self.seance)})"
        return f"{self.titre(bailleurs)} : {menages} {quand}"


class TableauDuPartage(NamedTuple):
    """How an engagement is shared out, as a table: of what, its heads, its rows."""

    de_quoi: str
    tetes: tuple[str, ...]
    lignes: Sequence[tuple[str, ...]]


def _rank(parts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(parts.items(), key=lambda part: (-part[1], part[0]))


def say_acte(fiche: Fiche) -> str:
    """What was acted already, by whom and when."""
    engagement, auteur = Engagement.depuis(fiche), fiche.auteur
    qui = f"{auteur.nom} ({auteur.organisation})" if auteur.nom and auteur.organisation else ""
    return (
        f"Acté : {langue.effectif(engagement.nombre, 'ménage')} d’ici le {langue.jour(engagement.echeance)}, par "
        f"{qui or auteur.nom or auteur.organisation or 'un co-pilote'}, {langue.instant(fiche.instant)}."
    )


def echeance_de(seance: Seance) -> date:
    """The next ICI: the end of the semester that follows."""
    return seance.suivante.fin


def identifiant_de(
    journal: Journal, seance: Seance, ici: str, segment: str, criteres: Criteres, libre: str = ""
) -> str:
    """One engagement for a segment with its steps (`libre`: the conditions of a free one), in a séance and an ICI."""
    c = criteres
    return journal.op_id_de(OBJET, str(seance), ici, segment, libre, c.mois, c.n_min, c.fenetre)


def act(
    journal: Journal,
    dossier: Path,
    engagement: Engagement,
    cohorte: pd.DataFrame,
    auteur: Auteur,
    *,
    identifiant: str,
    op_id: str,
    version_vue: int = 0,
) -> Fiche:
    """Freeze `cohorte` (see `cohortes.pin`) in the store folder, then write the engagement that names it.

    Durable when it returns. The same `op_id` again gives the same entry, and leaves no second list behind.
    Raises `Perime` when somebody else changed it meanwhile: both texts are kept, and the list of each.
    """
    if len(cohorte) != engagement.effectif:
        raise AppelIncorrect(
            "La liste du segment a changé depuis qu’elle est à l’écran : recharger la page, puis acter."
        )
    nom = cohortes.keep(dossier, cohorte)
    try:
        fiche = journal.write(
            OBJET,
            identifiant,
            replace(engagement, cohorte=nom).contenu(),
            auteur,
            op_id=op_id,
            version_vue=version_vue,
            tires=("cohorte",),
        )
    except Perime:
        raise
    except BaseException:
        cohortes.withdraw(dossier, nom)
        raise
    if fiche.contenu.get("cohorte") != nom:
        cohortes.withdraw(dossier, nom)
    return fiche


def find_all(journal: Journal, **filtres: Any) -> list[tuple[Fiche, Engagement]]:
    """The engagements in force, oldest first, with their entry. `filtres`: `seance` and `ici`, as text."""
    return Engagement.find_all(journal, OBJET, **filtres)


@dataclass(frozen=True)
class EngagementJuge:
    """The accounting on `au`, the day the engagement is judged: its deadline, or the end of an earlier séance.

    `bilan`: the outcomes of its households, which add up to `n`; `par_lieu`: the same by each key of `cohorte.CLES`
    (see `bilan_par`). `n_loges`: those with a bail signed by then in the ICI of the engagement, as the flow that it was
    set on is counted; `n_trouves`: those that the data know.
    `mois_couverts`: by the bails and the events, of its window. `mouvement`: from the old list to that of `au` (see
    `cohorte.decompose`). `cloture`: when and why it is followed no more; empty while it is. No row of a person: a
    signature keeps it (`contenu`).
    """

    engagement: Engagement
    au: date
    n_trouves: int
    mois_couverts: int | None
    bilan: pd.DataFrame
    par_lieu: Mapping[str, pd.DataFrame]
    mouvement: pd.DataFrame
    cloture: str = ""

    @property
    def est_a_clore(self) -> bool:
        """Whether its deadline is past and it is not held: it comes back until somebody closes it."""
        return self.au == self.engagement.echeance and self.verdict.groupe != Mot.TENU

    def count(self, issue: Issue) -> int:
        return int(self.bilan.loc[self.bilan["issue"] == str(issue), "n"].sum())

    @property
    def n(self) -> int:
        return int(self.bilan["n"].sum())

    @property
    def n_loges(self) -> int:
        return self.count(Issue.RELOGE)

    @property
    def verdict(self) -> Jugement:
        e = self.engagement
        fenetre = Periode(e.criteres.jour + timedelta(days=1), self.au)
        mesure = Valeur(
            Fraction(self.n_loges),
            MENAGES,
            self.n,
            self.n_trouves,
            self.n - self.n_trouves,
            mois_couverts=self.mois_couverts,
            n_mois=fenetre.n_mois,
        )
        deja = () if e.deja is None else (Fraction(e.deja),)
        return judge(
            mesure, fenetre, CibleAEcheance(Fraction(e.nombre), MENAGES, Direction.HAUSSE, e.echeance, alors=deja)
        )

    @property
    def quand(self) -> str:
        """When its households were counted: a number that the data may not hold yet is that of the bails recorded."""
        return f"au {langue.jour(self.au)}" if isinstance(self.verdict, Verdict) else "dans les données publiées"

    def say(self) -> str:
        """`**343 relogés dans l’ICI 1** au … pour 300 annoncés, parmi 2 493 ménages figés le …`, then the verdict."""
        e, verdict = self.engagement, self.verdict
        loges, figes = reader().compte(self.n_loges), reader().compte(self.n)
        ou = f" dans l’{e.ici}" if e.ici else ""
        reserve = f" {verdict.reserve}" if verdict.reserve else ""
        return (
            f"**{langue.effectif(loges, 'relogé')}{ou}** {self.quand} pour {langue.effectif(e.nombre, 'annoncé')}, "
            f"parmi {langue.effectif(figes, 'ménage figé', 'ménages figés')} le {langue.jour(e.criteres.jour)} : "
            f"engagement **{verdict.say()}**{f', {self.cloture}' if self.cloture else ''}.{reserve}"
        )

    def contenu(self) -> dict[str, Any]:
        """As a signature keeps it."""
        tables = {"bilan": self.bilan, "mouvement": self.mouvement, **self.par_lieu}
        return {
            "au": self.au.isoformat(),
            "n_trouves": self.n_trouves,
            "mois_couverts": self.mois_couverts,
            "tables": {nom: t.drop(columns="part", errors="ignore").to_dict("list") for nom, t in tables.items()},
        }

    @classmethod
    def depuis(cls, contenu: Mapping[str, Any], engagement: Engagement) -> EngagementJuge:
        tables = {nom: pd.DataFrame(table) for nom, table in contenu["tables"].items()}
        return cls(
            engagement,
            date.fromisoformat(contenu["au"]),
            contenu["n_trouves"],
            contenu["mois_couverts"],
            tables["bilan"],
            {cle: tables[cle] for cle in (*CLES, CROISE) if cle in tables},
            tables["mouvement"],
        )


def answer(
    entrepot: Entrepot, journal: Journal, fiche: Fiche, engagement: Engagement, seance: Seance
) -> EngagementJuge | PasDeVerdict:
    """What `engagement` (acted as `fiche`) had become at `seance`, or when it fell due if it did before: as it was
    signed, else counted in the snapshot that serves that séance; why nothing is, when its list is no longer there."""
    jugee = min(seance, Seance.du(engagement.echeance))
    garde = gardes.read(journal, jugee, engagement.ici, fiche)
    try:
        juge = (
            EngagementJuge.depuis(garde, engagement)
            if garde
            else judge_engagement(entrepot.pour(engagement.ici), entrepot.dossier, engagement, jugee)
        )
    except ErreurUtilisateur as erreur:
        return PasDeVerdict(str(erreur).removesuffix("."))
    return replace(juge, cloture=clotures.say(journal, fiche.identifiant, seance, "clos"))


def rouverts(
    journal: Journal,
    seance: Seance,
    ici: str,
    juger: Callable[[Fiche, Engagement], EngagementJuge | PasDeVerdict],
) -> list[tuple[Fiche, Engagement, EngagementJuge | PasDeVerdict]]:
    """The engagements of the séance before, and earlier ones that are not held: one is followed until it is, or is
    closed. What was signed reopens what it was signed with. `juger`: see `answer`."""
    siens = {f.identifiant for f, _ in a_rouvrir(journal, seance, ici)}
    est_signee = gardes.est_signee(journal, seance, ici)
    lus = [
        (f, e, juger(f, e))
        for f, e in find_all(journal, ici=ici)
        if f.identifiant in siens
        or (not est_signee and e.seance < seance and not clotures.est_close_avant(journal, f.identifiant, seance))
    ]
    return [(f, e, r) for f, e, r in lus if f.identifiant in siens or _reste_a_tenir(r)]


def a_rouvrir(journal: Journal, seance: Seance, ici: str) -> list[tuple[Fiche, Engagement]]:
    """As the journal alone tells: those of the séance before, and those that the signature of `seance` kept."""
    gardees = gardes.kept(journal, seance, ici)
    return [
        (f, e)
        for f, e in find_all(journal, ici=ici)
        if e.seance == seance.precedente or (e.seance < seance and f.identifiant in gardees)
    ]


def _reste_a_tenir(resultat: EngagementJuge | PasDeVerdict) -> bool:
    """Without its frozen list nothing will ever tell."""
    return isinstance(resultat, EngagementJuge) and resultat.verdict.groupe != Mot.TENU


def keep(entrepot: Entrepot, journal: Journal, seance: Seance, ici: str) -> dict[str, Any]:
    """The accounting of each engagement that reopens, for the signature of `seance`."""
    lus = rouverts(journal, seance, ici, lambda f, e: answer(entrepot, journal, f, e, seance))
    return {f.identifiant: {"version": f.version, **r.contenu()} for f, _, r in lus if isinstance(r, EngagementJuge)}


def judge_engagement(entrepot: Entrepot, dossier: Path, engagement: Engagement, seance: Seance) -> EngagementJuge:
    """The accounting of `engagement` at `seance`, in the snapshot that serves it.

    A household is looked for in the whole Métropole: it may be housed in another ICI. Raises `ErreurUtilisateur` when
    the frozen list is no longer there.
    """
    c = engagement.criteres
    avant, au = c.jour, min(seance.fin, engagement.echeance)
    cohorte = cohortes.reread(dossier, engagement.cohorte)
    with entrepot.open(Portee.mel(), seance) as lecteur:
        suivie = follow(lecteur, cohorte, avant, au, engagement.ici)
        mois = couverts(lecteur, Periode(avant + timedelta(days=1), au), "attributions", "evenements")
    portee = Portee.mel() if engagement.ici == METROPOLE else Portee.ici(engagement.ici)
    with entrepot.open(portee, seance) as lecteur:
        nouvelle = find_demandes(lecteur, engagement.quoi, Criteres(au, c.mois, c.n_min, c.fenetre))
    return EngagementJuge(
        engagement,
        au,
        int(suivie["est_trouvee"].sum()),
        mois,
        bilan(suivie),
        {cle: bilan_par(suivie, cle) for cle in (*CLES, *([CROISE] if engagement.par_cellule else []))},
        decompose(suivie, nouvelle, avant),
    )
