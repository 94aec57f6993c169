"""The sentences of 13h30: what a segment counts and over how many, what an engagement takes, leaves and displaces.

Pure: figures in, French out. Numbers between ** are the ones to see from the last row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

import pandas as pd

from mel_core.seance.engagements.resultat_engagement import EN_COURS, NON_TENU, TENU
from mel_core.secret.audience import Audience, Compte
from mel_core.segments import Recouvrements, SegmentLibre
from mel_core.segments.profil import Servables
from mel_core.simulation.engagement import jugement
from mel_core.simulation.engagement.calcul_engagement import ScenarioEngagement, displace
from mel_core.simulation.engagement.situation import Situation
from mel_core.simulation.scenarios.engagements import pourquoi_inconnu
from mel_core.socle import langue
from mel_core.socle.langue import Peu

SANS_LIMITE = 0


def fenetre_dite(mois: int) -> str:
    """`en 24 mois`, or since ever."""
    return "depuis toujours" if mois == SANS_LIMITE else f"en {mois}{langue.INSECABLE}mois"


def regle_dite(
    quoi: str | SegmentLibre,
    n: Compte,
    mois: int,
    n_min: int,
    fenetre: int,
    est_drapeau: bool,
    noms: Mapping[str, str],
    *,
    est_nue: bool = False,
) -> str:
    """What the demandes of the segment have in common, as the end of a sentence whose subject is `n` demandes.

    `est_nue`: for a sheet, without the marks of emphasis of the screens.
    """
    insiste = "" if est_nue else "*"
    un = langue.agree(n, "", "pluriel") == ""
    if isinstance(quoi, SegmentLibre):
        if not quoi.conditions:
            return f"{'est retenue' if un else 'sont retenues'} : aucune condition n’est encore posée"
        return f"répond{'' if un else 'ent'} à : {quoi.phrase(noms)}"
    ent, ont, sont, e = ("", "a", "est", "e") if un else ("ent", "ont", "sont", "es")
    duree, quand = f"{mois}{langue.INSECABLE}mois", fenetre_dite(fenetre)
    attend = f"attend{ent} depuis plus de {duree}"
    delai = f"port{'e' if un else 'ent'} le drapeau « délai anormalement long » du SNE"
    return {
        "attente_24": f"{attend} sans proposition {insiste}enregistrée{insiste}",
        "attente_36": f"{attend} sans proposition {insiste}enregistrée{insiste}",
        "poulidor": (
            f"{ont} été retenu{e} au moins {n_min} fois derrière un autre candidat {quand}, jamais au premier rang, "
            "sans rien refuser"
        ),
        "rang_1_sans_bail": f"{ont} été classé{e} au premier rang {quand} sans bail signé",
        "non_attributions_repetees": (
            f"{ont} été écarté{e} au moins {n_min} fois en commission {quand}, "
            + (f"jamais retenu{e}" if fenetre == SANS_LIMITE else f"sans être retenu{e} une seule fois sur cette durée")
        ),
        "jamais_presentes": f"n’{ont} jamais été présenté{e}, d’après ce qui est {insiste}enregistré{insiste}",
        "mutations_bloquees_en_attente": f"{sont} une mutation bloquée" if un else "sont des mutations bloquées",
        "aci_en_attente": f"relèv{'e' if un else 'ent'} de l’accord collectif, du DALO ou du PDALHPD",
        "delai_anormalement_long": delai if est_drapeau else f"attend{ent} depuis {duree} ou plus",
    }[quoi]


def constat(ou: str, n: Compte, n_actives: Compte, part: float, regle: str) -> str:
    """`Dans l’ICI 2, **955** demandes actives sur 20 895 (**4,6 %**) ont été …`; `part`: nan when it is not said."""
    if n_actives == 0:
        return f"Dans {ou}, aucune demande n’était active à cette date."
    if n == 0:
        return f"Dans {ou}, **aucune** demande active sur {langue.nombre(n_actives)} n’est dans ce segment."
    actives = "demande active", "demandes actives"
    combien = (
        f"**{langue.effectif(n, *actives)}**"
        if isinstance(n, Peu)
        else f"**{langue.nombre(n)}** {langue.agree(n_actives, *actives)}"
    )
    dite = "" if pd.isna(part) else f" (**{part_dite(part, n)}**)"
    return f"Dans {ou}, {combien} sur {langue.nombre(n_actives)}{dite} {regle}."


def part_dite(part: float, n: Compte) -> str:
    """The share that `n` are: a whole per cent may be none of it."""
    return f"moins de 1{langue.FINE}%" if part == 0 and n != 0 else langue.part(part)


def part_du_flux(n: int, flux: int, audience: Audience) -> str:
    """A share of the expected flow: whole, for whom the flow itself is rounded."""
    if audience.est_exacte:
        return langue.part(n / flux)
    return part_dite(float(langue.round_off(Fraction(100 * n, flux)) / 100), n)


def prend(situation: Situation, scenario: ScenarioEngagement, echeance: date, audience: Audience) -> str:
    """What the engagement takes: lettings, and how it compares with what the flow gives today, when it is known.

    `situation`: see `Situation.dite`.
    """
    n, flux, deja = scenario.servis, scenario.flux, situation.n_observes_attendus
    quand = f"d’ici le {langue.jour(echeance)}"
    part = f" ({part_du_flux(n, flux, audience)} du flux attendu)" if flux else ""
    debut = (
        f"**{langue.effectif(n, 'ménage logé', 'ménages logés')}** {quand}, sur "
        f"{langue.effectif(flux, 'attribution attendue', 'attributions attendues')}{part}"
    )
    if not situation.est_observe:
        inconnu = f"Ce que le flux leur donne déjà est **inconnu** : {pourquoi_inconnu(situation)}."
        return f"{debut}. {inconnu}" if n else inconnu
    if isinstance(deja, Peu):  # more or less than that would say how many
        suite = f"le flux en loge déjà {langue.nombre(deja)}."
        return f"{debut} ; {suite}" if n else f"**Comme d’habitude** {quand} : {suite}"
    if n == deja:
        return f"{debut} : autant que ce que le flux leur donne déjà."
    ecart = audience.compte(abs(n - deja))
    dit = f"{langue.nombre(ecart)} {'de plus' if n > deja else 'de moins'}"
    return f"{debut} : **{dit}** que ce que le flux leur donne ({langue.nombre(deja)})."


def au_mieux(situation: Situation, scenario: ScenarioEngagement, echeance: date, sans: pd.DataFrame | None) -> str:
    """Of what is impossible: the most that could be housed, and what is left as usual. `sans`: see `laisse`; None where
    it is not known."""
    n, flux = jugement.au_mieux(situation, scenario), situation.flux
    seraient = langue.agree(n, "serait logé", "seraient logés")
    debut = f"**{langue.effectif(n, 'ménage')} au plus** {seraient}" if n else "**Aucun ménage** ne serait logé"
    attendues = langue.effectif(flux, "attribution attendue", "attributions attendues")
    dit = f"{debut} d’ici le {langue.jour(echeance)}, sur {attendues}."
    if sans is None:
        return dit
    premier, dernier = (langue.nombre(sans["restants"].iloc[i]) for i in (0, -1))
    suite = f"{dernier} dans {langue.effectif(len(sans), 'semestre')}, entrées comprises"
    return f"{dit} Sans engagement, il en resterait {premier} à la prochaine ICI, {suite}."


def laisse(avec: pd.DataFrame, sans: pd.DataFrame) -> str:
    """What it leaves, at the next séance and at the end of the projection, beside doing nothing more.

    `avec`, `sans`: see `images_orientations.trajectoire`.
    """
    (premier, dernier), temoin = ([langue.nombre(t["restants"].iloc[i]) for i in (0, -1)] for t in (avec, sans))
    return (
        f"**Il en reste {premier}** à la prochaine ICI (sans engagement {temoin[0]}), {dernier} dans "
        f"{langue.effectif(len(avec), 'semestre')} (sans engagement {temoin[1]}), entrées comprises."
    )


def deplace(situation: Situation, scenario: ScenarioEngagement, audience: Audience) -> str:
    """Whom it displaces, if in proportion to the rest of the flow; nothing when what they have already is not said."""
    if not situation.est_observe or isinstance(situation.n_observes_attendus, Peu):
        return ""
    if scenario.n_deplaces == 0:
        return "Aucune attribution n’est déplacée."
    autres = displace(situation.autres, scenario.n_deplaces).set_index("groupe")
    dont = [
        f"{langue.nombre(audience.compte(autres.loc[groupe, 'deplaces']))} {nom}"
        for groupe, nom in (
            ("aci", "à des ménages ACI"),
            ("premier_acces", "à d’autres premiers accès"),
            ("mutation", "à des mutations"),
        )
        if groupe in autres.index and autres.loc[groupe, "deplaces"]
    ]
    suite = f", dont {langue.liste(dont)} si on les prend à tous en proportion (hypothèse)" if dont else ""
    n = audience.compte(scenario.n_deplaces)
    return f"Cela déplace {langue.effectif(n, 'attribution')} qui iraient à d’autres{suite}."


def lieux_tenus(comptes: Iterable[tuple[int, int, int, str]]) -> str:
    """`**3 communes sur 8** et **0 bailleur sur 1** tiennent leur part… ; 12 communes ne se jugent pas`; empty when
    none may be judged.

    `comptes`: how many hold theirs, how many are judged, how many more had one, what they are (commune, bailleur).
    """
    lus = list(comptes)
    juges = [(n, total, quoi) for n, total, _, quoi in lus if total]
    if not juges:
        return ""
    dits = langue.liste([f"**{langue.effectif(n, quoi)} sur {langue.nombre(total)}**" for n, total, quoi in juges])
    un_seul = len(juges) == 1 and langue.agree(juges[0][0], "un", "des") == "un"
    verbe = "tient sa part" if un_seul else "tiennent leur part"
    autres = [(tus, quoi) for _, _, tus, quoi in lus if tus]
    pas = langue.agree(sum(tus for tus, _ in autres), "ne se juge pas", "ne se jugent pas")
    reste = f" ; {langue.liste([langue.effectif(tus, quoi) for tus, quoi in autres])} {pas}" if autres else ""
    return f"{dits} {verbe} de l’engagement{reste}."


def constats(verdicts: Sequence[str]) -> str:
    """`**1 engagement non tenu** et **2 engagements tenus**`, of the previous séances; empty without any.

    `verdicts`: one per engagement, a key of `resultat.VERDICTS`, or "" where its list is no longer there.
    """
    mots = {
        NON_TENU: ("engagement non tenu", "engagements non tenus"),
        TENU: ("engagement tenu", "engagements tenus"),
        EN_COURS: ("engagement en cours", "engagements en cours"),
        "": ("engagement sans constat possible", "engagements sans constat possible"),
    }
    comptes = ((list(verdicts).count(v), *mot) for v, mot in mots.items())
    return langue.liste([f"**{langue.effectif(n, un, des)}**" for n, un, des in comptes if n])


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


def union(croisements: Recouvrements, nom: str, audience: Audience, mois: int | None = None) -> str:
    """The union counted once, and those whom no other segment sees. `mois`: the step of this one, when it moved."""
    seuils = (
        "Chaque segment est pris à son seuil habituel."
        if mois is None
        else f"Celui-ci est pris à {mois}{langue.INSECABLE}mois, les autres à leur seuil habituel."
    )
    tous, actives, seuls = (
        audience.compte(n) for n in (croisements.union, croisements.n_actives, croisements.seuls[nom])
    )
    return (
        f"Les segments se recoupent, leurs comptes ne s’additionnent pas : **{langue.nombre(tous)}** demandes sur "
        f"{langue.nombre(actives)} sont dans au moins un segment ; {langue.nombre(seuls)} ne sont que dans celui-ci. "
        f"{seuils}"
    )


DRAPEAUX = {
    "delai_anormalement_long": "délai anormalement long",
    "multiples_attributions_sous_conditions": "multiples attributions sous conditions",
}


def drapeau(nom: str, n_drapeau: Compte, n_les_deux: Compte, n_segment: Compte) -> str:
    """The SNE's own count beside ours: the difference measures under-recording."""
    return (
        f"Le SNE compte **{langue.effectif(n_drapeau, 'drapeau', 'drapeaux')}** « {DRAPEAUX[nom]} », nous "
        f"**{langue.effectif(n_segment, 'demande')}** ; sont les mêmes : {langue.nombre(n_les_deux)}. L’écart mesure "
        "ce qui n’est pas enregistré."
    )


def muets(bailleurs: Sequence[str]) -> str:
    """Whose households seem to wait without anything, because nothing is recorded."""
    qui = langue.liste(list(bailleurs))
    return f"Aucun événement n’est enregistré par {qui} : leurs candidats paraissent n’avoir jamais été proposés."


def servables(bornes: Servables, audience: Audience) -> str:
    """The bound of what the flow could serve: an assumption that leaves nothing to anybody else."""
    if bornes.n == 0:
        return ""
    n, part = audience.compte(bornes.n_servables), audience.part(bornes.n_servables, bornes.n)
    dite = "" if pd.isna(part) else f" ({langue.part(part)})"
    combien = f"{n.tus} d’entre eux ou moins" if isinstance(n, Peu) else f"au plus {langue.nombre(n)} d’entre eux{dite}"
    n_muets = audience.compte(bornes.n_inconnus)
    dites = langue.effectif(n_muets, "demande ne dit", "demandes ne disent")
    muets = f" {dites} pas où ou quoi, hors de ce compte." if n_muets > 0 else ""
    return (
        f"Six mois de flux serviraient **{combien}** là où ils souhaitent, si tout leur allait "
        f"(hypothèse : moitié des 12 derniers mois, sans regarder ressources ni labels).{muets}"
    )
