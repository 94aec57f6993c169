"""What the chart of a measure must say: every number and text of it, from the command line's answers."""

from __future__ import annotations

import math
from html import unescape
from typing import TYPE_CHECKING, Any

from mel_core.indicateurs.definitions import ImageBilan
from pages.commun.images.gabarit import nom_court, noms_de_lignes
from pages.commun.images.lignes import POSITIONS
from tests.ecrans import attendus_flux
from tests.ecrans.dessin import Dit
from tests.ecrans.reponses import Cellule, decimal, ecart_dit, ecart_signe, entier, mois, pour_cent

if TYPE_CHECKING:
    from tests.ecrans.attendus import Attendus

Z_95, Z_998 = 1.959963984540054, 3.090232306167813
CLASSES_DITES = {
    "tres_modeste": "Très modestes",
    "modeste": "Modestes",
    "intermediaire": "Intermédiaires",
    "eleve": "Plus élevées",
    "inconnu": "Inconnues",
}
LISIBLE = 0.055  # of a bar: a narrower segment has no room for its figure
LIGNES_MIN = 3  # one line alone is no wall
RALLONGE = 1.06  # of an axis, beyond the longest mark
A_95 = "limites de contrôle à 95\u202f%"
Attendue = tuple[dict[str, Any], list[str]]  # what a figure says, then the numbers of the text beside it


def _lignes(a: Attendus) -> dict[str, list[Cellule]]:
    return a.reponses.lignes(a.nom, a.coupe)


def _total(a: Attendus, nom: str) -> int:
    """All the attributions of a réservataire, whatever the access."""
    codes = {a.reponses.name(a.coupe, c): c["n"] for c in a.reponses.cellules("npru", a.coupe)}
    return codes.get(nom, -1)


def _est_dessinable(a: Attendus, cellules: list[Cellule]) -> bool:
    c, image = cellules[0], a.mesure.image  # type: ignore[union-attr]
    if not c["n_connus"] or (image is ImageBilan.DELAIS and c.get("mediane_mois") is None):
        return False
    return {ImageBilan.EFFECTIFS: bool(c["numerateur"]), ImageBilan.PAIRES: c.get("part_occupants") is not None}.get(
        image, True
    )


def n_dessinables(a: Attendus) -> int:
    return sum(_est_dessinable(a, cs) for cs in _lignes(a).values())


def reference(a: Attendus) -> tuple[float, list[str]]:
    """The target in force for the lines, else the share of the whole scope."""
    buts = [cs[0]["cible"] for cs in _lignes(a).values() if cs[0].get("cible") is not None]
    if buts:
        return buts[0], [pour_cent(buts[0])]
    part = a.reponses.une(a.nom)["part"]
    return part, [pour_cent(part)]


def ecart_admis(but: float, n: float, z: float = Z_95) -> float:
    """How far from `but` chance alone leads a share of `n`."""
    return z * math.sqrt(but * (1 - but) / n)


def hors(part: float, n: float, but: float) -> str:
    marge = ecart_admis(but, n)
    return "au-dessus" if part > but + marge else "au-dessous" if part < but - marge else "dans les limites"


# What charts share.

SUIVEUR = {"x": [None], "y": [0], "yaxis": "y2"}  # of the axis on the right: it draws nothing


def axe_de_parts(bas: float, haut: float) -> dict[str, Any]:
    reperes = [r / 100 for r in range(0, 101, 10 if haut - bas <= 0.5 else 25)]
    return {"range": [bas, haut], "tickvals": reperes, "ticktext": [pour_cent(r, 0) for r in reperes]}


def axe_de_lignes(dites: list[Any], etendue: list[float] | None = None) -> dict[str, Any]:
    rangs = list(range(len(dites)))
    return {"range": etendue or [max(len(dites), LIGNES_MIN) - 0.5, -0.5], "tickvals": rangs, "ticktext": dites}


def axe_de_nombres(valeurs: list[float], titre: str = "") -> dict[str, Any]:
    """From 0: a scale by ones where it is short; where numbers are long, one fewer of them."""
    haut = max(valeurs, default=0.0)
    par_un = {"dtick": 1} if (haut or 1.0) <= 4 else {}
    nomme = {"title": {"text": titre}} if titre else {}
    return {
        "tickformat": ",d",
        "nticks": 3 if haut >= 1_000 else 4,
        "range": [0.0, haut + (RALLONGE - 1) * (haut or 1.0)],
        **par_un,
        **nomme,
    }


def lire_regle(axe: str, ou: float, etendue: list[float], *, est_essayee: bool = False) -> dict[str, Any]:
    autre = "y" if axe == "x" else "x"
    return {axe: [ou, ou], autre: etendue, "line": {"dash": "dash" if est_essayee else "solid"}}


def seance_dite(seance: str) -> str:
    return f"S{seance[5]}\u00a0{seance[:4]}"


def any_(valeurs: list[float | None]) -> bool:
    return any(v is not None for v in valeurs)


def lire_anneaux(noms: list[str], seance: str, avant: list[float | None], autres: list[Any]) -> dict[str, Any]:
    """Where each stood at the séance before."""
    dits = [
        Dit([*([seance[:4]] if seance else []), pour_cent(v)], f"{nom}, ") for nom, v in zip(noms, avant, strict=True)
    ]
    return {"x": avant, "y": autres, "customdata": dits}


# Each chart of a measure, found by its title.


def mesure(a: Attendus, image: dict[str, Any]) -> Attendue:
    if image["titre"].endswith((", par commune et bailleur", ", par bailleur et réservataire")):
        return _matrice(a)
    noms = _noms(a, image)
    libelles = noms_de_lignes(noms)
    assert len(set(libelles)) == len(noms)  # two places are told apart
    titre = image["titre"]
    if titre.endswith(": part de chaque ligne entre ses limites de contrôle"):
        data, layout, droite, lu = _parts(a, noms)
    elif titre == "Répartition des attributions selon les ressources":
        data, layout, droite, lu = _classes(a, noms)
    elif titre.endswith(": nombre par ligne") or titre == "Attributions par réservataire":
        data, layout, droite, lu = _effectifs(a, noms)
    elif titre in ("Écart aux conventions, bailleur par bailleur", "Flux par réservataire"):
        data, layout, droite, lu = _conventions(a, noms)
    elif titre in ("Part de ménages modestes, entrants et occupants", "Délai d’attribution, en mois"):
        data, layout, droite, lu = _deux_points(a, noms)
    else:
        raise KeyError(titre)
    axes = {"yaxis": axe_de_lignes(libelles), "yaxis2": axe_de_lignes(droite)}
    return {"data": [*data, SUIVEUR], "layout": {**axes, **layout}}, lu


def _noms(a: Attendus, image: dict[str, Any]) -> list[str]:
    """Which lines are drawn, in which order, by what their marks say under the pointer: no figure."""
    dits = map(unescape, next(trace["customdata"] for trace in image["data"] if "customdata" in trace))
    noms = [max((n for n in _lignes(a) if dit.startswith((f"{n} : ", f"{n}, "))), key=len, default="") for dit in dits]
    if "" in noms or len(set(noms)) != len(noms):
        raise KeyError("une ligne inconnue, ou deux fois la même")
    return noms


Morceaux = tuple[list[Any], dict[str, Any], list[Dit], list[str]]  # traces, rest of the layout, on the right, beside


def _matrice(a: Attendus) -> Attendue:
    """One cut × another: what is written, on how many; a tone where thirty are known, or for a count. Of agreements,
    what was agreed on beside it, and the tone of the gap."""
    cellules, dites, est_flux = a.croisees(), a.matrice(), a.code == "flux"
    communes, bailleurs = sorted({c for c, _ in cellules}), sorted({b for _, b in cellules})
    champ = "numerateur" if a.code == "npru" else "part"

    def teinte(c: Cellule | None) -> float | None:
        est_lue = c is not None and c[champ] is not None and (champ == "numerateur" or c["n_connus"] >= 30)
        if c is None or not est_lue or (est_flux and c["cible"] is None):
            return None
        return float(c["part"] - c["cible"]) if est_flux else float(c[champ])

    def texte_de(ou: tuple[str, str]) -> str:
        but = cellules[ou]["cible"] if est_flux and ou in cellules else None
        return dites.get(ou, ("",))[0] + (f" / {pour_cent(but)}" if but is not None else "")

    def bulle(ou: tuple[str, str]) -> Dit | str:
        if ou not in dites:
            return "aucune attribution"
        dit, sur, _ = dites[ou]
        but = [pour_cent(cellules[ou]["cible"])] if est_flux and cellules[ou]["cible"] is not None else []
        return Dit([*([] if dit == "•" else [dit]), *sur, *but], f"{ou[0]} × {ou[1]} : {dit}")

    carte = {
        "z": [[teinte(cellules.get((c, b))) for b in bailleurs] for c in communes],
        "text": [[texte_de((c, b)) for b in bailleurs] for c in communes],
        "customdata": [[bulle((c, b)) for b in bailleurs] for c in communes],
        "texttemplate": "%{text}",
        "zmin": 0,
    }
    if est_flux:
        plus_loin = max((abs(v) for rangee in carte["z"] for v in rangee if v is not None), default=None)  # type: ignore[union-attr]
        del carte["zmin"]  # of no pair has a share an objective: no tone, no scale
        carte |= {"zmin": -plus_loin, "zmax": plus_loin} if plus_loin is not None else {}
    tetes = [nom_court(b, *((2, 14) if est_flux else (1, 26))) for b in bailleurs]
    haut = {"tickvals": list(range(len(bailleurs))), "ticktext": tetes}
    lu = [n for ou in cellules for n in bulle(ou).nombres]  # type: ignore[union-attr]
    return {"data": [carte], "layout": {"xaxis": haut, "yaxis": axe_de_lignes(communes)}}, lu


def _parts(a: Attendus, noms: list[str]) -> Morceaux:
    cs = [_lignes(a)[nom][0] for nom in noms]
    rangs = list(range(len(noms)))
    valeur, dite = reference(a)
    dits = [[pour_cent(c["part"]), entier(c["n_connus"])] for c in cs]
    marges = [ecart_admis(valeur, c["n_connus"]) for c in cs]
    bas, haut = [max(valeur - m, 0.0) for m in marges], [min(valeur + m, 1.0) for m in marges]
    positions = [hors(c["part"], c["n_connus"], valeur) if c["n_connus"] >= 30 else "effectif trop faible" for c in cs]
    tons, marques = ([POSITIONS[p][i] for p in positions] for i in (0, 1))
    seance = a.reponses.precedente
    lues = a.reponses.lignes(a.nom, a.coupe, seance=seance) if seance else {}
    avant = [lues[nom][0]["part"] if nom in lues else None for nom in noms]
    anneaux = [lire_anneaux(noms, seance, avant, rangs) | {"name": seance_dite(seance)}] if any_(avant) else []
    data = [
        {"name": A_95, "base": bas, "x": [h - b for b, h in zip(bas, haut, strict=True)], "y": rangs},
        lire_regle("x", valeur, [-0.5, len(noms) - 0.5]),
        *anneaux,
        {
            "x": [float(c["part"]) for c in cs],
            "y": rangs,
            "customdata": [Dit(d, nom) for d, nom in zip(dits, noms, strict=True)],
            "marker": {"color": tons, "symbol": marques},
        },
    ]
    maximum = max(*(c["part"] for c in cs), *haut, valeur, *(v for v in avant if v is not None)) * RALLONGE
    layout = {
        "xaxis": axe_de_parts(0.0, min(1.0, maximum) if maximum > 0 else 1.0),
        "annotations": [{"x": valeur, "y": 1, "yanchor": "bottom", "text": Dit(dite)}],
    }
    return data, layout, [Dit(d) for d in dits], [n for d in dits for n in d] + dite


def _classes(a: Attendus, noms: list[str]) -> Morceaux:
    par_classe = [dict(zip(CLASSES_DITES, _lignes(a)[nom], strict=True)) for nom in noms]
    rangs = list(range(len(noms)))
    infobulles = [
        {classe: [pour_cent(c["part"]), entier(c["numerateur"]), entier(c["n"])] for classe, c in cs.items()}
        for cs in par_classe
    ]
    data = [
        {
            "name": dite,
            "x": [float(cs[classe]["part"]) for cs in par_classe],
            "y": rangs,
            "text": [
                Dit([pour_cent(cs[classe]["part"], 0)] if cs[classe]["part"] >= LISIBLE else []) for cs in par_classe
            ],
            "customdata": [Dit(i[classe], f"{nom}, {dite.lower()}") for nom, i in zip(noms, infobulles, strict=True)],
        }
        for classe, dite in CLASSES_DITES.items()
    ]
    modestes = [a.reponses.lignes("equilibre", a.coupe)[nom][0] for nom in noms]
    droite = [Dit([pour_cent(c["part"]), entier(c["n_connus"])]) for c in modestes]
    lu = [n for i in infobulles for classe in CLASSES_DITES for n in i[classe]]
    return data, {"xaxis": axe_de_parts(0.0, 1.0)}, droite, lu


def _effectifs(a: Attendus, noms: list[str]) -> Morceaux:
    """How many on each line; of the volumes of the réservataires, nothing beside."""
    assert a.mesure is not None
    cs, est_volume = [_lignes(a)[nom][0] for nom in noms], a.mesure.image is ImageBilan.VOLUMES
    totaux = [_total(a, nom) for nom in noms] if est_volume else [c["numerateur"] for c in cs]
    dits = [[entier(t), *([] if est_volume else [entier(c["n"])])] for t, c in zip(totaux, cs, strict=True)]
    barres = {
        "x": [float(t) for t in totaux],
        "y": list(range(len(noms))),
        "customdata": [Dit(d, nom) for d, nom in zip(dits, noms, strict=True)],
    }
    quoi = {"x": 1, "y": 1, "xanchor": "right", "yanchor": "bottom", "text": Dit([])}
    layout = {"xaxis": axe_de_nombres([float(t) for t in totaux]), "annotations": [quoi]}
    return [barres], layout, [Dit(d) for d in dits], [n for d in dits for n in d]


def _deux_points(a: Attendus, noms: list[str]) -> Morceaux:
    assert a.mesure is not None
    cs, est_delai = [_lignes(a)[nom][0] for nom in noms], a.mesure.image is ImageBilan.DELAIS
    rangs = list(range(len(noms)))
    if est_delai:
        champs, series = ("mediane_mois", "p90_mois"), ("Médiane", "Neuf sur dix")
        dits = [[*(mois(c[x]) for x in champs), entier(c["n_connus"])] for c in cs]
        infobulles = dits
        x = axe_de_nombres([0.0, *(float(c["p90_mois"]) for c in cs)], "mois")
    else:
        champs, series = ("part", "part_occupants"), ("Entrants", "Occupants en place")
        dits = [[] if c["n_connus"] < 30 else [ecart_dit(c["ecart_points"]), entier(c["n_connus"])] for c in cs]
        # « 0 % de l'unique entrant »: one is not a number.
        n = [[] if c["n_connus"] == 1 else [entier(c["n_connus"])] for c in cs]
        infobulles = [[pour_cent(c["part"]), *k, pour_cent(c["part_occupants"])] for c, k in zip(cs, n, strict=True)]
        x = axe_de_parts(0.0, min(1.0, max(*(c[champ] for c in cs for champ in champs), 0.05) * RALLONGE))
    joints = {
        "x": [v for c in cs for v in (float(c[champs[0]]), float(c[champs[1]]), None)],
        "y": [v for rang in rangs for v in (rang, rang, None)],
    }
    points = [
        {
            "name": serie,
            "x": [float(c[champ]) for c in cs],
            "y": rangs,
            "customdata": [Dit(i, nom) for i, nom in zip(infobulles, noms, strict=True)],
        }
        for serie, champ in zip(series, champs, strict=True)
    ]
    return [joints, *points], {"xaxis": x}, [Dit(d) for d in dits], [n for i in infobulles for n in i]


def _conventions(a: Attendus, noms: list[str]) -> Morceaux:
    """What the agreements of each réservataire lack, one by one; what it has of the flux where there is none."""
    cs, conventions = [_lignes(a)[nom][0] for nom in noms], a.conventions()
    manques = [sum(c["ecart_attributions"] for c in conventions.get(nom, [])) for nom in noms]
    rangs = list(range(len(noms)))

    def bulle(nom: str, c: Cellule) -> list[str]:
        but = [] if c["cible"] is None else [pour_cent(c["cible"])]
        issues = a.issues(conventions[nom]) if nom in conventions else []
        return [pour_cent(c["part"]), entier(c["n_connus"]), *but, *issues]

    bulles = [bulle(nom, c) for nom, c in zip(noms, cs, strict=True)]
    pointes = [Dit(b, nom) for b, nom in zip(bulles, noms, strict=True)]
    parts, lus = [[pour_cent(c["part"])] for c in cs], [n for b in bulles for n in b]
    if not conventions:
        volumes = [float(c["numerateur"]) for c in cs]
        quoi = {"x": 1, "y": 1, "xanchor": "right", "yanchor": "bottom", "text": Dit([])}
        layout = {"xaxis": axe_de_nombres(volumes), "annotations": [quoi]}
        return [{"x": volumes, "y": rangs, "customdata": pointes}], layout, [Dit(p) for p in parts], lus
    dits = [[*p, *([entier(m)] if m else [])] for p, m in zip(parts, manques, strict=True)]
    data = [
        {"name": "il en manque", "x": [-float(m) for m in manques], "y": rangs, "customdata": pointes},
        {"name": "de trop", "x": [0.0] * len(noms), "y": rangs, "customdata": pointes},
    ]
    loin = float(max(manques))
    axe = {
        **axe_de_nombres([], "attributions à l’écart de l’objectif"),
        "range": [-loin - (RALLONGE - 1) * loin, (RALLONGE - 1) * loin],
    }
    if loin > 6:
        axe.pop("dtick")
    return data, {"xaxis": axe}, [Dit(d) for d in dits], [n for d in dits for n in d] + lus


def tableau(a: Attendus, lignes: dict[str, list[Cellule]]) -> dict[str, dict[str, Any]]:
    """Line → heading of the table of a measure → what is written."""
    mesure = a.mesure
    assert mesure is not None
    numerateur, connus = mesure.qui
    valeur = reference(a)[1] if mesure.image in (ImageBilan.PARTS, ImageBilan.VOLUMES) else []
    a_un_objectif = any(cs[0].get("cible") is not None for cs in lignes.values())

    def rangee(nom: str, cs: list[Cellule]) -> dict[str, Any]:
        c = cs[0]
        if mesure.image is ImageBilan.CONVENTIONS:
            return attendus_flux.convention(a, nom, c)
        n = entier(_total(a, nom) if mesure.image is ImageBilan.VOLUMES else c["n"])
        if mesure.image is ImageBilan.CLASSES:
            dites = {
                CLASSES_DITES[x["classe"] if x.get("classe") else k]: pour_cent(x["part"])
                for k, x in zip(CLASSES_DITES, cs, strict=True)
            }
            return {"Attributions": n, **dites, "Lecture": []}
        debut = {"Attributions": n, connus: entier(c["n_connus"]), numerateur: entier(c["numerateur"])}
        if mesure.image is ImageBilan.EFFECTIFS:
            return {"Attributions": n, numerateur: entier(c["numerateur"]), "Lecture": []}
        if mesure.image is ImageBilan.DELAIS:
            trois = {
                "Médiane (mois)": "mediane_mois",
                "Moyenne (mois)": "moyenne_mois",
                "Neuf sur dix (mois)": "p90_mois",
            }
            return {
                "Attributions": n,
                connus: entier(c["n_connus"]),
                "Lecture": [],
                **{tete: decimal(c[x]) for tete, x in trois.items()},
            }
        if mesure.image is ImageBilan.PAIRES:
            return {
                **debut,
                "Part des entrants": pour_cent(c["part"]),
                "Part des occupants": pour_cent(c["part_occupants"]),
                "Écart (points)": ecart_dit(c["ecart_points"]),
                "Lecture": [],
            }
        return {
            **debut,
            "Part": pour_cent(c["part"]),
            "Lecture": [] if a_un_objectif or c.get("est_somme") or (c["n_connus"] or 0) < 30 else valeur,
            "Écart (attributions)": ecart_signe(c),
        }

    return {nom: rangee(nom, cs) for nom, cs in lignes.items()}
