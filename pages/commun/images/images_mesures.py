"""From the lines of a measure to its picture: which lines are drawn, and what is written beside each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from mel_core.indicateurs import conventions, mesures, phrases_constats, phrases_mesures, phrases_vues
from mel_core.indicateurs.definitions import DE_CLASSES, ImageBilan
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.appellations import RESSOURCES
from mel_core.socle.valeurs import Compte
from pages.commun.images import couleurs, images_objectif, images_parts
from pages.commun.images import lignes as dessins
from pages.commun.images.gabarit import Image, axe_de_parts, count_lus, est_projete, nom_projete
from pages.commun.mesures.lecture_bilan import par_ligne
from pages.commun.mesures.lecture_mesures import LectureMesure

LIGNES_DESSINEES = 12
LIGNES_HAUTES = 8  # of a room, of lines so high that a ring under what is written, or a number on a part, has its room
_LIGNES_MIN = 3
APRES_TOUTES = 1_000_000  # a rank beyond any line: of places that are not compared with the others, drawn apart
# Of what a room has before its eyes at once (product.md), what its sentence and its lines share: the rest is the state
# and its year, the objective, the séance before, and how many are not drawn.
_MOTS, _NOMBRES = 70 - 13, 30 - 5
_MOTS_DU_LEVIER = 37  # at the most, of a sentence that changes under a hand while the lines stay
_TONS_CLASSES = (
    (couleurs.AU_DESSOUS, couleurs.PAPIER),
    (couleurs.AU_DESSOUS_CLAIR, couleurs.ENCRE),
    (couleurs.AU_DESSUS_CLAIR, couleurs.ENCRE),
    (couleurs.AU_DESSUS, couleurs.PAPIER),
    (couleurs.FOND_DOUX, couleurs.ENCRE),
)
SIGNES = {"au-dessus": "▲", "au-dessous": "▼", "indecis": "="}
CLASSES_TUES, _DISTRIBUTION = "classes non dites", "Répartition des attributions selon les ressources"
_PART_LISIBLE = 0.055  # a narrower segment has no room for its figure


def n_dessinees(lignes: pd.DataFrame, phrase: str = "") -> int:
    """How many of these lines are drawn, from the top; in a room, as many as the `phrase` over them (empty: that of a
    lever) leaves words and numbers for. `lignes`: `rang`, `nom`, and what tells its gap to an objective where it has
    one."""
    if not est_projete():
        return LIGNES_DESSINEES
    dessinables = lignes.drop_duplicates("rang").sort_values("rang")
    rangees = par_ligne(dessinables)
    if "verdict" in dessinables and dessinables["cible"].notna().any():
        dits = sans_redite(rangees, [phrases_constats.ecart_de_ligne(x) for x in rangees])
    else:  # a share; of how many, or a count of how many
        dits = ["0" if {"part_modestes", "part_occupants"} & x.keys() else "0 sur 0" for x in rangees]
    comptes = [count_lus(f"{nom_projete(x['nom'])} : {dit}") for x, dit in zip(rangees, dits, strict=True)]
    mots, nombres = pd.DataFrame(comptes, columns=["mots", "nombres"]).cumsum().to_numpy().T
    n_mots, n_nombres = count_lus(phrase) if phrase else (_MOTS_DU_LEVIER, 0)
    propres = 2 if "cible_de" in dessinables and dessinables["cible_de"].ne("ensemble").any() else 0  # their legend
    tiennent = (mots + n_mots + propres <= _MOTS) & (nombres + n_nombres <= _NOMBRES)
    a_un_anneau = "avant" in lignes and lignes["avant"].notna().any()
    return min(LIGNES_HAUTES if a_un_anneau else LIGNES_DESSINEES, max(_LIGNES_MIN, int(tiennent.sum())))


def draw(lecture: LectureMesure, lignes: pd.DataFrame, coupe: str, phrase: str = "") -> tuple[list[Image], str]:
    """The figures side by side, under their `phrase`, and what they leave out; no figure when no line can be drawn. Of
    two figures, a room has the last alone; of one bar, it has the words. Of classes, all are drawn."""
    image, dessinables = lecture.mesure.image, _dessinables(lecture.mesure.image, lignes)
    note = phrases_vues.note(image)
    n = LIGNES_DESSINEES if coupe in DE_CLASSES else n_dessinees(dessinables, phrase and f"{phrase} {note}")
    vues = dessinables[dessinables["rang"] < n]
    if vues.empty:
        return [], ""
    if image is ImageBilan.PARTS:
        if est_projete() and vues["cible"].isna().all():  # without an objective, the largest places by their share
            vues = vues.sort_values("part", ascending=False, kind="stable", key=lambda parts: parts.astype(float))
        dessinee = parts(lecture, vues)
        return ([dessinee] if dessinee else []), _autres(dessinables, lignes, coupe, n)
    figures = _DESSINS[image](lecture, vues)
    if image is ImageBilan.VOLUMES and (est_projete() or len(figures) == 1):
        note = "Part de ménages ACI en premier accès."
    notes = [note] if note else []
    total = dessinables["rang"].nunique()
    if image is ImageBilan.EFFECTIFS and est_projete() and total == 1:
        return [], f"{figures[0].lecture}. {_tus(lignes)}".strip()
    if est_projete() and image is not ImageBilan.EFFECTIFS:
        notes.append(_restent(vues, lignes, coupe))
        return figures[-1:], " ".join(filter(None, notes))
    if total > n:
        notes.insert(0, phrases_vues.premiers(n, total))
    if dits := _tus(lignes) if image is ImageBilan.EFFECTIFS else _tues(lignes, total, lecture):
        notes.append(dits)
    return figures, " ".join(notes)


def au_levier(lecture: LectureMesure, lignes: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The lines that are drawn under a lever, numbered from the top, and what they leave out."""
    dessinables = _dessinables(lecture.mesure.image, lignes)
    n = n_dessinees(dessinables)
    return dessinables[dessinables["rang"] < n], _autres(dessinables, lignes, "commune", n)


def _restent(vues: pd.DataFrame, lignes: pd.DataFrame, coupe: str) -> str:
    """Of a room: the lines that are not among those drawn. What is of no class is not one."""
    restent = lignes[~lignes["ligne"].isin(vues["ligne"])].drop_duplicates("ligne")
    if coupe in DE_CLASSES:
        restent = restent[~restent["ligne"].str.endswith("inconnu")]
    return phrases_vues.restent(coupe, list(restent["nom"]))


def _autres(dessinables: pd.DataFrame, lignes: pd.DataFrame, coupe: str, n: int) -> str:
    """What is not drawn, beyond `n` lines, is counted, with what may be said of it."""
    restent = dessinables[dessinables["rang"] >= n]
    tues = lignes["rang"].nunique() - dessinables["rang"].nunique()
    if est_projete():  # the sentence says how many are off, hold theirs, are not judged
        return _restent(dessinables[dessinables["rang"] < n], lignes, coupe)
    dits = [autres(restent)]
    if tues:
        cotes = lignes.loc[~lignes["ligne"].isin(dessinables["ligne"]), "cote"]
        par_cote = [
            f"{langue.nombre(int((cotes == cote).sum()))} {dit}"
            for cote, dit in (("au-dessus", "au-dessus"), ("au-dessous", "au-dessous"))
            if (cotes == cote).any()
        ]
        dont = f" : {langue.liste(par_cote)} de l’objectif" if par_cote else ""
        trop_peu = langue.effectif(tues, "autre n’a pas assez", "autres n’ont pas assez")
        dits.append(f"{trop_peu} d’attributions pour une part{dont}.")
    return " ".join(filter(None, dits))


def autres(restent: pd.DataFrame, tous: str = "toutes") -> str:
    """`Et 9 autres, toutes à l’objectif.`: lines that are not drawn; empty when all are. `tous`: as they are called."""
    verdicts = [phrases_constats.verdict_de(x) for x in par_ligne(restent)]
    if not verdicts:
        return ""
    sont = {phrases_constats.TENU: f", {tous} à l’objectif", phrases_constats.SANS_OBJECTIF: ""}
    suite = sont.get(verdicts[0], "") if len(set(verdicts)) == 1 else ", plus près de l’objectif"
    return f"Et {langue.effectif(len(verdicts), 'autre')}{suite}."


def _tus(lignes: pd.DataFrame) -> str:
    """The lines whose count a room is not told: those that are drawn are not all."""
    tus = [n for n in lignes["numerateur"] if n.est_tu]
    if not tus:
        return ""
    lesquelles = "L’autre" if len(tus) == 1 else f"Chacune des {langue.nombre(len(tus))} autres"
    return f"{lesquelles} : {langue.nombre(tus[0])}."


def _tues(lignes: pd.DataFrame, n_dessinables: int, lecture: LectureMesure) -> str:
    """How many lines have no mark: of a share it is not said; of a pair, it may be one of both that nobody knows."""
    n = 0 if reader().lit_tout else lignes["rang"].nunique() - n_dessinables
    quoi = langue.agree(n, "dessinée" if lecture.mesure.image is ImageBilan.PAIRES else "dite")
    return f"{langue.effectif(n, 'autre ligne', 'autres lignes')} : non {quoi}." if n else ""


def _dessinables(image: ImageBilan, lignes: pd.DataFrame) -> pd.DataFrame:
    """Lines with a figure, numbered from the top: in the order received, or by volume where a volume is drawn."""
    gardees = lignes[lignes["n_connus"].gt(0)]
    if image in (ImageBilan.PARTS, ImageBilan.VOLUMES, ImageBilan.CONVENTIONS):
        gardees = gardees[gardees["part"].notna()]
    if image is ImageBilan.PARTS:
        rangees = par_ligne(gardees)
        tailles = [-phrases_constats.ecart_de(x).taille for x in rangees]
        # Of those whose gap is not said, one that is off its objective comes before those that hold theirs, and before
        # those that are too few to conclude.
        proches = [phrases_constats.verdict_de(x) not in phrases_constats.ECARTES for x in rangees]
        gardees = gardees.assign(est_apart=gardees["rang"] >= APRES_TOUTES, taille=tailles, est_proche=proches)
        gardees = gardees.sort_values(["est_apart", "taille", "est_proche", "rang"], kind="stable")
    if image is ImageBilan.EFFECTIFS:
        gardees = gardees[gardees["numerateur"].gt(0)]
    if ordre := {ImageBilan.EFFECTIFS: "numerateur", ImageBilan.VOLUMES: "n_total"}.get(image):
        gardees = gardees.sort_values(ordre, ascending=False, kind="stable", key=lambda n: n.astype(float))
    if image is ImageBilan.VOLUMES:  # the first line is the contingent that the sentence names
        hors = gardees["ligne"].isin(phrases_mesures.HORS_CONTINGENT)
        gardees = pd.concat([gardees[~hors], gardees[hors]])
    if image is ImageBilan.CLASSES and est_projete():  # both sides that it draws are said by one share
        gardees = gardees[gardees["part_modestes"].notna()]
    if image is ImageBilan.PAIRES:
        gardees = gardees[gardees["ecart_points"].notna()]
    rangs = {ancien: i for i, ancien in enumerate(dict.fromkeys(gardees["rang"]))}
    return gardees.assign(rang=gardees["rang"].map(rangs))


def _part_de(part: float, n: Compte) -> str:
    return f"{langue.part(part)} de {langue.nombre(n)}"


def _base(vues: pd.DataFrame, dits: list[str], infobulles: Sequence[str] = (), **chiffres: str) -> pd.DataFrame:
    """`infobulles`: none, the name of each and what is said of it; `chiffres`: the columns that are drawn, by what the
    drawing calls them."""
    infobulles = infobulles or [f"{nom} : {dit}" for nom, dit in zip(vues["nom"], dits, strict=True)]
    lus = {nom: vues[colonne].astype(float).to_numpy() for nom, colonne in chiffres.items()}
    return pd.DataFrame({"libelle": vues["nom"].to_numpy(), "valeur_dit": dits, "infobulle": infobulles, **lus})


def _read(base: pd.DataFrame) -> str:
    return " ; ".join(f"{nom} {valeur}" for nom, valeur in zip(base["libelle"], base["valeur_dit"], strict=True))


def face_a_l_objectif(ligne: Mapping[Any, Any]) -> str:
    """A share against its agreement, which is named, and what is said of it."""
    lecture = phrases_constats.lecture(ligne["verdict"], ligne["cote"], ligne["n_connus"])
    return conventions.face_a_l_objectif(ligne, lecture)


def parts(lecture: LectureMesure, vues: pd.DataFrame, essayee: Fraction | None = None, ou: str = "") -> Image | None:
    """The share of each line against the objective in force, and `essayee`, one that is tried; without an objective,
    against the whole, which is called `ou` where it is not the scope. `vues`: numbered from the top."""
    objectif = _objectif(vues)
    ensemble = float(lecture.ensemble["part"].astype(float).iloc[0])
    if objectif is None and essayee is None and pd.isna(ensemble):
        return None
    rangees = par_ligne(vues)
    gaps = [phrases_constats.ecart_de_ligne(x) for x in rangees]
    lues = [_part_de(x["part"], x["n_connus"]) for x in rangees]
    est_jugee = vues["cible"].notna().any() and phrases_constats.duree_de(vues).est_entiere
    limites = _limites(vues, float(objectif) if objectif is not None else ensemble)
    base = _base(
        vues,
        sans_redite(rangees, gaps) if est_jugee else lues,
        [f"{x['nom']} : {lu}, {gap}" for x, lu, gap in zip(rangees, lues, gaps, strict=True)],
    )
    propre = vues["cible"].astype(float).where(vues["cible_de"].ne("ensemble") & (vues["cible"].astype(float) <= 1))
    base = base.assign(
        part=vues["part"].astype(float).to_numpy(),
        verdict=[phrases_constats.verdict_de(x) for x in rangees],
        propre=propre.to_numpy(),
        bas_95=limites["bas_95"].to_numpy(),
        haut_95=limites["haut_95"].to_numpy(),
        code=vues["ligne"].to_numpy(),
        **{colonne: vues[colonne].to_numpy() for colonne in ("avant", "avant_dit") if colonne in vues},
    )
    repere = (ensemble, langue.typeset(f"{ou or lecture.cle[3] or 'Métropole'} : {langue.part(ensemble)}"))
    titre = f"{lecture.mesure.titre} : part de chaque ligne"
    sans = objectif is None and essayee is None
    return images_parts.parts(
        base, images_objectif.cibles(objectif, essayee), repere if sans else None, titre, _read(base)
    )


def sans_redite(rangees: list[dict[Any, Any]], gaps: list[str]) -> list[str]:
    """`115 de trop`, then of the lines under it with the same mark, on the same side: `40`, `35`; `60 de trop et 15 en
    manque`, then `50 et 20`."""
    dits: list[str] = []
    lus: set[tuple[object, ...]] = set()
    dernier: object = None
    for ligne, gap in zip(rangees, gaps, strict=True):
        ecart, verdict = phrases_constats.ecart_de(ligne), phrases_constats.verdict_de(ligne)
        mark = verdict, ecart.trop.est_possible, ecart.manque.est_possible
        est_dit = gap == ecart.dit() and (ecart.trop > 0 or ecart.manque > 0)
        # A mark of too few to conclude tells no side: its words are those of the line over it.
        est_redit = mark == dernier if verdict == phrases_constats.TROP_PEU else mark in lus
        nombres = [langue.nombre(n) for n in (ecart.trop, ecart.manque) if n.est_possible]
        dits.append(" et ".join(nombres) if est_dit and est_redit else gap)
        dernier = mark if est_dit else None
        lus |= {mark} if est_dit else set()
    return dits


def _objectif(lignes: pd.DataFrame) -> Fraction | None:
    """The share in force for all of the lines. That of one place alone, or a number a year, is said on its own line."""
    cibles = lignes.loc[lignes["cible_de"] == "ensemble", "cible"].dropna()
    cibles = cibles[cibles.astype(float) <= 1]
    return Fraction(str(cibles.iloc[0])) if len(cibles) else None


def _limites(vues: pd.DataFrame, reference: float) -> pd.DataFrame:
    """The control limits around the reference, for who reads exact figures."""
    if not reader().lit_tout or pd.isna(reference):
        return pd.DataFrame({"bas_95": float("nan"), "haut_95": float("nan")}, index=vues.index)
    return mesures.limites_autour(vues["n_connus"].astype(float), reference)


def _classes(lecture: LectureMesure, vues: pd.DataFrame) -> list[Image]:
    une = vues.drop_duplicates("rang")
    if est_projete():  # the two sides that the sentence tells
        cotes = ("Ménages modestes", "Autres ménages")
        return [images_parts.deux_cotes(list(une["nom"]), une["part_modestes"].astype(float), cotes, _DISTRIBUTION)]
    siennes = [
        dessins.Part(
            x.rang,
            RESSOURCES[x.classe],
            part,
            langue.part(part, 0) if part >= _PART_LISIBLE else "",
            f"{x.nom}, {RESSOURCES[x.classe].lower()} : {langue.part(x.part)} "
            f"({langue.nombre(x.numerateur)} sur {langue.nombre(x.n)})",
        )
        for x, part in zip(vues.itertuples(), vues["part"].astype(float), strict=True)
    ]
    dits = [_part_de(p, n) for p, n in zip(une["part_modestes"], une["n_ressources_connues"], strict=True)]
    base = _base(
        une,
        dits,
        [f"{nom} : {langue.effectif(n, 'attribution')}" for nom, n in zip(une["nom"], une["n"], strict=True)],
    )
    muettes = dict.fromkeys(vues["rang"].loc[vues.groupby("rang")["part"].transform("count").eq(0)], CLASSES_TUES)
    series, axe = dict(zip(RESSOURCES.values(), _TONS_CLASSES, strict=True)), {**axe_de_parts(), "visible": False}
    return [dessins.empilees(base, siennes, series, axe, _DISTRIBUTION, muettes=muettes)]


def _effectifs(lecture: LectureMesure, vues: pd.DataFrame) -> list[Image]:
    dits = [f"{langue.nombre(k)} sur {langue.nombre(n)}" for k, n in zip(vues["numerateur"], vues["n"], strict=True)]
    base = _base(vues, dits, effectif="numerateur")
    return [dessins.effectifs(base, lecture.mesure.qui[0], f"{lecture.mesure.titre} : nombre par ligne", _read(base))]


def _volumes(lecture: LectureMesure, vues: pd.DataFrame) -> list[Image]:
    """The volume of each réservataire, then the share of ACI households among its first accesses, on the same lines."""
    dits = [langue.nombre(n) for n in vues["n_total"].astype(float)]
    bulles = [
        f"{nom} : {langue.effectif(n, 'attribution')}" for nom, n in zip(vues["nom"], vues["n_total"], strict=True)
    ]
    volumes = _base(vues, dits, bulles, effectif="n_total")
    quoi = "Attributions par réservataire"
    premiers = parts(lecture, vues)
    return [dessins.effectifs(volumes, "Attributions", quoi, _read(volumes)), *([premiers] if premiers else [])]


def paires(vues: pd.DataFrame) -> Image:
    """Entrants beside occupants. `vues`: `rang`, `nom`, `n_connus`, `part`, `part_occupants`, `ecart_points`."""
    dits = [_ecart_des_entrants(x.ecart_points, x.n_connus, rang) for rang, x in enumerate(vues.itertuples())]
    infobulles = [
        f"{x.nom} : {langue.part(x.part)} {langue.de_tous(x.n_connus, 'entrant')}, {langue.part(x.part_occupants)} "
        f"des occupants"
        for x in vues.itertuples()
    ]
    colonnes = ("part", "part_occupants")
    base = _base(vues, dits, infobulles, **{c: c for c in colonnes})
    x = dessins.parts_jusqu_a([*base["part"], *base["part_occupants"]])
    titre = "Part de ménages modestes, entrants et occupants"
    return dessins.deux_points(base, ("Entrants", "Occupants en place"), colonnes, x, titre)


def _ecart_des_entrants(points: float, n: Compte, rang: int) -> str:
    """A room reads the unit once, on the first line."""
    if n < EFFECTIF_MINIMAL:
        return phrases_mesures.TROP_FAIBLE_COURT
    if est_projete():
        return langue.ecart(points) if rang else langue.points(points)
    return f"{langue.points(points)} (n{langue.INSECABLE}={langue.INSECABLE}{langue.nombre(n)})"


def _delais(lecture: LectureMesure, vues: pd.DataFrame) -> list[Image]:
    vues = vues[vues["mediane_mois"].notna()]
    dits = [
        f"{phrases_mesures.mois(x.mediane_mois)} puis {phrases_mesures.mois(x.p90_mois)} mois, sur "
        f"{langue.nombre(x.n_connus)}"
        for x in vues.itertuples()
    ]
    base = _base(vues, dits, mediane="mediane_mois", p90="p90_mois")
    x = dessins.nombres(pd.Series([0.0, *base["p90"]]), "mois")
    series, titre = ("Médiane", "Neuf sur dix"), "Délai d’attribution, en mois"
    return [dessins.deux_points(base, series, ("mediane", "p90"), x, titre, _read(base))]


def _conventions(lecture: LectureMesure, vues: pd.DataFrame) -> list[Image]:
    """How far each réservataire is from its agreements, one by one; where none is judged, what it has of the flux."""
    sens = {"manque": "manque", "trop": "de trop"}
    rangees = par_ligne(vues)
    parts = [langue.part(x["part"]) for x in rangees]
    # Of one that each bailleur agreed with for itself, what is held is said agreement by agreement.
    de_chacun = [x["n_objectifs"] and not conventions.objectif(x) for x in rangees]
    buts = ["objectifs par bailleur" if d else face_a_l_objectif(x) for x, d in zip(rangees, de_chacun, strict=True)]
    infobulles = [
        f"{x['nom']} : {_part_de(x['part'], x['n_connus'])}, {but} ; {conventions.tenues(x)}"
        for x, but in zip(rangees, buts, strict=True)
    ]
    if not vues["n_objectifs"].sum():
        base = _base(vues, parts, infobulles).assign(effectif=vues["numerateur"].astype(float).fillna(0).to_numpy())
        return [dessins.effectifs(base, "Attributions", "Flux par réservataire")]
    ecarts = [
        langue.liste([f"{mot} {langue.nombre(x[c])}" for c, mot in sens.items() if x[c] != 0]) or "aucun écart"
        if x["n_objectifs"]
        else "sans objectif"
        for x in rangees
    ]
    base = _base(vues, [f"{part}, {ecart}" for part, ecart in zip(parts, ecarts, strict=True)], infobulles)
    base = base.assign(**{c: vues[c].astype(float).fillna(0).to_numpy() for c in sens})
    titre = "Écart aux conventions, bailleur par bailleur"
    return [dessins.ecarts(base, titre, f"{_read(base)}. {' ; '.join(infobulles)}")]


_DESSINS: dict[ImageBilan, Callable[[LectureMesure, pd.DataFrame], list[Image]]] = {
    ImageBilan.CLASSES: _classes,
    ImageBilan.EFFECTIFS: _effectifs,
    ImageBilan.PAIRES: lambda _, vues: [paires(vues)],
    ImageBilan.VOLUMES: _volumes,
    ImageBilan.DELAIS: _delais,
    ImageBilan.CONVENTIONS: _conventions,
}
