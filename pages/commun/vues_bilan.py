"""From the figures of the bilan to the small frames that its chart and its map draw (see `figures`)."""

from __future__ import annotations

import math
from fractions import Fraction

import pandas as pd

from mel_core import entonnoir, langue
from mel_core.objectifs.lectures import lectures_2015
from mel_core.simulation import reorientation
from pages.commun import figures, fond, phrases
from pages.commun.lecture_bilan import EQUILIBRE, LIGNE, Bilan

_NOM_2015 = ("MEL 2015, lecture reconstituée", "MEL 2015")  # said in full once, on the first bar
_ETIQUETTES_MAX = 9
_ENTONNOIR_PX = (590, 200)  # drawing areas at 1366 pixels, to keep names apart
_CARTE_PX = (360, 270)


class Places:
    """Boxes taken on a drawing (centre, half width, one height for all): a new one is refused where it touches."""

    def __init__(self, prises: list[tuple[float, float, float]], hauteur: float) -> None:
        self._prises = list(prises)
        self._hauteur = hauteur

    def prendre(self, x: float, y: float, demi: float) -> bool:
        if any(abs(x - x2) < demi + demi2 and abs(y - y2) < self._hauteur for x2, y2, demi2 in self._prises):
            return False
        self._prises.append((x, y, demi))
        return True


def cibles(bilan: Bilan, essayee: Fraction) -> pd.DataFrame:
    """The targets to draw: the one in force, and the one tried when it differs."""
    voulues = [] if bilan.objectif is None else [(bilan.objectif.valeur, "objectif", False)]
    if not voulues or voulues[0][0] != essayee:
        voulues.append((essayee, "hypothèse", True))
    hautes = [v for v, _, _ in voulues]
    return pd.DataFrame(
        [
            {
                "cible": float(v),
                "cible_dit": f"{nom} {langue.cible(v)}",
                "cote": "centre" if len(voulues) == 1 else "gauche" if v == min(hautes) else "droite",
                "est_essayee": est_essayee,
            }
            for v, nom, est_essayee in voulues
        ]
    )


def image_principale(bilan: Bilan, reorientees: pd.DataFrame, scenario: reorientation.Scenario) -> figures.Figure:
    """The chart on the left: bars by class of quartiers, or the funnel of communes."""
    if bilan.indicateur == EQUILIBRE:
        return _barres(bilan, reorientees, scenario)
    return _entonnoir(bilan, scenario)


def _barres(bilan: Bilan, reorientees: pd.DataFrame, scenario: reorientation.Scenario) -> figures.Figure:
    ecarts = reorientation.par(reorientees, "fragilite").set_index("fragilite")
    semestre = bilan.semestre.set_index("fragilite")["part"].to_dict()
    en_2015 = lectures_2015(EQUILIBRE)
    lignes = []
    for classe in ("fragile", "moyenne", "sans"):
        trouvees = bilan.classes[bilan.classes["fragilite"] == classe]
        if trouvees.empty:
            continue
        ligne = trouvees.iloc[0]
        ecart = int(ecarts.loc[classe, "a_reorienter"])
        est_bande = classe == "moyenne"
        bas, haut = scenario.cible - scenario.bande, scenario.cible + scenario.bande
        position = _position(ligne["part"], float(scenario.cible), est_bande and ecart == 0)
        lignes.append(
            {
                "libelle": phrases.LIBELLES[classe],
                "effectif_dit": _effectif(ligne["n_connus"], semestre.get(classe)),
                "part": ligne["part"],
                "part_dit": langue.part(ligne["part"]),
                "position": position,
                "ecart_dit": _ecart_court(ecart, position, est_bande, ligne["n_connus"]),
                "bande_bas": max(0.0, float(bas)) if est_bande else None,
                "bande_haut": min(1.0, float(haut)) if est_bande else None,
                "part_2015": en_2015.get(classe),
                "dit_2015": f"{_NOM_2015[bool(lignes)]} : {langue.cible(en_2015.get(classe))}",
                "infobulle": _detail(classe, ligne),
            }
        )
    colonnes = ["libelle", "effectif_dit", "part", "part_dit", "position", "ecart_dit"]
    colonnes += ["bande_bas", "bande_haut", "part_2015", "dit_2015", "infobulle"]
    classes = pd.DataFrame(lignes, columns=colonnes)
    alt_texte = "Part de ménages modestes par type de quartiers : " + " ; ".join(
        f"{x.libelle} {x.part_dit} ({x.ecart_dit})" for x in classes.itertuples()
    )
    return figures.barres(classes, cibles(bilan, scenario.cible), alt_texte)


def _detail(classe: str, ligne: pd.Series) -> str:
    sur = f"{langue.nombre(ligne['numerateur'])} sur {langue.nombre(ligne['n_connus'])}"
    intervalle = f"de {langue.part(ligne['ic_bas'])} à {langue.part(ligne['ic_haut'])}"
    return f"{phrases.LIBELLES[classe]} : {langue.part(ligne['part'])} ({sur}), intervalle à 95 % {intervalle}"


def _effectif(n_connus: int, part_semestre: float | None) -> str:
    au_semestre = "" if part_semestre is None or pd.isna(part_semestre) else f" · semestre {langue.part(part_semestre)}"
    return f"{langue.effectif(n_connus, 'attribution')}{au_semestre}"


def _position(part: float, cible: float, est_dans_la_bande: bool) -> str:
    if pd.isna(part):
        return "sans objectif"
    if est_dans_la_bande or part == cible:
        return "dans la bande"
    return "au-dessus" if part > cible else "au-dessous"


def _ecart_court(ecart: int, position: str, est_bande: bool, n_connus: int) -> str:
    if n_connus == 0:
        return "aucune connue"
    if ecart == 0:
        return "dans la bande" if est_bande else "objectif tenu"
    return phrases.ecart_dit(ecart, position == "au-dessus")


def _entonnoir(bilan: Bilan, scenario: reorientation.Scenario) -> figures.Figure:
    cible = float(scenario.cible)
    lignes = bilan.communes[bilan.communes["n_connus"].fillna(0) > 0]
    part, n = lignes["part"].astype(float), lignes["n_connus"].astype(float)
    points = pd.DataFrame(
        {
            "n": n,
            "part": part,
            "nom": lignes["nom"],
            "position": entonnoir.position(part, n, cible),
            "infobulle": [_infobulle(nom, p, x, cible) for nom, p, x in zip(lignes["nom"], part, n, strict=True)],
        }
    )
    gauche, droite = (n.min() * 0.92, n.max() * 1.15) if len(n) else (10.0, 100.0)
    votee = float(bilan.objectif.valeur) if bilan.objectif else cible
    bas, haut = max(0.0, min([*part, cible, votee]) - 0.1), min(1.0, max([*part, cible, votee]) + 0.1)
    limites = entonnoir.limites(cible, gauche, droite)
    bornes = limites.columns.drop("n")
    limites[bornes] = limites[bornes].clip(bas, haut)
    points["cote_nom"] = _cotes_des_noms(points, lignes["est_regroupee"], (gauche, droite), (bas, haut))
    dehors = langue.liste(list(points.loc[points["position"] != "dans les limites", "nom"])) or "aucune"
    alt_texte = f"Part de ménages ACI par commune selon le nombre d’attributions ; communes hors des limites : {dehors}"
    return figures.entonnoir(points, limites, cibles(bilan, scenario.cible), alt_texte)


def _cotes_des_noms(
    points: pd.DataFrame, est_regroupee: pd.Series, en_x: tuple[float, float], en_y: tuple[float, float]
) -> list[str]:
    """On which side each point is named: those beyond the limits first, then the largest, as long as names don't touch.

    Where a commune stands is read on the axes, never in an order.
    """
    largeur, hauteur = _ENTONNOIR_PX
    x = (points["n"].map(math.log) - math.log(en_x[0])) / (math.log(en_x[1]) - math.log(en_x[0])) * largeur
    y = (points["part"] - en_y[0]) / (en_y[1] - en_y[0]) * hauteur
    rang = points.assign(est_dedans=points["position"] == "dans les limites", taille=-points["n"])
    cotes = dict.fromkeys(points.index, "")
    places = Places([(x[i], y[i], 8) for i in points.index], hauteur=16)
    for i in rang[~est_regroupee].sort_values(["est_dedans", "taille"]).index:
        demi = 4.0 * len(points["nom"][i])
        for cote, centre in (("droite", x[i] + 12 + demi), ("gauche", x[i] - 12 - demi)):
            if demi <= centre <= largeur - demi and places.prendre(centre, y[i], demi):
                cotes[i] = cote
                break
    return list(cotes.values())


def _infobulle(nom: str, part: float, n: float, cible: float) -> str:
    return (
        f"{nom} : {langue.part(part)} de {langue.effectif(int(n), 'attribution')} "
        f"({langue.points(100 * (part - cible))} de la cible)"
    )


def carte(bilan: Bilan, reorientees: pd.DataFrame, scenario: reorientation.Scenario) -> figures.Figure:
    """The map on the right: communes by their gap to the target, with what is to be reoriented in the first ones."""
    cible = float(scenario.cible)
    lignes = bilan.communes.set_index("nom")
    communes = []
    for commune in bilan.carte.itertuples():
        seule = lignes.loc[commune.nom] if commune.nom_ligne == commune.nom and not commune.est_regroupee else None
        if seule is None or not seule["n_connus"] > 0:
            raison = (
                "moins de 11 attributions, regroupée" if isinstance(commune.nom_ligne, str) else "aucune attribution"
            )
            communes.append((commune.commune, figures.TROP_FAIBLE, f"{commune.nom} : {raison}"))
            continue
        part, n = float(seule["part"]), float(seule["n_connus"])
        ecart = 100 * (part - cible) if n >= 30 else None
        communes.append((commune.commune, figures.classe_ecart(ecart), _infobulle(commune.nom, part, n, cible)))
    etiquettes = _etiquettes(bilan, reorientation.par(reorientees, LIGNE["commune"]))
    alt_texte = "Carte des communes selon leur écart à la cible ; à réorienter : " + (
        ", ".join(f"{x.nom} {x.valeur}" for x in etiquettes.itertuples()) or "rien"
    )
    return figures.carte(pd.DataFrame(communes, columns=["code_insee", "classe", "infobulle"]), etiquettes, alt_texte)


def _etiquettes(bilan: Bilan, par_commune: pd.DataFrame) -> pd.DataFrame:
    """Names and numbers on the map, the most reorientations first, as long as they do not touch."""
    codes = bilan.carte.set_index("nom")["commune"]
    reperes = fond.reperes()
    places_communes = [reperes[c] for c in codes if c in reperes]
    colonnes = ["longitude", "latitude", "nom", "valeur"]
    if not places_communes:
        return pd.DataFrame(columns=colonnes)
    echelle = _pixels_par_degre(places_communes)
    places = Places([], hauteur=36)
    retenues = []
    for ligne in par_commune[par_commune["a_reorienter"] > 0].itertuples():
        nom = getattr(ligne, LIGNE["commune"])
        if nom not in codes.index or codes[nom] not in reperes or len(retenues) == _ETIQUETTES_MAX:
            continue
        longitude, latitude = reperes[codes[nom]]
        x, y = longitude * echelle * math.cos(math.radians(latitude)), latitude * echelle
        if places.prendre(x, y, 3.4 * max(len(nom), 6)):
            retenues.append((longitude, latitude, nom, mouvement(ligne)))
    return pd.DataFrame(retenues, columns=colonnes)


def _pixels_par_degre(places: list[tuple[float, float]]) -> float:
    longitudes, latitudes = zip(*places, strict=True)
    largeur = max(max(longitudes) - min(longitudes), 0.05) * math.cos(math.radians(latitudes[0]))
    return min(_CARTE_PX[0] / largeur, _CARTE_PX[1] / max(max(latitudes) - min(latitudes), 0.05))


def mouvement(ligne: object) -> str:
    """`−116`, `+24`, `−116 +8`: modest (or ACI) households in less and in more."""
    moins, plus = int(ligne.n_en_moins), int(ligne.n_en_plus)  # type: ignore[attr-defined]
    return " ".join(langue.signe(v) for v in (-moins, plus) if v)
