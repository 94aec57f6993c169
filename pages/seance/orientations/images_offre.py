"""The pictures of the steps of the offer: préconisations, blocked mutations, tension, typologies, QPV. Pure.

What a table does not say is not drawn either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from mel_core.dossier import carte_dossier
from mel_core.indicateurs.definitions import ImageBilan
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.indicateurs.phrases_vues import note, reste
from mel_core.simulation.lectures_offre import (
    AUTRES,
    LONGUES,
    MODESTES,
    RECENTES,
    TUES,
    classer_tension,
    tension_ecrite,
)
from mel_core.simulation.phrases_offre import moyenne_courte, tension_dite
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_EN_TETE
from pages.commun.images import cartes, couleurs, images_mesures
from pages.commun.images import lignes as dessins
from pages.commun.images.gabarit import GRAISSE, Image, axe_de_parts, bulle, est_projete, figure

LIGNES_DESSINEES, MOINDRES = 12, ", d’écart moindre ou non dit"
_PART_LISIBLE = 0.03  # of the longest line: a narrower part has no room for its figure
_FORT = (couleurs.AU_DESSOUS, couleurs.PAPIER)
_DOUX = (couleurs.AU_DESSOUS_CLAIR, couleurs.ENCRE)
_TU = (couleurs.FOND_DOUX, couleurs.ENCRE)
_TONS = (couleurs.AU_DESSOUS, couleurs.AU_DESSOUS_CLAIR, couleurs.AU_DESSUS, couleurs.AU_DESSUS_CLAIR)
_RALLONGE = 1.15  # room at the top for what is written there
DOSAGES = {MODESTES: _FORT, AUTRES: _DOUX}
ATTENTES = {LONGUES: _FORT, RECENTES: _DOUX, TUES: _TU}
TONS_DES_TENSIONS = {classe: f"#{ton}" for classe, ton in carte_dossier.TONS_DES_TENSIONS.items()}


def preconisations(conseilles: pd.DataFrame) -> Image:
    """Modest and other households among the dwellings expected, by class of quartiers.

    `conseilles`: `fragilite`, `n_attendues`, `n_modestes`, `n_autres`, one row per place.
    """
    sommes = conseilles.groupby("fragilite")[["n_attendues", "n_modestes", "n_autres"]].sum()
    ordre = [c for c in FRAGILITES_EN_TETE if c in sommes.index]
    parts = [
        (rang, serie, int(sommes.loc[classe, colonne]))
        for rang, classe in enumerate(ordre)
        for serie, colonne in ((MODESTES, "n_modestes"), (AUTRES, "n_autres"))
    ]
    libelles = [FRAGILITES_EN_TETE[c] for c in ordre]
    attendues = [int(n) for n in sommes.loc[ordre, "n_attendues"]]
    dits = [langue.nombre(n) if est_projete() else langue.effectif(n, "attendu") for n in attendues]
    titre = "Logements attendus en six mois, par type de quartiers"
    return _stack((libelles, dits, attendues), parts, titre, DOSAGES)


def mutations(vues: pd.DataFrame) -> tuple[Image, int, str]:
    """The blocked mutations of each commune by how long they wait, how many lines, and which are drawn. `vues`: see
    `lectures_offre.read_attentes`. A commune of which one of both waits is not said keeps the length of its whole.
    """
    connues = vues[vues["n"].map(lambda n: n.est_dit)]
    plafond = images_mesures.LIGNES_HAUTES if est_projete() else LIGNES_DESSINEES
    dessinees = connues.head(plafond).reset_index(drop=True)
    lignes = []
    for rang, x in enumerate(dessinees.itertuples()):
        parts = [(LONGUES, x.n_24_mois), (RECENTES, x.n_recentes)]
        est_tue = not all(n.est_dit for _, n in parts)
        lignes += [(rang, serie, n.dit) for serie, n in ([(TUES, x.n)] if est_tue else parts)]
    comptes = [n.dit for n in dessinees["n"]]
    entete = (list(dessinees["nom"]), [langue.nombre(n) for n in comptes], comptes)
    titre = "Mutations bloquées en attente, par commune et durée d’attente"
    return _stack(entete, lignes, titre, ATTENTES), len(dessinees), reste(len(vues) - len(dessinees), "commune")


def tension(communes: pd.DataFrame, moyenne: float) -> cartes.Carte:
    """The map of the communes by their tension, said on each as long as names don't touch.

    `communes`: `commune`, `nom`, `n_demandes`, `n_attributions`, `tension`: see `lectures_offre.say_les_tensions`.
    """
    classes = [classer_tension(t, moyenne) for t in communes["tension"]]
    dits = [tension_ecrite(t) for t in communes["tension"]]
    comptees = [
        f"{tension_dite(x.tension, x.n_demandes, x.n_attributions)}, " if dit else ""
        for x, dit in zip(communes.itertuples(), dits, strict=True)
    ]
    bulles = [f"{nom} : {dit}{classe}" for nom, dit, classe in zip(communes["nom"], comptees, classes, strict=True)]
    lieux = pd.DataFrame(
        {
            "code": communes["commune"],
            "classe": classes,
            "dit": bulles,
            "etiquette": [f"{nom}\n{dit}" if dit else "" for nom, dit in zip(communes["nom"], dits, strict=True)],
            "poids": communes["tension"].replace(float("inf"), float("nan")).astype("float64").fillna(0),
        }
    )
    titre = "Carte des communes selon leurs demandes pour une attribution"
    return cartes.communes(lieux, TONS_DES_TENSIONS, titre, " ; ".join(bulles), moyenne_courte(moyenne))


def parts(libelles: Sequence[str], series: Mapping[str, pd.Series], titre: str) -> Image:
    """Several populations over the same places. `series`: what each is a share of → its shares (0–1, empty: no
    mark)."""
    barres: list[go.Bar] = []
    lus: list[str] = []
    for (nom, lues), ton in zip(series.items(), _TONS, strict=False):
        dites = [langue.part(v, 0) if pd.notna(v) else "" for v in lues]
        bulles = [f"{x} : {dit or langue.ABSENT} {nom}" for x, dit in zip(libelles, dites, strict=True)]
        lus += bulles
        barres.append(
            go.Bar(
                x=list(range(len(libelles))),
                y=lues.astype(float).fillna(0),
                name=nom,
                marker_color=ton,
                cliponaxis=False,
                showlegend=True,
                text=dites,
                textposition="outside",
                textangle=0,
                textfont={"size": 14, "weight": GRAISSE},
                **bulle(bulles),
            )
        )
    hauteurs = [float(y) for barre in barres for y in barre.y]
    noms = {"tickvals": list(range(len(libelles))), "ticktext": list(libelles), "showgrid": False, "ticks": ""}
    dessin = figure(
        barres,
        barmode="group",
        bargap=0.2,
        xaxis={**noms, "tickfont": {"size": 16, "color": couleurs.ENCRE, "weight": 600}},
        yaxis=axe_de_parts(_RALLONGE * max(hauteurs, default=0) or 1.0),
        legend={"traceorder": "normal"},
    )
    return Image(dessin, titre, " ; ".join(lus))


def qpv(dans: pd.DataFrame) -> tuple[Image | None, int, str]:
    """Who comes beside who lives in each QPV, how many lines, and which are drawn: those farthest apart, of so many
    entrants that it concludes; none where both are not known.

    `dans`: the rows of `ecran_qpv.read` that are QPV.
    """
    connus = dans[dans["part_entrants"].notna() & dans["part_occupants"].notna()]
    points = 100 * (connus["part_entrants"].astype("float64") - connus["part_occupants"].astype("float64"))
    rangs = pd.DataFrame({"faible": connus["n_entrants_connus"] < EFFECTIF_MINIMAL, "loin": -points.abs()})
    vues = connus.loc[rangs.sort_values(["faible", "loin"], kind="stable").index]
    if vues.empty:
        return None, 0, ""
    lignes = pd.DataFrame(
        {
            "rang": range(len(vues)),
            "nom": vues["nom"].fillna(vues["qpv"]).to_numpy(),
            "n_connus": vues["n_entrants_connus"].to_numpy(),
            "part": vues["part_entrants"].to_numpy(),
            "part_occupants": vues["part_occupants"].to_numpy(),
            "ecart_points": points[vues.index].to_numpy(),
        }
    )
    lignes = lignes.head(images_mesures.n_dessinees(lignes))
    notes = [note(ImageBilan.PAIRES), reste(len(dans) - len(lignes), "QPV", MOINDRES)]
    return images_mesures.paires(lignes), len(lignes), " ".join(filter(None, notes))


def _stack(
    entete: tuple[list[str], list[str], list[int]],
    parts: Sequence[tuple[int, str, int]],
    titre: str,
    series: dessins.Series,
) -> Image:
    """`entete`: name, figure and count of each line. `parts`: rank of the line, series, count."""
    libelles, dits, totaux = entete
    plafond = max(totaux, default=0) or 1
    dessinees = [
        dessins.Part(
            rang,
            serie,
            n,
            langue.nombre(n) if n >= _PART_LISIBLE * plafond else "",
            f"{libelles[rang]}, {serie[0].lower()}{serie[1:]} : {langue.nombre(n)} sur {langue.nombre(totaux[rang])}",
        )
        for rang, serie, n in parts
        if n > 0
    ]
    lignes = pd.DataFrame({"libelle": libelles, "valeur_dit": dits})
    x = dessins.nombres(pd.Series(totaux, dtype=float))
    return dessins.empilees(lignes, dessinees, series, x, titre)
