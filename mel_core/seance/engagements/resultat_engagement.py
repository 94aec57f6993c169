"""What an engagement became when it fell due: its cohort accounted, the number held or not, why the list moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from mel_core.entrepot import Entrepot, Portee
from mel_core.journal import Fiche, Journal
from mel_core.seance import gardes
from mel_core.seance.engagements import conservation
from mel_core.seance.engagements.cohorte import CLES, Issue, bilan, bilan_par, decompose, follow
from mel_core.seance.engagements.engagement_pris import METROPOLE, Engagement, find_all
from mel_core.seance.verdict import MENAGES, Cible, Jugement, PasDeVerdict, Sens, Valeur, Verdict, couverts, judge
from mel_core.secret.bail import reader
from mel_core.segments import Criteres
from mel_core.segments import find_all as find_demandes
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Periode, Seance


@dataclass(frozen=True)
class ResultatEngagement:
    """The accounting on `au`, the day the engagement is judged: its deadline, or the end of an earlier séance.

    `bilan`: the outcomes of its households, which add up to `n`; `par_lieu`: the same by each key of `cohorte.CLES`
    (see `bilan_par`). `n_loges`: those with a bail signed by then in the ICI of the engagement, as the flow that it was
    set on is counted; `n_trouves`: those that the data know.
    `mois_couverts`: by the bails and the events, of its window. `mouvement`: from the old list to that of `au` (see
    `cohorte.decompose`). No row of a person: a signature keeps it (`contenu`).
    """

    engagement: Engagement
    au: date
    n_trouves: int
    mois_couverts: int | None
    bilan: pd.DataFrame
    par_lieu: Mapping[str, pd.DataFrame]
    mouvement: pd.DataFrame

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
        return judge(mesure, fenetre, Cible(Fraction(e.nombre), MENAGES, Sens.HAUSSE, e.echeance, alors=deja))

    def say(self) -> str:
        """`**343 relogés dans l’ICI 1** au … pour 300 annoncés, parmi 2 493 ménages figés le …`, then the verdict; a
        number that the data may not hold yet is that of the bails recorded."""
        e, verdict = self.engagement, self.verdict
        loges, figes = reader().compte(self.n_loges), reader().compte(self.n)
        ou = f" dans l’{e.ici}" if e.ici else ""
        quand = f"au {langue.jour(self.au)}" if isinstance(verdict, Verdict) else "dans les données publiées"
        reserve = f" {verdict.reserve}" if verdict.reserve else ""
        return (
            f"**{langue.effectif(loges, 'relogé')}{ou}** {quand} pour {langue.effectif(e.nombre, 'annoncé')}, parmi "
            f"{langue.effectif(figes, 'ménage figé', 'ménages figés')} le {langue.jour(e.criteres.jour)} : engagement "
            f"**{verdict.say()}**.{reserve}"
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
    def depuis(cls, contenu: Mapping[str, Any], engagement: Engagement) -> ResultatEngagement:
        tables = {nom: pd.DataFrame(table) for nom, table in contenu["tables"].items()}
        return cls(
            engagement,
            date.fromisoformat(contenu["au"]),
            contenu["n_trouves"],
            contenu["mois_couverts"],
            tables["bilan"],
            {cle: tables[cle] for cle in CLES},
            tables["mouvement"],
        )


def answer(
    entrepot: Entrepot, journal: Journal, fiche: Fiche, engagement: Engagement, seance: Seance
) -> ResultatEngagement | PasDeVerdict:
    """What `engagement` (acted as `fiche`) had become at `seance`, or when it fell due if it did before: as it was
    signed, else counted in the snapshot that serves that séance; why nothing is, when its list is no longer there."""
    jugee = min(seance, Seance.du(engagement.echeance))
    if garde := gardes.read(journal, jugee, engagement.ici, fiche):
        return ResultatEngagement.depuis(garde, engagement)
    try:
        return ascertain(entrepot.pour(engagement.ici), entrepot.dossier, engagement, jugee)
    except ErreurUtilisateur as erreur:
        return PasDeVerdict(str(erreur).removesuffix("."))


def keep(entrepot: Entrepot, journal: Journal, seance: Seance, ici: str) -> dict[str, Any]:
    """The accounting of each engagement of the séance before, for the signature of `seance`."""
    pris = find_all(journal, seance=str(seance.precedente), ici=ici)
    lus = [(fiche, answer(entrepot, journal, fiche, engagement, seance)) for fiche, engagement in pris]
    return {f.identifiant: {"version": f.version, **r.contenu()} for f, r in lus if isinstance(r, ResultatEngagement)}


def ascertain(entrepot: Entrepot, dossier: Path, engagement: Engagement, seance: Seance) -> ResultatEngagement:
    """The accounting of `engagement` at `seance`, in the snapshot that serves it.

    A household is looked for in the whole Métropole: it may be housed in another ICI. Raises `ErreurUtilisateur` when
    the frozen list is no longer there.
    """
    c = engagement.criteres
    avant, au = c.jour, min(seance.fin, engagement.echeance)
    cohorte = conservation.reread(dossier, engagement.cohorte)
    with entrepot.open(Portee.mel(), seance) as lecteur:
        suivie = follow(lecteur, cohorte, avant, au, engagement.ici)
        mois = couverts(lecteur, Periode(avant + timedelta(days=1), au), "attributions", "evenements")
    portee = Portee.mel() if engagement.ici == METROPOLE else Portee.ici(engagement.ici)
    with entrepot.open(portee, seance) as lecteur:
        nouvelle = find_demandes(lecteur, engagement.quoi, Criteres(au, c.mois, c.n_min, c.fenetre))
    return ResultatEngagement(
        engagement,
        au,
        int(suivie["est_trouvee"].sum()),
        mois,
        bilan(suivie),
        {cle: bilan_par(suivie, cle) for cle in CLES},
        decompose(suivie, nouvelle, avant),
    )
