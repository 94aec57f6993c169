"""The verdict and the sentences of an engagement, at 13h30, in Simuler and by the command: what it takes, leaves and
displaces.

Pure: figures in, French out. Numbers between ** are the ones to see from the last row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pandas as pd

from mel_core.secret.bail import au_plus, reader
from mel_core.segments.phrases_segments import part_dite
from mel_core.simulation.engagement import calcul_engagement
from mel_core.simulation.engagement.calcul_engagement import MotifEngagement, ScenarioEngagement, displace, project
from mel_core.simulation.engagement.situation import PART_RATTACHEE, Situation
from mel_core.simulation.reorientation.faisabilite import Faisabilite
from mel_core.socle import langue
from mel_core.socle.langue import Peu

MOTS = {
    Faisabilite.FAISABLE: "Faisable",
    Faisabilite.TENDU: "Tendu",
    Faisabilite.INFAISABLE: "Impossible",
}
_DEBUTS = {
    Faisabilite.FAISABLE: "rien ne change, ",
    Faisabilite.TENDU: "plus de la moitié de ce qui est possible, ",
    Faisabilite.INFAISABLE: "",
}


@dataclass(frozen=True)
class JugementEngagement:
    """`raison`: what binds, or why nothing changes; empty where nothing does. As a string, a sentence that opens with
    the verdict."""

    verdict: Faisabilite
    motif: MotifEngagement | None
    raison: str

    @property
    def mot(self) -> str:
        return MOTS[self.verdict]

    @property
    def est_possible(self) -> bool:
        return self.verdict is not Faisabilite.INFAISABLE

    @property
    def suite(self) -> str:
        """What follows the word of the verdict."""
        return f" : {self.raison}." if self.raison else "."

    def __str__(self) -> str:
        return langue.typeset(f"{self.mot}{self.suite}")


def judge(situation: Situation, essai: ScenarioEngagement) -> JugementEngagement:
    """The verdict on `essai` (made by `Situation.scenario`), as the counts of `situation` are said.

    What the flow gives already is not the reason of anything where it is unknown (`Situation.est_observe`).
    """
    verdict, motif = calcul_engagement.judge(essai)
    if motif is None or (motif is MotifEngagement.DEJA_OBSERVE and not situation.est_observe):
        return JugementEngagement(verdict, motif, "")
    raison = {
        MotifEngagement.AUCUN_MENAGE: "le segment ne compte aucun ménage",
        MotifEngagement.AUCUN_FLUX: "aucune attribution n’est attendue",
        MotifEngagement.PLUS_QUE_LE_FLUX: f"le flux attendu est de {langue.effectif(situation.flux, 'attribution')}",
        MotifEngagement.PLUS_QUE_LES_MENAGES: f"le segment compte {langue.effectif(situation.n, 'ménage')}",
        MotifEngagement.PLUS_QUE_LES_SERVABLES: (
            f"le flux n’offre de quoi loger là où ils demandent que {langue.effectif(situation.n_servables, 'ménage')}"
        ),
        MotifEngagement.DEJA_OBSERVE: "c’est ce que le flux leur donne déjà",
    }[motif]
    return JugementEngagement(verdict, motif, f"{_DEBUTS[verdict]}{raison}")


def au_mieux(situation: Situation, essai: ScenarioEngagement) -> int:
    """The most households of those aimed at that the first semester could house, as the counts of `situation` are
    said."""
    return min(essai.vises, *(au_plus(n) for n in (situation.flux, situation.n, situation.n_servables)))


def say(situation: Situation, scenario: ScenarioEngagement, echeance: date, de: str = "") -> str:
    """What the engagement takes, leaves and displaces, and whether it can be held; impossible first when it is.

    `situation`: see `Situation.dite`; `scenario` is made by it. `de`: of which segment, where nothing else tells it.
    """
    if isinstance(situation.flux, Peu):
        return trop_peu(situation)
    jugement = judge(situation, scenario)
    verdict = f"**{jugement.mot}**{langue.typeset(jugement.suite)}"
    if not jugement.est_possible:  # nobody is housed who does not exist
        sans = suites(situation, scenario)[1] if situation.est_projetable else None
        return f"{verdict} {loge_au_mieux(situation, scenario, echeance, sans, de)}"
    dits = [prend(situation, scenario, echeance, de)]
    if situation.est_projetable:
        dits.append(laisse(*suites(situation, scenario)))
    dits.append(deplace(situation, scenario))
    if jugement.motif is not MotifEngagement.DEJA_OBSERVE or situation.est_observe:
        dits.append(verdict)
    return " ".join(dit for dit in dits if dit)


def suites(situation: Situation, scenario: ScenarioEngagement) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What is left of the segment, semester by semester, with the engagement and as today."""
    temoin = situation.scenario()
    avec, sans = (reader().comptes(project(situation.entrees, essai), ["restants"]) for essai in (scenario, temoin))
    return avec, sans


def trop_peu(situation: Situation) -> str:
    """Why nothing is said of an engagement where the flow itself is not."""
    attendues = langue.effectif(situation.flux, "attribution attendue", "attributions attendues")
    return f"Aucun engagement ne se lit sur si peu de flux : {attendues} en six mois."


def pourquoi_inconnu(situation: Situation) -> str:
    """Why last semester tells nothing of the segment, as the end of a sentence; `situation` as it is said."""
    if situation.est_au_drapeau:
        return "le drapeau du SNE ne se lit qu’au jour de l’extraction, jamais avant"
    part = langue.part(situation.n_rattachees / situation.n_attributions, 0)
    toutes = langue.effectif(situation.n_attributions, "attribution")
    return (
        f"{part} des {toutes} du semestre écoulé se rattachent à une demande encore dans les données (les demandes "
        f"radiées s’effacent après un an), il en faut {langue.part(float(PART_RATTACHEE), 0)}"
    )


def part_du_flux(n: int, flux: int) -> str:
    """A share of the expected flow: whole, for whom the flow itself is rounded."""
    if reader().lit_tout:
        return langue.part(n / flux)
    return part_dite(float(langue.round_off(Fraction(100 * n, flux)) / 100), n)


def prend(situation: Situation, scenario: ScenarioEngagement, echeance: date, de: str = "") -> str:
    """What the engagement takes: lettings, and how it compares with what the flow gives today, when it is known.

    `situation`: see `Situation.dite`.
    """
    n, flux, deja = scenario.servis, scenario.flux, situation.n_observes_attendus
    quand = f"{de} d’ici le {langue.jour(echeance)}"
    part = f" ({part_du_flux(n, flux)} du flux attendu)" if flux else ""
    debut = (
        f"**{langue.effectif(n, 'ménage logé', 'ménages logés')}**{quand}, sur "
        f"{langue.effectif(flux, 'attribution attendue', 'attributions attendues')}{part}"
    )
    if not situation.est_observe:
        inconnu = f"Ce que le flux leur donne déjà est **inconnu** : {pourquoi_inconnu(situation)}."
        return f"{debut}. {inconnu}" if n else inconnu
    if isinstance(deja, Peu):  # more or less than that would say how many
        suite = f"le flux en loge déjà {langue.nombre(deja)}."
        return f"{debut} ; {suite}" if n else f"**Comme d’habitude**{quand} : {suite}"
    if n == deja:
        return f"{debut} : autant que ce que le flux leur donne déjà."
    ecart = reader().compte(abs(n - deja))
    dit = f"{langue.nombre(ecart)} {'de plus' if n > deja else 'de moins'}"
    return f"{debut} : **{dit}** que ce que le flux leur donne ({langue.nombre(deja)})."


def loge_au_mieux(
    situation: Situation, scenario: ScenarioEngagement, echeance: date, sans: pd.DataFrame | None, de: str = ""
) -> str:
    """Of what is impossible: the most that could be housed, and what is left as usual. `sans`: see `laisse`; None where
    it is not known."""
    n, flux = au_mieux(situation, scenario), situation.flux
    seraient = langue.agree(n, "serait logé", "seraient logés")
    qui = f"**{langue.effectif(n, 'ménage')} au plus**" if n else "**Aucun ménage**"
    debut = f"{qui}{de} {seraient if n else 'ne serait logé'}"
    attendues = langue.effectif(flux, "attribution attendue", "attributions attendues")
    dit = f"{debut} d’ici le {langue.jour(echeance)}, sur {attendues}."
    if sans is None:
        return dit
    premier, dernier = (langue.nombre(sans["restants"].iloc[i]) for i in (0, -1))
    suite = f"{dernier} dans {langue.effectif(len(sans), 'semestre')}, entrées comprises"
    return f"{dit} Sans engagement, il en resterait {premier} à la prochaine ICI, {suite}."


def laisse(avec: pd.DataFrame, sans: pd.DataFrame) -> str:
    """What it leaves, at the next séance and at the end of the projection, beside doing nothing more.

    `avec`, `sans`: see `suites`.
    """
    (premier, dernier), temoin = ([langue.nombre(t["restants"].iloc[i]) for i in (0, -1)] for t in (avec, sans))
    return (
        f"**Il en reste {premier}** à la prochaine ICI (sans engagement {temoin[0]}), {dernier} dans "
        f"{langue.effectif(len(avec), 'semestre')} (sans engagement {temoin[1]}), entrées comprises."
    )


def deplace(situation: Situation, scenario: ScenarioEngagement) -> str:
    """Whom it displaces, if in proportion to the rest of the flow; nothing when what they have already is not said."""
    if not situation.est_observe or isinstance(situation.n_observes_attendus, Peu):
        return ""
    if scenario.n_deplaces == 0:
        return "Aucune attribution n’est déplacée."
    autres = displace(situation.autres, scenario.n_deplaces).set_index("groupe")
    dont = [
        f"{langue.nombre(reader().compte(autres.loc[groupe, 'deplaces']))} {nom}"
        for groupe, nom in (
            ("aci", "à des ménages ACI"),
            ("premier_acces", "à d’autres premiers accès"),
            ("mutation", "à des mutations"),
        )
        if groupe in autres.index and autres.loc[groupe, "deplaces"]
    ]
    suite = f", dont {langue.liste(dont)} si on les prend à tous en proportion (hypothèse)" if dont else ""
    n = reader().compte(scenario.n_deplaces)
    iraient = langue.agree(n, "irait", "iraient")
    return f"Cela déplace {langue.effectif(n, 'attribution')} qui {iraient} à d’autres{suite}."


def reserve(situation: Situation) -> str:
    """What the projection assumes, where it is shown. `situation`: see `Situation.dite`."""
    flux = "Flux attendu : moitié des attributions des 12 derniers mois."
    if not situation.est_observe:
        return f"{flux} Ni entrées, ni sorties, ni suite projetée : {pourquoi_inconnu(situation)}."
    observe = (
        f"Semestre écoulé : {langue.effectif(situation.n_observes, 'bail', 'baux')} sur "
        f"{langue.nombre(situation.n_attributions)} pour ce segment"
    )
    if not situation.est_projetable:
        return f"{flux} {observe}. Trop peu de ménages y entrent, en sortent ou y sont logés pour projeter la suite."
    entrees = (
        "entrées supposées égales à celles du semestre écoulé"
        if situation.entrees["est_suppose"].all()
        else "entrées connues par l’ancienneté des demandes d’aujourd’hui, corrigées de celles qui aboutissent avant, "
        "puis supposées stables"
    )
    return (
        f"{flux} {observe} ; {entrees} ; sorties sans bail : {langue.part(float(situation.taux_sortie), 0)} par "
        "semestre, comme observé."
    )
