"""The card of a place: where a commune or a bailleur stands to both objectives, as who asks then may read it.

Every figure is a cell that another screen says too, in the words that it is said by there: nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mel_core.indicateurs import phrases_constats as phrases
from mel_core.indicateurs import phrases_vues, quartiers
from mel_core.indicateurs.catalogue import ACI, EQUILIBRE, MESURES
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.secret.bail import reader
from mel_core.socle import cibles, langue
from mel_core.socle.appellations import FRAGILITES_EN_TETE
from mel_core.socle.valeurs import Duree

# Cells as they are read: of an indicator, by these cuts.
LireCellules = Callable[[str, tuple[str, ...]], pd.DataFrame]
Cellule = Mapping[Any, Any]

_COURTS = {EQUILIBRE: "équilibre 50/50", ACI: "ACI"}
_COTES_DITS = {
    phrases.DE_TROP: ("au-dessus de son objectif", "au-dessus de leur objectif"),
    phrases.EN_MANQUE: ("au-dessous de son objectif", "au-dessous de leur objectif"),
    phrases.TENU: ("à l’objectif", "à l’objectif"),
    phrases.TROP_PEU: (phrases.TROP_PEU, phrases.TROP_PEU),
}
_RIEN = "trop peu pour comparer"
# Of which quartiers, where no class says it: those which alone may be too many, or lack some.
_OU = {
    phrases.DE_TROP: "quartiers fragiles ou de fragilité moyenne",
    phrases.EN_MANQUE: "quartiers sans fragilité ou de fragilité moyenne",
}
_SENS = {phrases.DE_TROP: "moins", phrases.EN_MANQUE: "plus"}  # of modest households, what brings it nearer
_PLUS_D_ACI = "plus de ménages ACI en premier accès"
# What a side says of the objective: a ceiling where quartiers are fragile, a floor where they are not, and for the ACI.
_DU_COTE = {
    ("fragile", quartiers.AU_DESSUS): phrases.DE_TROP,
    ("fragile", quartiers.AU_DESSOUS): phrases.TENU,
    ("sans", quartiers.AU_DESSUS): phrases.TENU,
    ("sans", quartiers.AU_DESSOUS): phrases.EN_MANQUE,
    (ACI, quartiers.AU_DESSUS): phrases.TENU,
    (ACI, quartiers.AU_DESSOUS): phrases.EN_MANQUE,
}
SANS_CLASSE = "aucune attribution dans un quartier de fragilité connue"
EFFACEE = "ni demandes ni 36 mois : les lignes de cette séance, gelée, ont été effacées"


@dataclass(frozen=True)
class LigneFiche:
    """A line of the picture: an objective, among the quartiers of one class (`classe`) where the place has several;
    `court`: as a sentence calls it.

    `sienne`: the cell of the place; `ici`, `avant`: that of the whole scope, and that of the place at the séance
    before; None where there is none."""

    mesure: str
    titre: str
    court: str
    classe: str
    sienne: Cellule
    ici: Cellule | None
    avant: Cellule | None

    @property
    def est_dessinee(self) -> bool:
        """Whether its share is said: without its own mark a line is empty."""
        return bool(pd.notna(self.sienne["part"]))


@dataclass(frozen=True)
class FicheLieu:
    """`phrase`: the finding. `lignes`: what is drawn, where a share is said. `constats`: what is said of each heading
    under the picture. `a_faire`: what brings it nearer its objectives, empty where it has none."""

    phrase: str
    lignes: tuple[LigneFiche, ...]
    constats: tuple[tuple[str, str], ...]
    a_faire: str


@dataclass(frozen=True)
class Portrait:
    """Of which place, and where its cells are read: `coupe` (commune or bailleur) and `code`, how it is said (`ou`);
    the cells over the year of the séance, over that of the séance before (`avant_dit`; None: the data do not hold it),
    and over 36 months (None: they are no longer counted)."""

    coupe: str
    code: str
    ou: str
    annee: LireCellules
    avant: LireCellules | None
    avant_dit: str
    longue: LireCellules | None

    def find(self, lire: LireCellules, indicateur: str, classe: str = "") -> Cellule | None:
        """Its cell; None without any attribution."""
        lues = lire(indicateur, (self.coupe, "fragilite") if classe else (self.coupe,))
        return _first(lues[lues[self.coupe] == self.code], classe)

    def par_classe(self) -> list[Cellule]:
        """Its cells by class of quartiers, of which something is known."""
        lues = self.annee(EQUILIBRE, (self.coupe, "fragilite"))
        siennes = lues[(lues[self.coupe] == self.code) & lues["fragilite"].isin(phrases.CLASSES)]
        lignes = phrases.arrange(siennes).itertuples(index=False, name=None)
        cellules = [dict(zip(siennes, x, strict=True)) for x in lignes]
        return [x for x in cellules if x["n_connus"].est_possible]

    @property
    def classes(self) -> list[str]:
        """The types of quartiers that its 50/50 is drawn by: none where it has one alone, or where nothing is said of
        any. What a bailleur has in each, no screen says to a room: whoever fills an ICI would know of the others."""
        if self.coupe == "bailleur" and not reader().chez(self.coupe, self.code).lit_tout:
            return []
        connues = self.par_classe()
        if len(connues) < 2 or all(pd.isna(x["part"]) for x in connues):
            return []
        return [str(x["fragilite"]) for x in connues]


def answer(lieu: Portrait, cotes: pd.DataFrame | str) -> FicheLieu:
    """The card. `cotes`: its quartiers over 36 months, as they are read (see `quartiers`), or why nothing is judged."""
    lignes = tuple(_lignes(lieu))
    tous = ", tous bailleurs confondus" if lieu.coupe == "bailleur" else ""
    constats = (
        *((ligne.titre, _sans_part(ligne.sienne)) for ligne in lignes if ligne.classe and not ligne.est_dessinee),
        (f"Depuis {lieu.avant_dit}", _depuis(lignes, lieu)),
        (f"Sur {Duree(quartiers.N_MOIS)}", _sur_la_duree(lieu)),
        ("Quartiers", cotes if isinstance(cotes, str) else _quartiers(cotes, tous)),
    )
    dessinees = tuple(ligne for ligne in lignes if ligne.est_dessinee)
    dits = tuple((tete, dit) for tete, dit in constats if dit)
    return FicheLieu(_phrase(lieu), dessinees, dits, _a_faire(lieu))


def _first(lues: pd.DataFrame, classe: str = "") -> Cellule | None:
    if classe:
        lues = lues[lues["fragilite"] == classe]
    return next((dict(zip(lues, x, strict=True)) for x in lues.itertuples(index=False, name=None)), None)


def _phrase(lieu: Portrait) -> str:
    """`Dans la commune de Roubaix, équilibre 50/50 au-dessus : **185** de trop ; ACI à l’objectif.`"""
    siennes = {nom: lieu.find(lieu.annee, nom) for nom in _COURTS}
    if not any(siennes.values()):
        return phrases_vues.aucune_attribution(lieu.ou)
    if all(lieu.annee(nom, ())["n_connus"].iloc[0] == 0 for nom in _COURTS):
        return (
            "Aucune mesure du bilan ne se calcule ici : ce qui manque, et à qui le demander, est dans Préparer › "
            "Imports, « Données attendues »."
        )
    dits: dict[str, list[str]] = {}
    for nom, court in _COURTS.items():
        dit = phrases.situation(sienne := siennes[nom])
        if nom == ACI and sienne and pd.notna(sienne["cible"]):
            court = f"{court} ({cibles.objectif_dit(sienne)} visés)"
        if sienne and pd.isna(sienne["cible"]) and lieu.annee(nom, ())["cible"].notna().all():
            dit = f"{dit}, {SANS_CLASSE}"
        if sienne and pd.isna(sienne["part"]) and sienne["cote"] in (quartiers.AU_DESSUS, quartiers.AU_DESSOUS):
            assez = reader().regle.part_des  # from which a share is said, unless one of its two counts is too small
            pourquoi = f" : moins de {assez} attributions connues" if sienne["n_connus"] < assez else ""
            dit = f"{dit} (écart non dit{pourquoi})"
        dits.setdefault(dit, []).append(f"**{court}**")
    return f"{lieu.ou}, {' ; '.join(f'{langue.liste(courts)} {dit}' for dit, courts in dits.items())}."


def _lignes(lieu: Portrait) -> Iterator[LigneFiche]:
    classes = lieu.classes
    for nom, classe in [*((EQUILIBRE, c) for c in classes or [""]), (ACI, "")]:
        sienne = lieu.find(lieu.annee, nom, classe)
        if sienne is None:
            continue
        ici = _first(lieu.annee(nom, ("fragilite",) if classe else ()), classe)
        avant = lieu.find(lieu.avant, nom, classe) if lieu.avant else None
        titre, court = FRAGILITES_EN_TETE.get(classe, MESURES[nom].titre), phrases.QUARTIERS.get(classe, _COURTS[nom])
        entiere = avant if avant and phrases.duree_de(avant).est_entiere else None
        yield LigneFiche(nom, titre, court, classe, sienne, ici, entiere)


def _sans_part(sienne: Cellule) -> str:
    """`45 attributions connues, au-dessus`: of a class that is not drawn. 29, read « 30 », are too few for a side."""
    n, connue = sienne["n_connus"], ("attribution connue", "attributions connues")
    est_arrondi_au_seuil = n >= EFFECTIF_MINIMAL and pd.isna(sienne["cote"])
    connues = (
        f"moins de {langue.effectif(EFFECTIF_MINIMAL, *connue)}"
        if est_arrondi_au_seuil
        else langue.effectif(n, *connue)
    )
    return f"{connues}, {phrases.ecart_de_ligne(sienne)}"


def _depuis(lignes: tuple[LigneFiche, ...], lieu: Portrait) -> str:
    """`plus près de l’objectif : ACI ; plus loin : quartiers fragiles`; else why it is not said."""
    if not lignes:
        return ""
    if lieu.avant is None:
        return "rien à comparer : cette séance n’est pas dans les données"
    avant = lieu.find(lieu.avant, ACI) or lieu.find(lieu.avant, EQUILIBRE)
    for cellule in filter(None, (avant, lignes[0].sienne)):
        if not (duree := phrases.duree_de(cellule)).est_entiere:
            return f"rien à comparer : {duree}"
    mots: dict[str, list[str]] = {}
    for ligne in lignes:
        mots.setdefault(_mouvement(ligne), []).append(ligne.court)
    dits = {mot: langue.liste(titres) for mot, titres in mots.items() if mot != _RIEN}
    reste = [f"{_RIEN} le reste" if dits else _RIEN] if _RIEN in mots else []
    return " ; ".join([*(f"{mot} : {titres}" for mot, titres in dits.items()), *reste])


def _mouvement(ligne: LigneFiche) -> str:
    """From one share that is said to the other, each against its own objective; of several classes of quartiers, which
    pull both ways, from one gap to the other."""
    if ligne.mesure == EQUILIBRE and not ligne.classe and pd.isna(ligne.sienne["verdict"]):
        return _mouvement_des_classes(ligne)
    avant, apres = _distance(ligne.avant), _distance(ligne.sienne)
    if avant is None or apres is None:
        return _RIEN
    if apres == 0:
        return "objectif rejoint" if avant else "toujours à l’objectif"
    if apres == avant:
        return f"au même point{'' if reader().lit_tout else ', à l’unité'}"
    return f"plus {'près' if apres < avant else 'loin'} de l’objectif" if avant else "objectif perdu"


def _mouvement_des_classes(ligne: LigneFiche) -> str:
    """Side by side, never added up: rounded, a sum of both could turn the other way; of a side that is not said,
    nothing is compared."""
    if ligne.avant is None or _est_peu(ligne.avant) or _est_peu(ligne.sienne):
        return _RIEN
    avant, apres = phrases.ecart_de(ligne.avant), phrases.ecart_de(ligne.sienne)
    cotes = (avant.trop, apres.trop), (avant.manque, apres.manque)
    if tus := [n for cote in cotes for n in cote if n.dit is None]:
        return f"non comparé, un des écarts étant de {tus[0]}" if all(n.est_tu for n in tus) else _RIEN
    pas = {(apres.dit or 0) - (avant.dit or 0) for avant, apres in cotes}
    if pas == {0}:
        return f"au même point{'' if reader().lit_tout else ', aux arrondis près'}"
    if min(pas) < 0 < max(pas):
        return "plus près d’un côté, plus loin de l’autre"
    return f"plus {'près' if min(pas) < 0 else 'loin'} de ses objectifs"


def _distance(cellule: Cellule | None) -> float | None:
    """In points, 0 where the objective is met; None where no share is said, or too few are known."""
    if cellule is None or cellule["n_connus"] < EFFECTIF_MINIMAL or pd.isna(cellule["ecart_points"]):
        return None
    return 0.0 if phrases.verdict_de(cellule) == phrases.TENU else abs(float(cellule["ecart_points"]))


def _a_faire(lieu: Portrait) -> str:
    """`moins de ménages modestes en quartiers fragiles ; plus de ménages ACI en premier accès`; empty where it has no
    objective. Of the year, which judges: 36 months may say otherwise."""
    entieres = {nom: lieu.find(lieu.annee, nom) for nom in _COURTS}
    equilibre = entieres[EQUILIBRE]
    # Of all its classes at once, where none alone says enough.
    gestes = _correct(lieu.par_classe()) or _correct([equilibre] if equilibre else [])
    if not gestes and equilibre and _est_ecarte(equilibre):
        gestes = "équilibre 50/50, trop peu d’attributions par type de quartiers pour dire où corriger"
    aci = entieres[ACI]
    dits = [gestes, _PLUS_D_ACI if aci and _tenue(ACI, aci) == phrases.EN_MANQUE else ""]
    verdicts = {phrases.verdict_de(entiere) for entiere in entieres.values() if entiere}
    if any(dits):
        return " ; ".join(filter(None, dits))
    if verdicts == {phrases.TENU}:
        return "rien à corriger"
    return "trop peu d’attributions en douze mois pour dire quoi corriger" if phrases.TROP_PEU in verdicts else ""


def _est_ecarte(cellule: Cellule) -> bool:
    """Whether it is said to be off its objective, by its gap or by its side."""
    verdict = phrases.verdict_de(cellule)
    return verdict in phrases.ECARTES or (verdict == phrases.TROP_PEU and not _est_tue(cellule))


def _correct(cellules: Sequence[Cellule]) -> str:
    """`moins de ménages modestes en quartiers fragiles, plus en quartiers sans fragilité`: what these cells of the
    50/50 ask; empty where none asks anything alone."""
    ou: dict[str, list[str]] = {}
    for cellule in cellules:
        classe = cellule.get("fragilite", "")
        tenue = _tenue(classe or EQUILIBRE, cellule)
        if tenue in _SENS:
            ou.setdefault(_SENS[tenue], []).append(phrases.QUARTIERS.get(classe, _OU[tenue]))
    quoi = [" de ménages modestes", ""]  # said once
    dits = [f"{sens}{de} en {langue.liste(q)}" for (sens, q), de in zip(ou.items(), quoi, strict=False)]
    return ", ".join(dits)


def _tenue(quoi: str, cellule: Cellule) -> str:
    """How a cell stands to its objective, by its gap, else by the side that is told of `quoi`, a class or a measure."""
    verdict = phrases.verdict_de(cellule)
    if verdict == phrases.TROP_PEU and not _est_peu(cellule):
        return _DU_COTE.get((quoi, cellule["cote"]), verdict)
    return verdict


def _sur_la_duree(lieu: Portrait) -> str:
    """The side over 36 months of what twelve say too little of; empty where they say it."""
    if lieu.longue is None:
        return ""
    dits = {}
    for nom, court in _COURTS.items():
        sienne, longue = (lieu.find(lire, nom) for lire in (lieu.annee, lieu.longue))
        if longue is not None and (sienne is None or _est_tue(sienne)):
            dits[court] = _cote(longue, est_plancher=nom == ACI)
    if set(dits.values()) == {phrases.TROP_PEU}:
        return f"{phrases.TROP_PEU}, comme sur douze"
    dit = " ; ".join(f"{court} {cote}" for court, cote in dits.items())
    return f"{dit} (douze mois ne le disent pas)" if dits else ""


def _est_tue(cellule: Cellule) -> bool:
    """Whether the year tells neither the side of the objective nor that it is met."""
    est_faible = phrases.verdict_de(cellule) == phrases.TROP_PEU
    return est_faible and (cellule["cote"] not in (quartiers.AU_DESSUS, quartiers.AU_DESSOUS) or _est_peu(cellule))


def _est_peu(cellule: Cellule) -> bool:
    return bool(cellule["n_connus"] < EFFECTIF_MINIMAL)


def _cote(longue: Cellule, *, est_plancher: bool) -> str:
    if not (duree := phrases.duree_de(longue, quartiers.N_MOIS)).est_entiere:
        return f"non jugé sur {duree}"
    if _est_peu(longue) or longue["cote"] not in phrases.COTES:
        return phrases.TROP_PEU
    if est_plancher and longue["cote"] == quartiers.AU_DESSUS:
        return phrases.TENU
    return phrases.say_cote(longue["cote"], "" if est_plancher else f"de {cibles.objectif_dit(longue)}")


def _quartiers(cotes: pd.DataFrame, tous: str) -> str:
    """`**5** au-dessus de leur objectif, **3** à l’objectif et **4** trop peu pour le dire, sur 36 mois`. `tous`: of a
    bailleur, whose attributions they are judged on."""
    tenues = pd.Series([_cote_du_quartier(x) for _, x in cotes.iterrows()], dtype=object).value_counts()
    dits = [
        f"**{tenues[mot]}** {langue.agree(int(tenues[mot]), *dits)}"
        for mot, dits in _COTES_DITS.items()
        if mot in tenues
    ]
    return f"{langue.liste(dits)}{tous}, sur {Duree(quartiers.N_MOIS)}" if dits else ""


def _cote_du_quartier(quartier: pd.Series) -> str:
    """What a quartier is told to be: of a band, by its verdict alone."""
    if quartier["fragilite"] == "moyenne":
        return phrases.verdict_de(quartier)
    return _DU_COTE.get((quartier["fragilite"], quartier["cote"]), phrases.TROP_PEU)
