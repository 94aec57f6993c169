"""The pictures of Suivre: the volumes of the réseau d’accueil, who comes to a bassin de vie, the fragilité
of the communes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from mel_core.indicateurs.suivi import bassins, fragilites, reseau
from mel_core.indicateurs.suivi.reseau import MESURES_DITES, VOIES
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_DITES as DITES
from mel_core.socle.appellations import TYPOLOGIES_DES_COMMUNES
from mel_core.socle.valeurs import Compte
from pages.commun.images import carte_quartiers, cartes, couleurs
from pages.commun.images import lignes as dessins
from pages.commun.images.cartes import Carte
from pages.commun.images.gabarit import GRAISSE, NOMBRE, Image, bulle, figure

POIDS_DESSINES = 9
PARTS = {
    "Par le réseau": couleurs.AU_DESSOUS_CLAIR,
    "En ligne": couleurs.AU_DESSOUS,
    "Pré-accueil": couleurs.AU_DESSOUS_CLAIR,
    "Entretiens": couleurs.AU_DESSOUS_CLAIR,
}
COMMUNES_DESSINEES, COMMUNES_NOMMEES = 10, 12
_PERSONNE = Compte(0)
_DE_PLUS = 1.25  # room at both ends for what is written there
_RAMPE = ("#0B2F70", "#2F66B3", "#7FA9DC", "#B9D2EF", couleurs.ENTONNOIR, couleurs.SANS_AVIS)
PARTS_CARTE = dict(
    zip(("75 % et plus", "50 à 75 %", "25 à 50 %", "moins de 25 %", "aucun", "inconnue"), _RAMPE, strict=True)
)
_TONS_TYPOLOGIES = (*_RAMPE[:4], couleurs.SANS_AVIS)


def figure_mois(accueil: pd.DataFrame, mesure: str) -> Image:
    """Volumes by month, stacked by way."""
    mois = reseau.par_mois(accueil, mesure)
    mois["part"] = mois["voie"].map(VOIES).fillna(MESURES_DITES[mesure][0])
    dits = {m: reseau.mois_dit(f"{m:%Y-%m}") for m in sorted(mois["mois"].unique())}
    rangs = {m: rang for rang, m in enumerate(dits)}
    traces, lus = [], []
    for part in [p for p in reversed(PARTS) if (mois["part"] == p).any()]:  # online at the bottom
        siens = mois[mois["part"] == part]
        infobulles = [
            f"{dits[m]}, {part.lower()} : {langue.nombre(n)}"
            for m, n in zip(siens["mois"], siens["effectif"], strict=True)
        ]
        lus += infobulles
        traces.append(
            go.Bar(
                x=siens["mois"].map(rangs),
                y=siens["effectif"],
                name=part,
                marker={"color": PARTS[part], "line": {"color": couleurs.PAPIER, "width": 0.5}},
                **bulle(infobulles),
            )
        )
    nommes = [m for m in dits if m.month in (1, 7)]
    axe = {"tickvals": [rangs[m] for m in nommes], "ticktext": [dits[m] for m in nommes], "showgrid": False}
    marges = {"t": 10, "b": 2, "l": 4, "r": 8}
    mise_en_page = figure(traces, xaxis=axe, yaxis={**NOMBRE, "nticks": 6}, barmode="stack", bargap=0, margin=marges)
    return Image(mise_en_page, "Volumes du réseau d’accueil par mois", " ; ".join(lus))


def figure_poids(par_commune: pd.DataFrame) -> Image:
    """The largest volumes, beside what each commune weighs."""
    vues = par_commune[par_commune["effectif"] > 0].head(POIDS_DESSINES).reset_index(drop=True)
    lignes = pd.DataFrame(
        {
            "libelle": vues["nom"],
            "valeur_dit": [langue.points(e) for e in vues["ecart_points"]],
            "infobulle": [
                f"{x.nom} : {langue.part(x.part)} des volumes ({langue.nombre(x.effectif)}), {langue.part(x.poids)} "
                "des habitants"
                for x in vues.itertuples()
            ],
            "part": vues["part"],
            "poids": vues["poids"],
        }
    )
    x = dessins.parts_jusqu_a([*lignes["part"], *lignes["poids"]])
    titre = "Part de chaque commune dans les volumes, et dans la population"
    series = ("Part des volumes", "Part des habitants")
    return dessins.deux_points(lignes, series, ("part", "poids"), x, titre)


def figure_parc(communes: pd.DataFrame, territoire: str) -> Image:
    """Dwellings of each commune, the most first. `communes`: `nom`, `n_logements`, `n_vacants`."""
    vues = communes[communes["n_logements"].gt(0)].sort_values("n_logements", ascending=False).head(COMMUNES_DESSINEES)
    dits = [
        f"{x['nom']} : {langue.effectif(x['n_logements'], 'logement')}"
        + ("" if pd.isna(x["n_vacants"]) else f", dont {langue.effectif(x['n_vacants'], 'vacant')}")
        for x in vues.to_dict("records")
    ]
    titre = f"{territoire} : logements par commune"
    return dessins.comptes(vues["nom"], vues["n_logements"], "logements sociaux", titre, dits)


def figure_flux(flux: pd.DataFrame, territoire: str, quoi: str) -> Image:
    """Who comes from each place (to the left), who goes to it (to the right); who stays, first, in its own tone.

    `flux`: `de`, `vers`, `n` as they are read, of which one is the territoire.
    """
    entrants = flux[flux["vers"] == territoire].set_index("de")["n"]
    sortants = flux[flux["de"] == territoire].set_index("vers")["n"]
    autres = sorted(
        {*entrants.index, *sortants.index} - {territoire}, key=lambda c: (-_poids(entrants, sortants, c), c)
    )
    codes = [territoire, *autres]
    noms = [bassins.LIEUX_DITS.get(c, c) for c in codes]
    series = []
    lus = []
    for nom, comptes, sens, ton in (
        (bassins.RESTES[quoi], sortants.filter([territoire]), 1, couleurs.PROCHE),
        (bassins.COTES[quoi][0], entrants.drop(territoire, errors="ignore"), -1, couleurs.AU_DESSOUS_CLAIR),
        (bassins.COTES[quoi][1], sortants.drop(territoire, errors="ignore"), 1, couleurs.AU_DESSOUS),
    ):
        valeurs = [comptes.get(c, _PERSONNE) for c in codes]
        dits = ["" if v == 0 else str(v) for v in valeurs]
        bulles = [f"{lieu}, {nom} : {langue.effectif(v, 'ménage')}" for lieu, v in zip(noms, valeurs, strict=True)]
        lus += [b for b, dit in zip(bulles, dits, strict=True) if dit]
        ecrits = {"text": dits, "textposition": "outside", "textangle": 0, "cliponaxis": False}
        longueurs, lettres = [sens * (v.dit or 0) for v in valeurs], {"size": 16, "weight": GRAISSE}
        series.append(dessins.barres(longueurs, nom, ton, bulles, textfont=lettres, **ecrits))
    etendue = pd.Series([x for barre in series for x in barre.x], dtype=float)
    axe = {**dessins.autour_de_zero(_DE_PLUS * etendue, ""), "showticklabels": False, "showgrid": False}
    lignes = pd.DataFrame({"libelle": noms, "valeur_dit": [""] * len(codes)})
    return dessins.en_lignes(lignes, series, axe, f"{territoire} : {bassins.FLUX_DITS[quoi]}", " ; ".join(lus))


def _poids(entrants: pd.Series, sortants: pd.Series, code: str) -> float:
    """The most first; places nobody names last."""
    est_lieu = code not in bassins.LIEUX_DITS
    return (1 if est_lieu else 0) * (1 + sum(s.get(code, _PERSONNE).dit or 0 for s in (entrants, sortants)))


def carte_des_communes(communes: pd.DataFrame, *, est_par_part: bool) -> Carte:
    """Communes of the scope: by share of inhabitants, which each says (`est_par_part`), the largest shares; else by
    typology, how many there are of each, the most fragile first; by fragilité where no typology is known."""
    poids = communes["population"].fillna(0)
    if est_par_part:
        parts = communes["part_fragile"]
        classes, dits = parts.map(classe_part), parts.map(lambda part: langue.part(part, 0))
        tons, legende = PARTS_CARTE, "Habitants en quartier fragile"
        poids = (100 * parts.where(parts > 0)).round()  # as it is said
    elif communes["typologie"].notna().any():
        codes = communes["typologie"].map(str, na_action="ignore").fillna("inconnu")
        comptes = codes.value_counts()
        noms = {
            t: f"{nom.removeprefix('Typologie ')} : {comptes.get(t, 0)}" for t, nom in TYPOLOGIES_DES_COMMUNES.items()
        }
        classes, dits = codes.map(noms), codes.map(TYPOLOGIES_DES_COMMUNES)
        tons, legende = dict(zip(noms.values(), _TONS_TYPOLOGIES, strict=True)), "Typologie de la commune"
        poids = poids + communes["typologie"].astype(float).fillna(0) * (1 + poids.max())
    else:
        classes, dits = communes["fragilite"].map(DITES), communes["fragilite"].map(DITES)
        tons, legende = carte_quartiers.FRAGILITES, "Fragilité de la commune"
    lieux = pd.DataFrame(
        {
            "code": communes["commune"],
            "classe": classes,
            "dit": [f"{nom} : {dit}" for nom, dit in zip(communes["nom"], dits, strict=True)],
            "etiquette": [f"{nom}\n{dit}" for nom, dit in zip(communes["nom"], dits, strict=True)]
            if est_par_part
            else communes["nom"],
            "poids": poids,
        }
    )
    lieux["etiquette"] = lieux["etiquette"].where(poids.rank(ascending=False, method="min") <= COMMUNES_NOMMEES, "")
    titre = f"Carte des communes : {legende.lower()}"
    return cartes.communes(lieux, tons, titre, " ; ".join(lieux["dit"]), legende)


def classe_part(part: float | None) -> str:
    """Class of the map for a share (0–1)."""
    noms = tuple(PARTS_CARTE)
    if part is None or pd.isna(part):
        return noms[-1]
    bornes = zip((0.75, 0.5, 0.25), noms, strict=False)
    return next((nom for borne, nom in bornes if part >= borne), noms[3] if part > 0 else noms[4])


INDICATEURS: dict[str, tuple[str, Callable[[float], str]]] = {
    "revenu_median_uc": ("Revenu médian par UC", lambda v: f"{langue.nombre(v)}{langue.INSECABLE}€"),
    "part_non_emploi": ("Sans emploi, 25-64 ans", langue.part),
    "part_familles_4_enfants": ("Familles de 4 enfants et plus", langue.part),
    "part_familles_monoparentales": ("Familles monoparentales", langue.part),
}
SUPPORT_IPS = "Support de 2017, Métropole et références (INSEE 2011)"


def tableau_indices(lignes: pd.DataFrame, ou: str) -> str:
    """The table of the deck over the rows of `compare_indices`: the quartiers of the scope (`ou`), then what the deck
    read in 2011, its lost row shown as lost (HTML)."""
    tetes = "".join(
        f'<th scope="col">{escape(t)}</th>' for t in ("IPS", "Quartiers", *(t for t, _ in INDICATEURS.values()))
    )
    corps = "".join(
        f'<tbody><tr><th scope="rowgroup" colspan="{len(INDICATEURS) + 2}">{escape(langue.typeset(titre))}</th></tr>'
        f"{''.join(map(_ligne_indice, lignes[lignes['origine'] == origine].to_dict('records')))}</tbody>"
        for origine, titre in (("donnees", f"Données publiées, {ou}"), ("support_2017", SUPPORT_IPS))
    )
    titre = "Derrière l’indice de précarité sociale (4 : le plus fragile)"
    return f'<table class="indices"><caption>{titre}</caption><thead><tr>{tetes}</tr></thead>{corps}</table>'


def _ligne_indice(ligne: dict[Hashable, Any]) -> str:
    nom = langue.nombre(ligne["ips"]) if pd.isna(ligne["lieu"]) else ligne["lieu"]
    tete = f'<th scope="row">{escape(nom)}</th>'
    if ligne["est_perdue"]:
        dite = fragilites.say_perdue(int(ligne["n"]))
        return f'<tr class="perdue">{tete}<td colspan="{len(INDICATEURS) + 1}">{escape(langue.typeset(dite))}</td></tr>'
    valeurs = (langue.ABSENT if pd.isna(ligne[c]) else say(ligne[c]) for c, (_, say) in INDICATEURS.items())
    return f"<tr>{tete}{''.join(f'<td>{escape(v)}</td>' for v in (langue.nombre(ligne['n']), *valeurs))}</tr>"
