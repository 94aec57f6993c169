"""The pictures of the steps of the offer: préconisations, blocked mutations, tension, typologies, QPV. Pure.

What a table does not say is not drawn either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from mel_core.dossier import carte_dossier
from mel_core.indicateurs.definitions import ImageBilan
from mel_core.indicateurs.phrases_vues import note, reste
from mel_core.simulation.lectures_offre import (
    AUTRES,
    LONGUES,
    MODESTES,
    RECENTES,
    TUES,
    classer_tension,
    confront,
    sum_les_classes,
    tension_ecrite,
)
from mel_core.simulation.phrases_offre import moyenne_courte, tension_dite
from mel_core.socle import langue
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
    sommes = sum_les_classes(conseilles)
    attendues = list(sommes["n_attendues"])
    dits = [langue.nombre(n) if est_projete() else langue.effectif(n, "attendu") for n in attendues]
    titre = "Logements attendus en six mois, par type de quartiers"
    return _stack((list(sommes.index), dits, attendues), sommes, titre, DOSAGES)


def mutations(vues: pd.DataFrame) -> tuple[Image, int, str]:
    """The blocked mutations of each commune by how long they wait, how many lines, and which are drawn. `vues`: see
    `lectures_offre.read_attentes`.
    """
    connues = vues[vues["n"].map(lambda n: n.est_dit)]
    dessinees = connues.head(images_mesures.LIGNES_HAUTES if est_projete() else LIGNES_DESSINEES)
    comptes = [n.dit for n in dessinees["n"]]
    entete = (list(dessinees["nom"]), [langue.nombre(n) for n in comptes], comptes)
    titre = "Mutations bloquées en attente, par commune et durée d’attente"
    return _stack(entete, dessinees, titre, ATTENTES), len(dessinees), reste(len(vues) - len(dessinees), "commune")


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
    vues = confront(dans)
    if vues.empty:
        return None, 0, ""
    lignes = vues[["nom", "n_entrants_connus", "part_entrants", "part_occupants", "ecart_points"]]
    lignes = lignes.rename(columns={"n_entrants_connus": "n_connus", "part_entrants": "part"})
    lignes = lignes.assign(rang=range(len(vues))).reset_index(drop=True)
    lignes = lignes.head(images_mesures.n_dessinees(lignes))
    notes = [note(ImageBilan.PAIRES), reste(len(dans) - len(lignes), "QPV", MOINDRES)]
    return images_mesures.paires(lignes), len(lignes), " ".join(filter(None, notes))


def _stack(
    entete: tuple[list[str], list[str], list[int]],
    parts: pd.DataFrame,
    titre: str,
    series: dessins.Series,
) -> Image:
    """`entete`: name, figure and count of each line. `parts`: the same lines, a column a series: what it is of each."""
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
        for rang, ligne in enumerate(parts[list(series)].to_dict("records"))
        for serie, n in ligne.items()
        if n > 0
    ]
    lignes = pd.DataFrame({"libelle": libelles, "valeur_dit": dits})
    x = dessins.nombres(pd.Series(totaux, dtype=float))
    return dessins.empilees(lignes, dessinees, series, x, titre)
