"""The verdict and the sentences of an engagement, at 13h30, in Simuler and by the command: what it takes, leaves and
displaces.

All is worked out of exact counts, then each figure is rendered as it is written. A room moves the number promised by
fives (`levier_engagement`): of what it is told then, the rounding turns once for all. What would turn elsewhere is not
said to it: the share of the flow, the semesters after the next one, whom it displaces, and a verdict that counts which
read the same do not share. Numbers between ** are the ones to see from the last row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pandas as pd

from mel_core.secret.bail import reader
from mel_core.segments.phrases_segments import part_dite
from mel_core.simulation.engagement import calcul_engagement
from mel_core.simulation.engagement.calcul_engagement import MotifEngagement, ScenarioEngagement, displace, project
from mel_core.simulation.engagement.situation import PART_RATTACHEE, Situation
from mel_core.simulation.reorientation.faisabilite import Faisabilite
from mel_core.socle import langue

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
    """`verdict`: None where it is not told. `raison`: what binds, or why nothing changes; empty where nothing does. As
    a string, a sentence that opens with the verdict. `est_possible`: None where it is not told either."""

    verdict: Faisabilite | None
    motif: MotifEngagement | None
    raison: str
    est_possible: bool | None

    @property
    def mot(self) -> str:
        return MOTS[self.verdict] if self.verdict else ""

    @property
    def suite(self) -> str:
        """What follows the word of the verdict."""
        return f" : {self.raison}." if self.raison else "."

    def __str__(self) -> str:
        return langue.typeset(f"{self.mot}{self.suite}") if self.verdict else ""


def between(n: int) -> tuple[int, int]:
    """The least and the most that a count may be, by what is read of it."""
    dit = reader().compte(n)
    if dit.dit is None:
        return 0, dit.au_plus
    marge = 0 if reader().lit_tout else reader().regle.base // 2
    return dit.dit - marge, dit.dit + marge


def judge(situation: Situation, essai: ScenarioEngagement) -> JugementEngagement:
    """The verdict on `essai` (made by `Situation.scenario`): told where all the counts that read the same share it.

    What the flow gives already is not the reason of anything where it is unknown (`Situation.est_observe`).
    """
    verdict, motif = calcul_engagement.judge(essai)
    est_tue = motif is MotifEngagement.DEJA_OBSERVE and not situation.est_observe
    if not reader().lit_tout:
        verdicts = _verdicts(essai)
        possibles = {v is not Faisabilite.INFAISABLE for v in verdicts}
        est_possible = possibles.pop() if len(possibles) == 1 else None
        if len(verdicts) > 1:
            return JugementEngagement(None, None, "", est_possible)
        motif = None if motif is MotifEngagement.DEJA_OBSERVE or not _is_sole(essai, motif) else motif
    raison = _raisons(situation)[motif] if motif and not est_tue else ""
    dite = f"{_DEBUTS[verdict]}{raison}" if raison else ""
    return JugementEngagement(verdict, motif, dite, verdict is not Faisabilite.INFAISABLE)


def _verdicts(essai: ScenarioEngagement) -> set[Faisabilite]:
    """Those of every count that reads as that of `essai`; where what the flow gives already may be what is aimed at,
    also that of changing nothing."""
    lus = [between(n) for n in (essai.flux, essai.stock, essai.n_servables or 0)]
    essais = [ScenarioEngagement(stock, flux, essai.vises, n_servables=n) for flux, stock, n in zip(*lus, strict=True)]
    verdicts = {calcul_engagement.judge(e)[0] for e in essais}
    bas, haut = between(essai.n_observes)
    est_peut_etre_habituel = bas <= essai.vises <= haut and Faisabilite.INFAISABLE not in verdicts
    return verdicts | {Faisabilite.FAISABLE} if est_peut_etre_habituel else verdicts


def _is_sole(essai: ScenarioEngagement, motif: MotifEngagement | None) -> bool:
    """Whether what binds is told by what is read: none of the other counts may be the least."""
    lus = {
        MotifEngagement.PLUS_QUE_LE_FLUX: essai.flux,
        MotifEngagement.PLUS_QUE_LES_MENAGES: essai.stock,
        MotifEngagement.PLUS_QUE_LES_SERVABLES: essai.n_servables or 0,
    }
    if motif not in lus:
        return motif is None
    siens = between(lus[motif])
    return all(siens[1] < between(n)[0] for autre, n in lus.items() if autre is not motif)


def _raisons(situation: Situation) -> dict[MotifEngagement, str]:
    flux, n, n_servables = (reader().compte(x) for x in (situation.flux, situation.n, situation.n_servables))
    return {
        MotifEngagement.AUCUN_MENAGE: "le segment ne compte aucun ménage",
        MotifEngagement.AUCUN_FLUX: "aucune attribution n’est attendue",
        MotifEngagement.PLUS_QUE_LE_FLUX: f"le flux attendu est de {langue.effectif(flux, 'attribution')}",
        MotifEngagement.PLUS_QUE_LES_MENAGES: f"le segment compte {langue.effectif(n, 'ménage')}",
        MotifEngagement.PLUS_QUE_LES_SERVABLES: (
            f"le flux n’offre de quoi loger là où ils demandent que {langue.effectif(n_servables, 'ménage')}"
        ),
        MotifEngagement.DEJA_OBSERVE: "c’est ce que le flux leur donne déjà",
    }


def empechement(situation: Situation, scenario: ScenarioEngagement, refus: str = "", *, est_deja_acte: bool) -> str:
    """Why this is not to be acted, in one sentence; empty when it may be. `refus`: why its sharing out is not one."""
    if scenario.flux == 0:
        return "Rien à acter : aucune attribution n’est attendue d’ici la prochaine ICI."
    est_possible = judge(situation, scenario).est_possible
    if not est_possible:
        quoi = "trop près de ce qui est possible" if est_possible is None else "impossible"
        return f"Rien à acter : cet engagement est {quoi}, le réduire."
    if scenario.servis == 0:
        return "Rien à acter : aucun ménage n’est visé, déplacer le curseur."
    if refus:
        return f"Cet engagement ne s’acte pas encore. {refus}"
    return "Déjà acté ainsi : changer le nombre ou sa répartition pour le modifier." if est_deja_acte else ""


def is_projected(situation: Situation) -> bool:
    """Whether what comes is told: what the flow gives, who leaves and who enters are known, and none of them is so few
    that it is not said."""
    lus = (situation.n_observes_attendus, situation.n_avant, situation.n_sortis, *situation.entrees["entrants"])
    return situation.est_observe and all(reader().compte(n).est_dit for n in lus)


def say(situation: Situation, scenario: ScenarioEngagement, echeance: date, de: str = "") -> str:
    """What the engagement takes, leaves and displaces, and whether it can be held; impossible first when it is.

    `scenario` is made by `situation`. `de`: of which segment, where nothing else tells it.
    """
    if reader().compte(situation.flux).est_tu:
        return trop_peu(situation, de)
    jugement = judge(situation, scenario)
    if jugement.est_possible is None:
        return trop_pres(situation, scenario, de)
    verdict = f"**{jugement.mot}**{langue.typeset(jugement.suite)}" if jugement.verdict else ""
    if not jugement.est_possible:  # nobody is housed who does not exist
        return f"{verdict} {loge_au_mieux(situation, scenario, echeance, de)}"
    dits = [prend(situation, scenario, echeance, de)]
    if is_projected(situation) and reader().lit_tout:  # others have its picture
        dits.append(laisse(*suites(situation, scenario)))
    dits.append(deplace(situation, scenario))
    if jugement.motif is not MotifEngagement.DEJA_OBSERVE or situation.est_observe:
        dits.append(verdict)
    return " ".join(dit for dit in dits if dit)


def suites(situation: Situation, scenario: ScenarioEngagement) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What is left of the segment, semester by semester, with the engagement and as today."""
    temoin = situation.scenario()
    avec, sans = (
        reader().comptes(project(situation.entrees, essai), ["stock_debut", "restants"]) for essai in (scenario, temoin)
    )
    return avec, sans


def trop_peu(situation: Situation, de: str = "") -> str:
    """Why nothing is said of an engagement where the flow itself is not."""
    return f"Aucun engagement{de} ne se lit sur si peu de flux : {_attendues(situation)} en six mois."


def trop_pres(situation: Situation, scenario: ScenarioEngagement, de: str = "") -> str:
    """What a room is told of a number so near to what is possible that the verdict would tell how many that is."""
    vises = langue.effectif(scenario.vises, "ménage visé", "ménages visés")
    return f"{vises}{de}, sur {_attendues(situation)} : trop près de ce qui est possible pour se dire ici."


def _attendues(situation: Situation) -> str:
    return langue.effectif(reader().compte(situation.flux), "attribution attendue", "attributions attendues")


def pourquoi_inconnu(situation: Situation) -> str:
    """Why last semester tells nothing of the segment, as the end of a sentence."""
    if situation.est_au_drapeau:
        return "le drapeau du SNE ne se lit qu’au jour de l’extraction, jamais avant"
    part = reader().part(situation.n_rattachees, situation.n_attributions)
    combien = "trop peu" if pd.isna(part) else langue.part(part, 0)
    toutes = langue.effectif(reader().compte(situation.n_attributions), "attribution")
    return (
        f"{combien} des {toutes} du semestre écoulé se rattachent à une demande encore dans les données (les demandes "
        f"radiées s’effacent après un an), il en faut {langue.part(float(PART_RATTACHEE), 0)}"
    )


def part_du_flux(n: int, flux: int) -> str:
    """A share of the expected flow: whole, for whom the flow itself is rounded."""
    if reader().lit_tout:
        return langue.part(n / flux)
    return part_dite(float(langue.round_off(Fraction(100 * n, flux)) / 100), n)


def prend(situation: Situation, scenario: ScenarioEngagement, echeance: date, de: str = "") -> str:
    """What the engagement takes: lettings, and how it compares with what the flow gives today, when it is known."""
    n, deja = scenario.servis, situation.n_observes_attendus
    quand = f"{de} d’ici le {langue.jour(echeance)}"
    part = f" ({part_du_flux(n, scenario.flux)} du flux attendu)" if scenario.flux and reader().lit_tout else ""
    debut = f"**{langue.effectif(n, 'ménage logé', 'ménages logés')}**{quand}, sur {_attendues(situation)}{part}"
    if not situation.est_observe:
        inconnu = f"est **inconnu** : {pourquoi_inconnu(situation)}."
        if de and not n:
            return f"{langue.capitalize(de.strip())}, ce que le flux donne déjà {inconnu}"
        inconnu = f"Ce que le flux leur donne déjà {inconnu}"
        return f"{debut}. {inconnu}" if n else inconnu
    dit = reader().compte(deja)
    if dit.est_tu:  # more or less than that would say how many
        suite = f"le flux en loge déjà {langue.nombre(dit)}."
        return f"{debut} ; {suite}" if n else f"**Comme d’habitude**{quand} : {suite}"
    if n == deja and reader().lit_tout:
        return f"{debut} : autant que ce que le flux leur donne déjà."
    ecart = reader().compte(abs(n - deja))
    if ecart.est_tu:  # which of the two is more would say how many
        return f"{debut} : comme le flux ({langue.nombre(dit)}), à {langue.nombre(ecart.tus)} près."
    sens = "de plus" if n > deja else "de moins"
    return f"{debut} : **{langue.nombre(ecart)} {sens}** que ce que le flux leur donne ({langue.nombre(dit)})."


def loge_au_mieux(situation: Situation, scenario: ScenarioEngagement, echeance: date, de: str = "") -> str:
    """Of what is impossible: the most that could be housed, and what is left as usual, where that is told."""
    n = reader().compte(scenario.au_mieux)
    seraient = langue.agree(n, "serait logé", "seraient logés")
    qui = f"**{langue.effectif(n, 'ménage')} au plus**" if n != 0 else "**Aucun ménage**"
    debut = f"{qui}{de} {seraient if n != 0 else 'ne serait logé'}"
    dit = f"{debut} d’ici le {langue.jour(echeance)}, sur {_attendues(situation)}."
    if not is_projected(situation):
        return dit
    sans = suites(situation, scenario)[1]
    premier, dernier = (langue.nombre(sans["restants"].iloc[i]) for i in (0, -1))
    suite = f"{dernier} dans {langue.effectif(len(sans), 'semestre')}, entrées comprises"
    return f"{dit} Sans engagement, il en resterait {premier} à la prochaine ICI, {suite}."


def laisse(avec: pd.DataFrame, sans: pd.DataFrame) -> str:
    """What it leaves, at the next séance and at the end of the projection, beside doing nothing more.

    `avec`, `sans`: see `suites`. What leaves every semester is a share of those who stay: of the last one with the
    engagement, each step of a lever would turn the rounding elsewhere.
    """
    (premier, dernier), temoin = ([langue.nombre(t["restants"].iloc[i]) for i in (0, -1)] for t in (avec, sans))
    return (
        f"**Il en reste {premier}** à la prochaine ICI (sans engagement {temoin[0]}), {dernier} dans "
        f"{langue.effectif(len(avec), 'semestre')} (sans engagement {temoin[1]}), entrées comprises."
    )


def deplace(situation: Situation, scenario: ScenarioEngagement) -> str:
    """Whom it displaces, if in proportion to the rest of the flow; nothing when what they have already is not said, or
    is that to so few (see `prend`)."""
    ecart = reader().compte(abs(scenario.servis - scenario.n_observes))
    if not situation.est_observe or reader().compte(situation.n_observes_attendus).est_tu or ecart.est_tu:
        return ""
    n = reader().compte(scenario.n_deplaces)
    if scenario.n_deplaces == 0:
        return "Aucune attribution n’est déplacée."
    debut = f"Cela déplace {langue.effectif(n, 'attribution')} qui {langue.agree(n, 'irait', 'iraient')} à d’autres"
    return f"{debut}{_dont(situation, scenario) if reader().lit_tout else ''}."


def _dont(situation: Situation, scenario: ScenarioEngagement) -> str:
    """From whom, for who splits an engagement."""
    autres = displace(situation.autres, scenario.n_deplaces).set_index("groupe")
    dont = [
        f"{langue.nombre(autres.loc[groupe, 'deplaces'])} {nom}"
        for groupe, nom in (
            ("aci", "à des ménages ACI"),
            ("premier_acces", "à d’autres premiers accès"),
            ("mutation", "à des mutations"),
        )
        if groupe in autres.index and autres.loc[groupe, "deplaces"]
    ]
    return f", dont {langue.liste(dont)} si on les prend à tous en proportion (hypothèse)" if dont else ""


def reserve(situation: Situation) -> str:
    """What the projection assumes, where it is shown: why the flow is unknown, `prend` says above it."""
    flux = "Flux attendu : moitié des attributions des 12 derniers mois."
    if not situation.est_observe:
        return f"{flux} Ni entrées, ni sorties, ni suite projetée : ce que le flux leur donne déjà est inconnu."
    n_observes, n_attributions = (reader().compte(n) for n in (situation.n_observes, situation.n_attributions))
    observe = (
        f"Semestre écoulé : {langue.effectif(n_observes, 'bail', 'baux')} sur "
        f"{langue.nombre(n_attributions)} pour ce segment"
    )
    if not is_projected(situation):
        return f"{flux} {observe}. Trop peu de ménages y entrent, en sortent ou y sont logés pour projeter la suite."
    entrees = (
        "entrées supposées égales à celles du semestre écoulé"
        if situation.entrees["est_suppose"].all()
        else "entrées connues par l’ancienneté des demandes d’aujourd’hui, corrigées de celles qui aboutissent avant, "
        "puis supposées stables"
    )
    part = reader().part(situation.n_sortis, situation.n_avant)
    sorties = (
        "sorties sans bail, comme observé"
        if pd.isna(part)
        else (f"sorties sans bail : {langue.part(part, 0)} par semestre, comme observé")
    )
    return f"{flux} {observe} ; {entrees} ; {sorties}."
