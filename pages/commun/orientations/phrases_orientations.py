"""The sentences of 13h30: what a segment counts and over how many, what an engagement takes, leaves and displaces.

Pure: figures in, French out. Numbers between ** are the ones to see from the last row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pandas as pd

from mel_core import langue
from mel_core.engagements.resultat import EN_COURS, NON_TENU, TENU
from mel_core.engagements.situation import Situation
from mel_core.scenarios.engagements import pourquoi_inconnu
from mel_core.secret.regroupement import SEUIL
from mel_core.segments import Recouvrements, SegmentLibre
from mel_core.segments.profil import Servables
from mel_core.simulation.engagement import Scenario, deplacer

MASQUE = f"moins de {SEUIL}"
SANS_LIMITE = 0


def fenetre_dite(mois: int) -> str:
    """`en 24 mois`, or since ever."""
    return "depuis toujours" if mois == SANS_LIMITE else f"en {mois}{langue.INSECABLE}mois"


def regle_dite(
    quoi: str | SegmentLibre,
    n: int,
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
    if isinstance(quoi, SegmentLibre):
        if not quoi.conditions:
            return f"{'sont retenues' if n > 1 else 'est retenue'} : aucune condition n’est encore posée"
        return f"répond{'ent' if n > 1 else ''} à : {quoi.phrase(noms)}"
    un = langue.accorder(n, "", "pluriel") == ""
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


def constat(ou: str, n: int, n_actives: int, regle: str) -> str:
    """`Dans l’ICI 2, **955** demandes actives sur 20 895 ont été … (4,6 %).`"""
    if n_actives == 0:
        return f"Dans {ou}, aucune demande n’était active à cette date."
    if 0 < n < SEUIL:
        return (
            f"Dans {ou}, **{MASQUE} demandes** actives sur {langue.nombre(n_actives)} {regle} : trop peu pour être "
            "montrées."
        )
    if n == 0:
        return f"Dans {ou}, **aucune** demande active sur {langue.nombre(n_actives)} n’est dans ce segment."
    actives = langue.accorder(n, "demande active", "demandes actives")
    return (
        f"Dans {ou}, **{langue.nombre(n)}** {actives} sur {langue.nombre(n_actives)} "
        f"(**{langue.part(n / n_actives)}**) {regle}."
    )


def prend(situation: Situation, scenario: Scenario, echeance: date) -> str:
    """What the engagement takes: lettings, and how it compares with what the flow gives today, when it is known."""
    n, flux = scenario.servis, scenario.flux
    part = f" ({langue.part(n / flux)} du flux attendu)" if flux else ""
    debut = (
        f"**{langue.effectif(n, 'ménage logé', 'ménages logés')}** d’ici le {langue.jour(echeance)}, sur "
        f"{langue.effectif(flux, 'attribution attendue', 'attributions attendues')}{part}"
    )
    deja = scenario.n_observes
    if not situation.est_observe:
        inconnu = f"Ce que le flux leur donne déjà est **inconnu** : {pourquoi_inconnu(situation)}."
        return f"{debut}. {inconnu}" if n else inconnu
    if 0 < deja < SEUIL:  # a few households, and what a subtraction would give back, are not said
        place = {-1: "moins que", 0: "autant que", 1: "plus que"}[(n > deja) - (n < deja)]
        if n == deja:
            debut = f"**Autant de ménages logés** que d’habitude d’ici le {langue.jour(echeance)}"
        return f"{debut} : {place} ce que le flux leur donne déjà ({MASQUE})."
    if n == deja:
        return f"{debut} : autant que ce que le flux leur donne déjà."
    sens = "de plus" if n > deja else "de moins"
    return f"{debut} : **{langue.nombre(abs(n - deja))} {sens}** que ce que le flux leur donne ({langue.nombre(deja)})."


def laisse(avec: pd.DataFrame, sans: pd.DataFrame) -> str:
    """What it leaves, at the next séance and at the end of the projection, beside doing nothing more."""
    premier, dernier = int(avec["restants"].iloc[0]), int(avec["restants"].iloc[-1])
    temoin = [int(sans["restants"].iloc[i]) for i in (0, -1)]
    return (
        f"**Il en reste {langue.nombre(premier)}** à la prochaine ICI (sans engagement {langue.nombre(temoin[0])}), "
        f"{langue.nombre(dernier)} dans {langue.effectif(len(avec), 'semestre')} (sans engagement "
        f"{langue.nombre(temoin[1])}), entrées comprises."
    )


def deplace(situation: Situation, scenario: Scenario) -> str:
    """Whom it displaces, if in proportion to the rest of the flow; nothing when what they have already is unknown."""
    if not situation.est_observe:
        return ""
    if scenario.n_deplaces == 0:
        return "Aucune attribution n’est déplacée."
    autres = deplacer(situation.autres, scenario.n_deplaces).set_index("groupe")["deplaces"]
    dont = [
        f"{langue.nombre(int(autres[groupe]))} {nom}"
        for groupe, nom in (
            ("aci", "à des ménages ACI"),
            ("premier_acces", "à d’autres premiers accès"),
            ("mutation", "à des mutations"),
        )
        if autres.get(groupe, 0)
    ]
    suite = f", dont {langue.liste(dont)} si on les prend à tous en proportion (hypothèse)" if dont else ""
    return f"Cela déplace {langue.effectif(scenario.n_deplaces, 'attribution')} qui iraient à d’autres{suite}."


def lieux_tenus(comptes: Iterable[tuple[int, int, str]]) -> str:
    """`**3 communes sur 8** et **0 bailleur sur 1** tiennent leur part…`; empty when none may be judged.

    `comptes`: how many hold theirs, how many are judged, what they are (commune, bailleur).
    """
    juges = [(n, total, quoi) for n, total, quoi in comptes if total]
    if not juges:
        return ""
    dits = langue.liste([f"**{langue.effectif(n, quoi)} sur {langue.nombre(total)}**" for n, total, quoi in juges])
    un_seul = len(juges) == 1 and langue.accorder(juges[0][0], "un", "des") == "un"
    verbe = "tient sa part" if un_seul else "tiennent leur part"
    return f"{dits} {verbe} de l’engagement (petits lieux regroupés)."


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
    """What the projection assumes, where it is shown."""
    flux = "Flux attendu : moitié des attributions des 12 derniers mois."
    if not situation.est_observe:
        return f"{flux} Ni entrées, ni sorties, ni suite projetée : {pourquoi_inconnu(situation)}."
    observe = (
        f"Semestre écoulé : {langue.effectif(situation.n_observes, 'bail', 'baux')} sur "
        f"{langue.nombre(situation.n_attributions)} pour ce segment"
        if situation.n_observes == 0 or situation.n_observes >= SEUIL
        else f"Semestre écoulé : {MASQUE} baux pour ce segment"
    )
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


def union(croisements: Recouvrements, nom: str, mois: int | None = None) -> str:
    """The union counted once, and those whom no other segment sees. `mois`: the step of this one, when it moved."""
    seuils = (
        "Chaque segment est pris à son seuil habituel."
        if mois is None
        else f"Celui-ci est pris à {mois}{langue.INSECABLE}mois, les autres à leur seuil habituel."
    )
    seuls = croisements.seuls[nom]
    dits = MASQUE if 0 < seuls < SEUIL else langue.nombre(seuls)
    return (
        f"Les segments se recoupent, leurs comptes ne s’additionnent pas : **{langue.nombre(croisements.union)}** "
        f"demandes sur {langue.nombre(croisements.n_actives)} sont dans au moins un segment ; {dits} ne sont que dans "
        f"celui-ci. {seuils}"
    )


DRAPEAUX = {
    "delai_anormalement_long": "délai anormalement long",
    "multiples_attributions_sous_conditions": "multiples attributions sous conditions",
}


def drapeau(nom: str, n_drapeau: int, n_les_deux: int, n_segment: int) -> str:
    """The SNE's own count beside ours: the difference measures under-recording."""
    if min(n_drapeau, n_les_deux, n_segment) < SEUIL:
        return f"Drapeau du SNE « {DRAPEAUX[nom]} » : effectif trop faible pour comparer."
    return (
        f"Le SNE compte **{langue.nombre(n_drapeau)}** drapeaux « {DRAPEAUX[nom]} », nous "
        f"**{langue.nombre(n_segment)}** demandes ; {langue.nombre(n_les_deux)} sont les mêmes. L’écart mesure ce qui "
        "n’est pas enregistré."
    )


def muets(bailleurs: Sequence[str]) -> str:
    """Whose households seem to wait without anything, because nothing is recorded."""
    qui = langue.liste(list(bailleurs))
    return f"Aucun événement n’est enregistré par {qui} : leurs candidats paraissent n’avoir jamais été proposés."


def servables(bornes: Servables) -> str:
    """The bound of what the flow could serve: an assumption that leaves nothing to anybody else."""
    if bornes.n < SEUIL:
        return ""
    n = MASQUE if 0 < bornes.n_servables < SEUIL else langue.nombre(bornes.n_servables)
    part = f" ({langue.part(bornes.n_servables / bornes.n)})" if bornes.n_servables >= SEUIL else ""
    dites = langue.effectif(bornes.n_inconnus, "demande ne dit", "demandes ne disent")
    muets = f" {dites} pas où ou quoi, hors de ce compte." if bornes.n_inconnus >= SEUIL else ""
    return (
        f"Six mois de flux serviraient **au plus {n} d’entre eux{part}** là où ils souhaitent, si tout leur allait "
        f"(hypothèse : moitié des 12 derniers mois, sans regarder ressources ni labels).{muets}"
    )
