"""Events of the gestion partagée, recorded unevenly by the bailleurs: who is put before each commission (one winner per
lease, and others who wait for the same kind of dwelling), then propositions, visits, refusals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from mel_core.demo.alea import Alea, Colonnes, Urne, Vecteur, add_days, day, empty, months_before, stack, take
from mel_core.demo.attributions import Attributions
from mel_core.demo.demandes import Demandes
from mel_core.demo.parc import Parc
from mel_core.demo.reglages_demo import Reglages

ESSAIS = 8


@dataclass(frozen=True)
class Passages:
    """One file at one commission. `rang` is 0 where the dwelling was not attributed to it, even under reserve."""

    logement: Vecteur  # rank of the attribution that this commission led to
    demande: Vecteur
    date: Vecteur
    rang: Vecteur
    refus: Vecteur
    irrecevable: Vecteur


MOTIFS_REFUS = ("Localisation", "Logement trop petit", "Loyer trop élevé", "Étage sans ascenseur", "Sans réponse")
MOTIFS_NON_ATTRIBUTION = ("Taux d’effort", "Dossier incomplet", "Typologie inadaptée", "Équilibre de peuplement")
IMPAYES = "Impayés de loyer"  # in place of every third « Taux d’effort » of a mutation: nothing more is drawn
MOTIFS_AUTRES = ("Pièces complètes", "Entretien", "Accompagnement social")


@dataclass(frozen=True)
class RegistreDesCommissions:
    """The commissions of a tranche, and what the bailleurs record of them: what one does not is missing whole."""

    r: Reglages
    parc: Parc
    attributions: Attributions
    demandes: Demandes
    alea: Alea

    @cached_property
    def passages(self) -> Passages:
        """One row per candidate of each commission: the one housed, those before who refused, those after."""
        p, alea, attributions = self.r["evenements"], self.alea, self.attributions
        n = len(attributions.date_bail)
        nombre = 1 + alea.sample_rangs(p["candidats"], n)
        # The first may refuse where a second is there to follow, and so on.
        refus_1 = alea.sample_exact(np.where(nombre >= 2, p["refus_rang_1"] * n / (nombre >= 2).sum(), 0.0))
        refus_2 = refus_1 & (nombre >= 3) & (alea.random(n) < p["refus_rang_2"])
        gagnant = 1 + refus_1 + refus_2
        delai = (attributions.date_bail - attributions.date_creation).astype(int)
        date_cal = add_days(attributions.date_bail, -np.minimum(alea.integers(14, 50, n), delai // 2))

        logement = np.repeat(np.arange(n), nombre)
        place = pd.Series(logement).groupby(logement).cumcount().to_numpy() + 1
        apres = place > gagnant[logement]
        sort = alea.random(len(logement))
        ecarte = apres & (sort < p["non_attribution"] + p["irrecevable"])
        rang = np.where(ecarte, 0, place - pd.Series(ecarte).groupby(logement).cumsum().to_numpy())
        gagne = place == gagnant[logement]
        demande = np.where(gagne, logement, -1)
        autres = np.flatnonzero(~gagne)
        demande[autres] = self._choose(logement[autres], date_cal[logement[autres]])
        # Nobody appears twice at one commission.
        garde = (demande >= 0) & ~pd.DataFrame({"logement": logement, "demande": demande}).duplicated().to_numpy()
        return Passages(
            logement[garde],
            demande[garde],
            date_cal[logement][garde],
            rang[garde],
            (place < gagnant[logement])[garde],
            (ecarte & (sort < p["irrecevable"]))[garde],
        )

    def _choose(self, logement: Vecteur, date: Vecteur) -> Vecteur:
        """A demande for each place: waiting that day, for that commune and typologie if possible; −1: none is found."""
        p, alea, attributions, demandes = self.r["evenements"], self.alea, self.attributions, self.demandes
        n = len(demandes.creation)
        visibilite = np.exp(alea.normal(0, p["visibilite_sigma"], n))
        visibilite[alea.random(n) < p["jamais_presentees"]] = 0
        codes = {code: k for k, code in enumerate(self.r["menages"]["personnes"])}
        voulue = np.array([codes[c] for c in demandes.typologie])
        offerte = np.array([codes[c] for c in attributions.typologie])[logement]
        commune = self.parc.commune[attributions.residence[logement]]
        trouve = np.full(len(logement), -1)
        for cle, cherche in (
            (demandes.lieux.rang_souhait * len(codes) + voulue, commune * len(codes) + offerte),
            (voulue, offerte),
        ):
            urne = Urne(cle, visibilite)
            for _ in range(ESSAIS):
                reste = np.flatnonzero(trouve < 0)
                tire = urne.sample(cherche[reste], alea)
                attente = add_days(demandes.creation[tire], np.full(len(tire), p["anciennete_min_jours"]))
                valable = (tire >= 0) & (attente <= date[reste]) & (demandes.fin[tire] > date[reste])
                trouve[reste[valable]] = tire[valable]
        return trouve

    def flag_multiples(self) -> Vecteur:
        """The SNE's own flag: attributed under reserve twice or more in 24 months, whatever the bailleurs recorded."""
        passages = self.passages
        recents = (passages.rang >= 2) & (passages.date > months_before(self.r["periode"]["fin"], 24))
        fois = np.bincount(passages.demande[recents], minlength=len(self.demandes.creation))
        return self.demandes.active & (fois >= 2)

    def sample(self) -> Colonnes:
        """Events without their identifier, in order of date."""
        p, alea, passages, demandes = self.r["evenements"], self.alea, self.passages, self.demandes
        taux = np.array([b["enregistrement"] for b in self.r["bailleurs"]])[
            self.parc.bailleur[self.attributions.residence]
        ]
        vu = np.flatnonzero((alea.random(len(taux)) < taux)[passages.logement])
        morceaux = [self._build_passages(vu)]
        alentours: tuple[tuple[str, Vecteur, tuple[int, int]], ...] = (
            ("PROPOSITION", alea.random(len(vu)) < p["propositions"], (-21, -6)),
            ("VISITE", (passages.rang[vu] > 0) & (alea.random(len(vu)) < p["visites"]), (1, 4)),
            ("REFUS_DEMANDEUR", passages.refus[vu], (4, 11)),
            ("DESISTEMENT", (passages.rang[vu] > 1) & (alea.random(len(vu)) < p["desistements"]), (4, 11)),
        )
        for code, lignes, (tot, tard) in alentours:
            choisis = vu[lignes]
            jours = add_days(passages.date[choisis], alea.integers(tot, tard, len(choisis)))
            jours = np.maximum(jours, demandes.creation[passages.demande[choisis]])
            morceaux.append(self._build(choisis, code, jours))
        morceaux.append(self._build_autres())
        tous = stack(morceaux)
        # Nothing is known after the day of the extraction, and erased demandes leave only a few orphans.
        gardees = demandes.kept(self.r)[tous["demande"]] | (alea.random(len(tous["demande"])) < p["demande_inconnue"])
        tous = take(tous, np.flatnonzero(gardees & (tous["date_survenance"] <= day(self.r["periode"]["fin"]))))
        tous = take(tous, np.argsort(tous["date_survenance"], kind="stable"))
        inconnu = alea.random(len(tous["demande"])) < p["bailleur_inconnu"]
        tous["code_bailleur"][inconnu] = "BF99"
        return {"numero_unique": demandes.numeros[tous.pop("demande")], **tous}

    def _build_passages(self, vu: Vecteur) -> Colonnes:
        """The passages themselves: decision, rang, motive of a non-attribution."""
        table, rang = self._build(vu, "PASSAGE_CAL", self.passages.date[vu]), self.passages.rang[vu]
        refus = np.where(self.passages.irrecevable[vu], "IRRECEVABLE", "NON_ATTRIBUE")
        motif = self.alea.choice(np.array(MOTIFS_NON_ATTRIBUTION), len(vu))
        est_mutation = self.demandes.mutation[self.passages.demande[vu]]
        taux_d_effort = np.flatnonzero((rang == 0) & (motif == MOTIFS_NON_ATTRIBUTION[0]) & est_mutation)
        motif[taux_d_effort[::3]] = IMPAYES
        return table | {
            "decision": np.where(rang > 0, "ATTRIBUE", refus),
            "rang": empty(rang, rang == 0),
            "motif": empty(motif, rang > 0),
        }

    def _build(self, lignes: Vecteur, code: str, jours: Vecteur) -> Colonnes:
        """Events of one type about the dwellings of `lignes` (ranks of passages)."""
        logement = self.passages.logement[lignes]
        residence, n = self.attributions.residence[logement], len(lignes)
        sans_residence = np.ma.getmaskarray(self.attributions.colonnes["code_residence"])[logement]
        return nothing(n) | {
            "demande": self.passages.demande[lignes],
            "type": np.full(n, code, dtype="U15"),
            "date_survenance": jours,
            "code_residence": empty(self.parc.codes[residence], sans_residence),
            "code_bailleur": self.parc.codes_bailleurs[self.parc.bailleur[residence]],
            "typologie": self.attributions.typologie[logement],
            "motif": empty(self.alea.choice(np.array(MOTIFS_REFUS), n), np.full(n, code != "REFUS_DEMANDEUR")),
        }

    def _build_autres(self) -> Colonnes:
        """Events that are no presentation: documents, interviews."""
        creation = self.demandes.creation
        choisies = np.flatnonzero(self.alea.random(len(creation)) < self.r["evenements"]["autres"])
        n = len(choisies)
        jours = add_days(creation[choisies], self.alea.integers(5, 200, n))
        return nothing(n) | {
            "demande": choisies,
            "type": np.full(n, "AUTRE", dtype="U15"),
            "date_survenance": np.minimum(jours, self.demandes.fin[choisies]),
            "motif": self.alea.choice(np.array(MOTIFS_AUTRES), n),
        }


def nothing(n: int) -> Colonnes:
    """`n` events of which only what is laid over these columns is known."""
    textes = {nom: np.full(n, "", dtype="U12") for nom in ("code_residence", "code_bailleur", "typologie", "decision")}
    return {nom: empty(v, np.ones(n, dtype=bool)) for nom, v in (textes | {"rang": np.zeros(n, dtype=int)}).items()}
