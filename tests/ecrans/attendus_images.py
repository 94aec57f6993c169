"""What each frame of a drawing must hold: the rule of every column, from the command line's answers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from pages.commun.images import figures, fond
from pages.commun.mesures.catalogue import ImageBilan
from tests.ecrans.reponses import Cellule, decimal, ecart_dit, entier, mois, pour_cent
from tests.ecrans.vue import nombres

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
EN_2015 = {"Quartiers fragiles": 0.66, "Fragilité moyenne": 0.5, "Sans fragilité": 0.37}
LIBELLES = {"fragile": "Quartiers fragiles", "moyenne": "Fragilité moyenne", "sans": "Sans fragilité"}
Colonnes = dict[str, list[Any]]


def graphique(a: Attendus, frames: dict[str, pd.DataFrame]) -> tuple[dict[str, Colonnes], list[str]]:
    """Frame → column → value of each row (a list: the numbers of a text); then the numbers of the text beside."""
    if "classes" in frames:
        return _barres(a)
    if "limites" in frames:
        return _entonnoir(a, frames)
    if "etiquettes" in frames:
        return _carte(a, frames)
    return _mesure(a, frames)


def _ou_vide(valeur: float | None) -> float:
    return math.nan if valeur is None else float(valeur)


def _cibles(a: Attendus, votee: float) -> Colonnes:
    tentee = a.pourcent / 100
    voulues = [votee] + ([tentee] if tentee != votee else [])
    cotes = ["gauche" if v == min(voulues) else "droite" for v in voulues] if len(voulues) > 1 else ["centre"]
    return {
        "cible": voulues,
        "cible_dit": [[pour_cent(v)] for v in voulues],
        "cote": cotes,
        "est_essayee": [False, True][: len(voulues)],
    }


def _barres(a: Attendus) -> tuple[dict[str, Colonnes], list[str]]:
    classes, semestre = a.classes(), a.classes("semestre")
    p, lignes, lecture = a.pourcent / 100, [], []
    for nom in ("fragile", "moyenne", "sans"):
        if nom not in classes:
            continue
        c, est_bande = classes[nom], nom == "moyenne"
        ecart = [entier(n) for n in a.ecart(c, nom) if n]
        au_semestre = semestre.get(nom, {"part": None})["part"]
        lignes.append(
            {
                "libelle": LIBELLES[nom],
                "effectif_dit": [entier(c["n_connus"]), *([pour_cent(au_semestre)] if au_semestre is not None else [])],
                "part": _ou_vide(c["part"]),
                "part_dit": [pour_cent(c["part"])],
                "position": _position(c["part"], p, est_bande and not ecart),
                "ecart_dit": ecart,
                "bande_bas": max(0.0, p - 0.05) if est_bande else math.nan,
                "bande_haut": min(1.0, p + 0.05) if est_bande else math.nan,
                "part_2015": EN_2015[LIBELLES[nom]],
                "dit_2015": [pour_cent(EN_2015[LIBELLES[nom]])],
                "infobulle": [
                    *(pour_cent(c["part"]), entier(c["numerateur"]), entier(c["n_connus"])),
                    *(pour_cent(c["ic_bas"]), pour_cent(c["ic_haut"])),
                ],
            }
        )
        lecture += [pour_cent(c["part"]), *ecart]
    votee = next(c["cible"] for c in classes.values() if c["cible"] is not None)
    return {"classes": _colonnes(lignes), "cibles": _cibles(a, votee)}, lecture


def _position(part: float | None, but: float, est_dedans: bool) -> str:
    if part is None:
        return "sans objectif"
    return "dans la bande" if est_dedans or part == but else "au-dessus" if part > but else "au-dessous"


def _colonnes(lignes: list[dict[str, Any]]) -> Colonnes:
    return {c: [ligne[c] for ligne in lignes] for c in lignes[0]} if lignes else {}


def _hors(part: float, n: float, but: float) -> str:
    marge = Z_95 * math.sqrt(but * (1 - but) / n)
    return "au-dessus" if part > but + marge else "au-dessous" if part < but - marge else "dans les limites"


def _entonnoir(a: Attendus, frames: dict[str, pd.DataFrame]) -> tuple[dict[str, Colonnes], list[str]]:
    lignes = {nom: c for nom, (c,) in a.reponses.lignes("aci", "commune").items() if c["n_connus"]}
    p, votee = a.pourcent / 100, a.synthese()["cible"]
    ordre = frames["points"]["nom"].tolist()
    cs = [lignes.get(nom, {"n_connus": -1, "part": -1.0}) for nom in ordre]
    points: Colonnes = {
        "nom": ordre if set(ordre) == set(lignes) else sorted(lignes),
        "n": [float(c["n_connus"]) for c in cs],
        "part": [float(c["part"]) for c in cs],
        "position": [_hors(c["part"], c["n_connus"], p) for c in cs],
        "infobulle": [[pour_cent(c["part"]), entier(c["n_connus"])] for c in cs],
        "cote_nom": frames["points"]["cote_nom"].tolist(),  # a place, no figure
    }
    reperes = [*points["part"], p, votee]
    bas, haut = max(0.0, min(reperes) - 0.1), min(1.0, max(reperes) + 0.1)
    courbe: Colonnes = {"n": frames["limites"]["n"].tolist()}  # where a curve is drawn, no figure
    for nom, z in (("95", Z_95), ("998", Z_998)):
        marges = [z * math.sqrt(p * (1 - p) / n) for n in courbe["n"]]
        courbe[f"bas_{nom}"] = [min(max(p - m, bas), haut) for m in marges]
        courbe[f"haut_{nom}"] = [min(max(p + m, bas), haut) for m in marges]
    return {"points": points, "limites": courbe, "cibles": _cibles(a, votee)}, []


def _carte(a: Attendus, frames: dict[str, pd.DataFrame]) -> tuple[dict[str, Colonnes], list[str]]:
    seules = {nom: c for nom, (c,) in a.reponses.lignes(a.nom, "commune").items()}
    communes = a.reponses.communes_de_l_ici()
    codes = frames["communes"]["code_insee"].tolist()
    cs: list[Cellule | None] = [seules.get(communes.get(code, "")) for code in codes]
    ecarts = [100 * (c["part"] - a.pourcent / 100) if c and (c["n_connus"] or 0) >= 30 else None for c in cs]
    mouvements = a.mouvements("commune")
    est_jugee = any("éligibles" in dit for dit in frames["communes"]["infobulle"])
    eligibles = {nom: [n] for nom, n in a.eligibles().items()} if est_jugee else {}
    noms = frames["etiquettes"]["nom"].tolist()
    reperes = {communes[c]: r for c, r in fond.reperes().items() if c in communes}
    dits = [[f"{s}{entier(n)}" for s, n in zip("−+", mouvements.get(nom, (0, 0)), strict=True) if n] for nom in noms]
    return {
        "communes": {
            "code_insee": codes if sorted(codes) == sorted(communes) else sorted(communes),
            "classe": [figures.classe_ecart(e) for e in ecarts],
            "infobulle": [
                [pour_cent(c["part"]), entier(c["n_connus"]), *eligibles.get(communes[code], [])] if c else []
                for code, c in zip(codes, cs, strict=True)
            ],
        },
        "etiquettes": {
            "nom": [nom if nom in seules else "commune qui n’est pas montrée seule" for nom in noms],
            "longitude": [reperes[nom].longitude for nom in noms],
            "latitude": [reperes[nom].latitude for nom in noms],
            "valeur": dits,
        },
    }, [d for dit in dits for d in dit]


# The measures: one line per place, found by its name.


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


def _mesure(a: Attendus, frames: dict[str, pd.DataFrame]) -> tuple[dict[str, Colonnes], list[str]]:
    lignes, image = _lignes(a), a.mesure.image  # type: ignore[union-attr]
    # A second drawing beside the first leaves the names out: they head its texts under the pointer.
    ordre = [
        libelle or infobulle.split(" : ")[0]
        for libelle, infobulle in zip(frames["lignes"]["libelle"], frames["lignes"]["infobulle"], strict=True)
    ]
    rangs = frames["lignes"]["rang"].tolist()
    noms = dict(zip(rangs, ordre, strict=True))
    cs = [lignes[nom][0] for nom in ordre]
    attendues: Colonnes = {
        "rang": list(range(len(ordre))),
        "libelle": [x if x == n else "" for x, n in zip(frames["lignes"]["libelle"], ordre, strict=True)],
    }
    if "reference" in frames:
        valeur, dit = reference(a)
        valeurs = [[pour_cent(c["part"]), entier(c["n_connus"])] for c in cs]
        marges = [Z_95 * math.sqrt(valeur * (1 - valeur) / c["n_connus"]) for c in cs]
        attendues |= {
            "valeur_dit": valeurs,
            "infobulle": valeurs,
            "part": [float(c["part"]) for c in cs],
            "bas_95": [min(max(valeur - m, 0.0), 1.0) for m in marges],
            "haut_95": [min(max(valeur + m, 0.0), 1.0) for m in marges],
            "position": [
                _hors(c["part"], c["n_connus"], valeur) if c["n_connus"] >= 30 else "effectif trop faible" for c in cs
            ],
        }
        lu = [n for v in valeurs for n in v] + dit
        if image is ImageBilan.VOLUMES:
            attendues["libelle"] = [""] * len(cs)
            lu = [n for v in valeurs for n in v] + dit
        return {"lignes": attendues, "reference": {"part": [valeur], "dit": [dit]}}, lu
    if "segments" in frames:
        return _classes(a, frames, attendues, ordre, noms)
    if "entete" in frames:
        totaux = [_total(a, nom) for nom in ordre] if image is ImageBilan.VOLUMES else [c["numerateur"] for c in cs]
        dits = [
            [entier(t), *([] if image is ImageBilan.VOLUMES else [entier(c["n"])])]
            for t, c in zip(totaux, cs, strict=True)
        ]
        attendues |= {"valeur_dit": dits, "infobulle": dits, "effectif": [float(t) for t in totaux]}
        return {"lignes": attendues, "entete": {"dit": [[]]}}, [n for d in dits for n in d]
    return _deux_points(frames, attendues, cs, noms, lignes, est_delai=image is ImageBilan.DELAIS)


def _classes(
    a: Attendus, frames: dict[str, pd.DataFrame], attendues: Colonnes, ordre: list[str], noms: dict[int, str]
) -> tuple[dict[str, Colonnes], list[str]]:
    lignes, vus = _lignes(a), frames["segments"]
    dits = [[entier(lignes[nom][0]["n"])] for nom in ordre]
    ordres = [int(o) for o in vus["ordre"]]
    classes = [list(CLASSES_DITES)[o] for o in ordres]
    par_classe = {nom: dict(zip(CLASSES_DITES, cs, strict=True)) for nom, cs in lignes.items()}
    cs = [par_classe[noms[r]][c] for r, c in zip(vus["rang"], classes, strict=True)]
    infobulles = [[pour_cent(c["part"]), entier(c["numerateur"]), entier(c["n"])] for c in cs]
    segments: Colonnes = {
        "rang": [r for r in range(len(ordre)) for _ in CLASSES_DITES],
        "ordre": list(range(len(CLASSES_DITES))) * len(ordre),
        "classe": [CLASSES_DITES[c] for c in classes],
        "part": [float(c["part"]) for c in cs],
        "part_dit": [
            [pour_cent(c["part"], 0)] if nombres(dit) else [] for c, dit in zip(cs, vus["part_dit"], strict=True)
        ],
        "infobulle": infobulles,
    }
    attendues |= {"valeur_dit": dits, "infobulle": dits}
    return {"lignes": attendues, "segments": segments}, [n for i in infobulles for n in i]


def _deux_points(
    frames: dict[str, pd.DataFrame],
    attendues: Colonnes,
    cs: list[Cellule],
    noms: dict[int, str],
    lignes: dict[str, list[Cellule]],
    *,
    est_delai: bool,
) -> tuple[dict[str, Colonnes], list[str]]:
    champs = ("mediane_mois", "p90_mois") if est_delai else ("part", "part_occupants")
    if est_delai:
        dits = [[*(mois(c[x]) for x in champs), entier(c["n_connus"])] for c in cs]
        infobulles, lu = dits, [n for d in dits for n in d]
    else:
        dits = [[] if c["n_connus"] < 30 else [ecart_dit(c["ecart_points"]), entier(c["n_connus"])] for c in cs]
        infobulles = [[pour_cent(c["part"]), entier(c["n_connus"]), pour_cent(c["part_occupants"])] for c in cs]
        lu = [n for i in infobulles for n in i]
    colonnes = ("mediane", "p90") if est_delai else ("part", "part_occupants")
    attendues |= {"valeur_dit": dits, "infobulle": infobulles}
    attendues |= {nom: [float(c[x]) for c in cs] for nom, x in zip(colonnes, champs, strict=True)}
    series = ("Médiane", "Neuf sur dix") if est_delai else ("Entrants", "Occupants en place")
    rangs = list(range(len(cs))) * 2
    lus = [lignes[noms[r]][0] for r in frames["points"]["rang"]]
    points: Colonnes = {
        "rang": rangs,
        "serie": [s for s in series for _ in cs],
        "infobulle": infobulles * 2,
        "mois" if est_delai else "part": [
            float(c[x]) for c, x in zip(lus, [champ for champ in champs for _ in cs], strict=True)
        ],
    }
    return {"lignes": attendues, "points": points}, lu


def tableau(a: Attendus, lignes: dict[str, list[Cellule]]) -> dict[str, dict[str, Any]]:
    """Line → heading of the table of a measure → what is written."""
    mesure = a.mesure
    assert mesure is not None
    numerateur, connus = mesure.qui
    valeur = reference(a)[1] if mesure.image in (ImageBilan.PARTS, ImageBilan.VOLUMES) else []
    a_un_objectif = any(cs[0].get("cible") is not None for cs in lignes.values())

    def rangee(nom: str, cs: list[Cellule]) -> dict[str, Any]:
        c = cs[0]
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
            "Écart (attributions)": entier(c["ecart_attributions"]),
        }

    return {nom: rangee(nom, cs) for nom, cs in lignes.items()}
