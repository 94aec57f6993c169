"""From the lines of a measure to its picture: which lines are drawn, and what is written beside each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from mel_core.indicateurs import entonnoir, phrases_constats, phrases_flux, phrases_mesures
from mel_core.indicateurs.definitions import ImageBilan
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.appellations import RESSOURCES
from mel_core.socle.valeurs import Compte
from pages.commun.images import couleurs
from pages.commun.images import lignes as dessins
from pages.commun.images.gabarit import Image, axe_de_parts
from pages.commun.mesures.lecture_bilan import par_ligne
from pages.commun.mesures.lecture_mesures import Lecture

LIGNES_DESSINEES = 12
LIGNES_SUR_UN_LEVIER = 4  # that a room reads over a lever: see `avec_levier` in salle.css
_NOTES = {
    ImageBilan.PARTS: f"En gris, les limites de contrôle à 95 % : ▲ ▼ au-delà, ○ {phrases_constats.TROP_FAIBLE_DIT}.",
    ImageBilan.VOLUMES: "À droite, la part de ménages ACI en premier accès ; en gris, les limites de contrôle à 95 %.",
    ImageBilan.DELAIS: "Délai des ménages logés : ne se compare pas à l’ancienneté de ceux qui attendent.",
    ImageBilan.PAIRES: "À droite, l’écart des entrants aux occupants, et le nombre d’entrants aux ressources connues.",
    ImageBilan.CONVENTIONS: "Convention par convention, hors mutations et relogements NPRU.",
    ImageBilan.CLASSES: "À droite, la part de ménages modestes parmi les ressources connues. Bornes supposées : 20, 40 "
    "et 60 % du plafond PLUS.",
}
# In a room, where no share of so few is said: of PARTS, and over a lever, where words have one line; of VOLUMES.
_NOTE_EN_SALLE = "En gris, les limites de contrôle à 95 % : ▲ ▼ au-delà."
_NOTE_SUR_UN_LEVIER = "▲ ▼ hors des limites."
_NOTE_D_UNE_IMAGE = "Part de ménages ACI en premier accès ; en gris, les limites de contrôle à 95 %."
_TONS_CLASSES = (
    (couleurs.AU_DESSOUS, couleurs.PAPIER),
    (couleurs.AU_DESSOUS_CLAIR, couleurs.ENCRE),
    (couleurs.AU_DESSUS_CLAIR, couleurs.ENCRE),
    (couleurs.AU_DESSUS, couleurs.PAPIER),
    (couleurs.FOND_DOUX, couleurs.ENCRE),
)
SIGNES = {"au-dessus": "▲", "au-dessous": "▼", "indecis": "="}
_LIGNES_AU_LARGE, _LIGNE_REM, _AUTOUR_REM = 8, 1.2, 5.5  # what style.css gives to a chart over a lever takes that many
CLASSES_TUES = "classes non dites"
_PART_LISIBLE = 0.055  # a narrower segment has no room for its figure


def draw(
    lecture: Lecture, lignes: pd.DataFrame, *, est_en_salle: bool = False, est_sur_un_levier: bool = False
) -> tuple[list[Image], str]:
    """The figures side by side, and what they leave out; no figure when no line can be drawn.

    A room reads larger letters, and no table: of two figures it has the last alone, and over a lever fewer lines, each
    named on one line of text.
    """
    image, dessinables = lecture.mesure.image, _dessinables(lecture.mesure.image, lignes)
    est_serree = est_en_salle and est_sur_un_levier
    n_max = LIGNES_SUR_UN_LEVIER if est_serree else LIGNES_DESSINEES
    vues = dessinables[dessinables["rang"] < n_max]
    if vues.empty:
        return [], ""
    est_des_parts = image is ImageBilan.PARTS
    figures = _parts(lecture, vues, est_serree=est_serree) if est_des_parts else _DESSINS[image](lecture, vues)
    if est_sur_un_levier and len(vues) > _LIGNES_AU_LARGE:  # never in a room
        figures = [replace(figure, hauteur=_AUTOUR_REM + _LIGNE_REM * len(vues)) for figure in figures]
    notes = [_NOTES[image]] if image in _NOTES else []
    if est_en_salle and est_des_parts:
        notes = [_NOTE_SUR_UN_LEVIER if est_serree else _NOTE_EN_SALLE]
    if image is ImageBilan.VOLUMES and (est_en_salle or len(figures) == 1):
        notes = [_NOTE_D_UNE_IMAGE] if len(figures) > 1 else []
    total = dessinables["rang"].nunique()
    if total > n_max:
        ou = "" if est_en_salle else ", toutes dans le tableau"
        notes.insert(0, f"Les {n_max} plus gros volumes sur {langue.effectif(total, 'ligne')}{ou}.")
    if dits := _tus(lignes) if image is ImageBilan.EFFECTIFS else _tues(lignes, total, lecture):
        notes.append(dits)
    return figures[-1:] if est_en_salle else figures, " ".join(notes)


def _tus(lignes: pd.DataFrame) -> str:
    """The lines whose count a room is not told: those that are drawn are not all."""
    tus = [n for n in lignes["numerateur"] if n.est_tu]
    if not tus:
        return ""
    lesquelles = "L’autre ligne" if len(tus) == 1 else f"Chacune des {langue.nombre(len(tus))} autres lignes"
    return f"{lesquelles} : {langue.nombre(tus[0])}."


def _tues(lignes: pd.DataFrame, n_dessinables: int, lecture: Lecture) -> str:
    """How many lines have no mark: of a share it is not said; of a pair, it may be one of both that nobody knows."""
    n = 0 if reader().lit_tout else lignes["rang"].nunique() - n_dessinables
    quoi = langue.agree(n, "dessinée" if lecture.mesure.image is ImageBilan.PAIRES else "dite")
    return f"{langue.effectif(n, 'autre ligne', 'autres lignes')} : non {quoi}." if n else ""


def _dessinables(image: ImageBilan, lignes: pd.DataFrame) -> pd.DataFrame:
    """Lines with a figure, numbered from the top: in the order received, or by volume where a volume is drawn."""
    gardees = lignes[lignes["n_connus"].gt(0)]
    if image in (ImageBilan.PARTS, ImageBilan.VOLUMES, ImageBilan.CONVENTIONS):
        gardees = gardees[gardees["part"].notna()]
    if image is ImageBilan.EFFECTIFS:
        gardees = gardees[gardees["numerateur"].gt(0)].sort_values(
            "numerateur", ascending=False, kind="stable", key=_nombres
        )
    if image is ImageBilan.VOLUMES:
        gardees = gardees.sort_values("n_total", ascending=False, kind="stable", key=_nombres)
    if image is ImageBilan.PAIRES:
        gardees = gardees[gardees["ecart_points"].notna()]
    rangs = {ancien: i for i, ancien in enumerate(dict.fromkeys(gardees["rang"]))}
    return gardees.assign(rang=gardees["rang"].map(rangs))


def _nombres(comptes: pd.Series) -> pd.Series:
    return comptes.astype(float)


def _part_de(part: float, n: Compte) -> str:
    return f"{langue.part(part)} de {langue.nombre(n)}"


def _base(vues: pd.DataFrame, dits: list[str], infobulles: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "libelle": vues["nom"].to_numpy(),
            "valeur_dit": dits,
            "infobulle": infobulles,
        }
    )


def _read(base: pd.DataFrame) -> str:
    return " ; ".join(f"{nom} {valeur}" for nom, valeur in zip(base["libelle"], base["valeur_dit"], strict=True))


def position(part: pd.Series, n: pd.Series, reference: float) -> pd.Series:
    """Where each share stands against the control limits; too few to conclude under 30 known."""
    dite = entonnoir.position(part.astype(float), n.astype(float), reference)
    return dite.mask(n < EFFECTIF_MINIMAL, "effectif trop faible")


def reference(lecture: Lecture, lignes: pd.DataFrame) -> tuple[float, str]:
    """What the lines are compared with: the target share in force for all of them, else the share of the whole scope
    (nan where it is not said). That of one place alone, or a number a year, is said on its own line."""
    cibles = lignes.loc[lignes["cible_de"] == "ensemble", "cible"].dropna()
    if len(cibles):
        return float(cibles.iloc[0]), f"objectif {langue.part(float(cibles.iloc[0]))}"
    ensemble = lecture.ensemble["part"].astype(float).iloc[0]
    ou = lecture.cle[3] or "Métropole"
    return ensemble, langue.typeset(f"{ou} : {langue.part(ensemble)}")


def face_a_l_objectif(ligne: Mapping[Any, Any]) -> str:
    """A share against its agreement, which is named, and what is said of it."""
    lecture = phrases_constats.lecture(ligne["verdict"], ligne["cote"], ligne["n_connus"])
    return phrases_flux.face_a_l_objectif(ligne, lecture)


def _parts(lecture: Lecture, vues: pd.DataFrame, *, est_serree: bool = False) -> list[Image]:
    valeur, dit = reference(lecture, vues)
    if pd.isna(valeur):
        return []
    n, part = vues["n_connus"].astype(float), vues["part"].astype(float)
    limites = entonnoir.autour(n, valeur)
    positions = vues["position"].mask(n < EFFECTIF_MINIMAL, "effectif trop faible")
    dits = [_part_de(p, k) for p, k in zip(part, n, strict=True)]
    infobulles = [
        f"{nom} : {d}, {p if k >= EFFECTIF_MINIMAL else phrases_constats.TROP_FAIBLE_DIT}"
        for nom, d, p, k in zip(vues["nom"], dits, positions, n, strict=True)
    ]
    base = _base(vues, dits, infobulles).assign(
        part=entonnoir.poser(part, positions, limites).to_numpy(),
        bas_95=limites["bas_95"].to_numpy(),
        haut_95=limites["haut_95"].to_numpy(),
        position=positions.to_numpy(),
        **{colonne: vues[colonne].to_numpy() for colonne in ("avant", "avant_dit") if colonne in vues},
    )
    dehors = langue.liste(list(vues.loc[positions.isin(["au-dessus", "au-dessous"]), "nom"])) or "aucune ligne"
    lu = f"{_read(base)}. Hors des limites de contrôle autour de {dit} : {dehors}"
    titre = f"{lecture.mesure.titre} : part de chaque ligne entre ses limites de contrôle"
    return [dessins.parts(base, valeur, dit, titre, lu, est_serree=est_serree)]


def _classes(lecture: Lecture, vues: pd.DataFrame) -> list[Image]:
    une = vues.drop_duplicates("rang")
    segments = pd.DataFrame(
        {
            "rang": vues["rang"].to_numpy(),
            "serie": vues["classe"].map(RESSOURCES).to_numpy(),
            "longueur": vues["part"].astype(float).to_numpy(),
            "dit": [langue.part(p, 0) if p >= _PART_LISIBLE else "" for p in vues["part"].astype(float)],
            "infobulle": [
                f"{x.nom}, {RESSOURCES[x.classe].lower()} : {langue.part(x.part)} "
                f"({langue.nombre(x.numerateur)} sur {langue.nombre(x.n)})"
                for x in vues.itertuples()
            ],
        }
    )
    dits = [_part_de(p, n) for p, n in zip(une["part_modestes"], une["n_ressources_connues"], strict=True)]
    base = _base(
        une,
        dits,
        [f"{nom} : {langue.effectif(n, 'attribution')}" for nom, n in zip(une["nom"], une["n"], strict=True)],
    )
    muettes = dict.fromkeys(vues["rang"].loc[vues.groupby("rang")["part"].transform("count").eq(0)], CLASSES_TUES)
    lu, titre = " ; ".join(segments["infobulle"]), "Répartition des attributions selon les ressources"
    series = dict(zip(RESSOURCES.values(), _TONS_CLASSES, strict=True))
    return [dessins.empilees(base, segments, series, {**axe_de_parts(), "visible": False}, titre, lu, muettes)]


def _effectifs(lecture: Lecture, vues: pd.DataFrame) -> list[Image]:
    dits = [f"{langue.nombre(k)} sur {langue.nombre(n)}" for k, n in zip(vues["numerateur"], vues["n"], strict=True)]
    base = _base(vues, dits, [f"{nom} : {d}" for nom, d in zip(vues["nom"], dits, strict=True)])
    base = base.assign(effectif=vues["numerateur"].astype(float).to_numpy())
    return [dessins.effectifs(base, lecture.mesure.qui[0], f"{lecture.mesure.titre} : nombre par ligne", _read(base))]


def _volumes(lecture: Lecture, vues: pd.DataFrame) -> list[Image]:
    """The volume of each réservataire, then the share of ACI households among its first accesses, on the same lines."""
    total = vues["n_total"].astype(float)
    dits = [langue.nombre(n) for n in total]
    bulles = [
        f"{nom} : {langue.effectif(n, 'attribution')}" for nom, n in zip(vues["nom"], vues["n_total"], strict=True)
    ]
    volumes = _base(vues, dits, bulles)
    volumes = volumes.assign(effectif=total.to_numpy())
    quoi = "Attributions par réservataire"
    return [dessins.effectifs(volumes, "Attributions", quoi, _read(volumes)), *_parts(lecture, vues)]


def paires(vues: pd.DataFrame) -> Image:
    """Entrants beside occupants. `vues`: `rang`, `nom`, `n_connus`, `part`, `part_occupants`, `ecart_points`."""
    dits = [
        phrases_mesures.TROP_FAIBLE_COURT
        if x.n_connus < EFFECTIF_MINIMAL
        else f"{langue.points(x.ecart_points)} (n{langue.INSECABLE}={langue.INSECABLE}{langue.nombre(x.n_connus)})"
        for x in vues.itertuples()
    ]
    infobulles = [
        f"{x.nom} : {langue.part(x.part)} {langue.de_tous(x.n_connus, 'entrant')}, {langue.part(x.part_occupants)} "
        f"des occupants"
        for x in vues.itertuples()
    ]
    base = _base(vues, dits, infobulles).assign(
        part=vues["part"].astype(float).to_numpy(), part_occupants=vues["part_occupants"].astype(float).to_numpy()
    )
    colonnes = ("part", "part_occupants")
    x = dessins.parts_jusqu_a([*base["part"], *base["part_occupants"]])
    titre = "Part de ménages modestes, entrants et occupants"
    return dessins.deux_points(base, ("Entrants", "Occupants en place"), colonnes, x, titre, " ; ".join(infobulles))


def _paires(lecture: Lecture, vues: pd.DataFrame) -> list[Image]:
    return [paires(vues)]


def _delais(lecture: Lecture, vues: pd.DataFrame) -> list[Image]:
    vues = vues[vues["mediane_mois"].notna()]
    dits = [
        f"{phrases_mesures.mois(x.mediane_mois)} puis {phrases_mesures.mois(x.p90_mois)} mois, sur "
        f"{langue.nombre(x.n_connus)}"
        for x in vues.itertuples()
    ]
    infobulles = [f"{nom} : {d}" for nom, d in zip(vues["nom"], dits, strict=True)]
    base = _base(vues, dits, infobulles).assign(
        mediane=vues["mediane_mois"].astype(float).to_numpy(), p90=vues["p90_mois"].astype(float).to_numpy()
    )
    x = dessins.nombres(pd.Series([0.0, *base["p90"]]), "mois")
    series, titre = ("Médiane", "Neuf sur dix"), "Délai d’attribution, en mois"
    return [dessins.deux_points(base, series, ("mediane", "p90"), x, titre, _read(base))]


def _conventions(lecture: Lecture, vues: pd.DataFrame) -> list[Image]:
    """How far each réservataire is from its agreements, one by one; where none is judged, what it has of the flux."""
    sens = {"manque": "manque", "trop": "de trop"}
    rangees = par_ligne(vues)
    parts = [langue.part(x["part"]) for x in rangees]
    # Of one that each bailleur agreed with for itself, what is held is said agreement by agreement.
    de_chacun = [x["n_objectifs"] and not phrases_flux.objectif(x) for x in rangees]
    buts = ["objectifs par bailleur" if d else face_a_l_objectif(x) for x, d in zip(rangees, de_chacun, strict=True)]
    infobulles = [
        f"{x['nom']} : {_part_de(x['part'], x['n_connus'])}, {but} ; {phrases_flux.tenues(x)}"
        for x, but in zip(rangees, buts, strict=True)
    ]
    if not vues["n_objectifs"].sum():
        base = _base(vues, parts, infobulles).assign(effectif=vues["numerateur"].astype(float).fillna(0).to_numpy())
        return [dessins.effectifs(base, "Attributions", "Flux par réservataire", " ; ".join(infobulles))]
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


_DESSINS: dict[ImageBilan, Callable[[Lecture, pd.DataFrame], list[Image]]] = {
    ImageBilan.CLASSES: _classes,
    ImageBilan.EFFECTIFS: _effectifs,
    ImageBilan.PAIRES: _paires,
    ImageBilan.VOLUMES: _volumes,
    ImageBilan.DELAIS: _delais,
    ImageBilan.CONVENTIONS: _conventions,
}
