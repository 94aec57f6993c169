"""The reception network: its volumes by month and place, online or not, each one's share against its weight. Pure."""

from __future__ import annotations

from datetime import date

import pandas as pd
from babel.dates import format_date

from mel_core import langue
from mel_core.periodes import Seance

ENREGISTREMENTS, EN_LIGNE = "n_enregistrements", "n_enregistrements_en_ligne"
MESURES = {
    ENREGISTREMENTS: ("Enregistrements", "enregistrement"),
    "n_pre_accueil": ("Pré-accueil", "pré-accueil"),
    "n_entretiens": ("Entretiens", "entretien"),
}
PORTEURS = {
    "COMMUNE": "Communes",
    "MEL": "Métropole",
    "ACTION_LOGEMENT": "Action Logement",
    "BAILLEUR": "Bailleurs",
    "ASSOCIATION": "Associations",
    "AUTRE": "Autres",
}
TYPES = {"LABELLISE": "labellisé", "RELAIS": "relais d’information"}
_AN = 12


def fenetres(seance: Seance) -> tuple[list[str], list[str]]:
    """The 12 months up to the end of the séance, and the 12 before them, written « 2017-09 »."""
    dernier = seance.fin.year * 12 + seance.fin.month - 1
    mois = [f"{m // 12}-{m % 12 + 1:02d}" for m in range(dernier - 2 * _AN + 1, dernier + 1)]
    return mois[_AN:], mois[:_AN]


def constat(ou: str, accueil: pd.DataFrame, seance: Seance) -> str:
    """Registrations over 12 months, the share made online, and that of the 12 months before."""
    annee, avant = (accueil[accueil["mois"].isin(mois)] for mois in fenetres(seance))
    if not annee[ENREGISTREMENTS].sum() > 0:
        return f"Dans {ou}, aucun enregistrement n’est compté dans le réseau d’accueil sur ces 12 mois."
    n = annee["lieu"].nunique()
    lieux = f"les {langue.effectif(n, 'lieu', 'lieux')} d’accueil ont" if n > 1 else "le lieu d’accueil a"
    demandes = langue.effectif(_somme(annee, ENREGISTREMENTS), "demande")
    debut = f"Dans {ou}, {lieux} enregistré **{demandes}** en 12 mois"
    part, ancienne = part_en_ligne(annee), part_en_ligne(avant)
    if part is None:
        return f"{debut} ; l’enregistrement en ligne n’est pas compté."
    suite = "" if ancienne is None else f", contre {langue.part(ancienne)} les 12 mois d’avant"
    return f"{debut}, dont **{langue.part(part)}** en ligne{suite}."


def part_en_ligne(lignes: pd.DataFrame) -> float | None:
    """Share of registrations made online, where both are counted (0–1)."""
    connues = lignes[lignes[ENREGISTREMENTS].notna() & lignes[EN_LIGNE].notna()]
    total = connues[ENREGISTREMENTS].sum()
    return float(connues[EN_LIGNE].sum() / total) if total > 0 else None


def evolution(accueil: pd.DataFrame, seance: Seance, mesure: str) -> str:
    """The last 12 months against the first 12 of the network, when there are two such years."""
    mois = sorted(accueil["mois"].unique())
    annee, _ = fenetres(seance)
    if len(mois) < 2 * _AN:
        return "Moins de deux ans de recul : l’évolution depuis le début du réseau ne se mesure pas encore."
    debut = _somme(accueil[accueil["mois"].isin(mois[:_AN])], mesure)
    fin = _somme(accueil[accueil["mois"].isin(annee)], mesure)
    if debut == 0:
        return f"Rien n’était compté les 12 premiers mois, à partir de {mois_dit(mois[0])}."
    ecart = (fin - debut) / debut
    return (
        f"{MESURES[mesure][0]} : **{langue.signe(100 * ecart, 1)}{langue.FINE}%** des 12 premiers mois "
        f"({langue.nombre(debut)}, à partir de {mois_dit(mois[0])}) aux 12 derniers ({langue.nombre(fin)})."
    )


def par_mois(accueil: pd.DataFrame, mesure: str) -> pd.DataFrame:
    """One row per month × part: `mois` (first day), `part` (« En ligne », « Par le réseau » for registrations, else the
    name of the measure), `effectif`. What is registered where online is not counted goes to the network."""
    sommes = accueil.groupby("mois")[[mesure, EN_LIGNE]].sum().reset_index()
    jours = pd.to_datetime(sommes["mois"] + "-01")
    if mesure != ENREGISTREMENTS:
        return pd.DataFrame({"mois": jours, "part": MESURES[mesure][0], "effectif": sommes[mesure].astype(float)})
    return pd.concat(
        [
            pd.DataFrame({"mois": jours, "part": "Par le réseau", "effectif": sommes[mesure] - sommes[EN_LIGNE]}),
            pd.DataFrame({"mois": jours, "part": "En ligne", "effectif": sommes[EN_LIGNE].astype(float)}),
        ],
        ignore_index=True,
    )


def par_commune(annee: pd.DataFrame, communes: pd.DataFrame, mesure: str) -> pd.DataFrame:
    """One row per commune with a place or inhabitants: `nom`, `effectif`, `part` of the volume, `poids` in the
    population and `ecart_points`; the largest volumes first. Both shares are 0–1, over the communes of `communes`."""
    volumes = annee.groupby("commune")[mesure].sum().rename("effectif")
    lignes = communes[["commune", "nom", "population"]].merge(volumes, on="commune", how="left")
    lignes["effectif"] = lignes["effectif"].fillna(0)
    total, habitants = lignes["effectif"].sum(), lignes["population"].sum()
    lignes["part"] = lignes["effectif"] / total if total > 0 else float("nan")
    lignes["poids"] = lignes["population"] / habitants if habitants > 0 else float("nan")
    lignes["ecart_points"] = 100 * (lignes["part"] - lignes["poids"])
    return lignes.sort_values(["effectif", "population"], ascending=False, ignore_index=True)


def par_porteur(annee: pd.DataFrame, mesure: str) -> pd.DataFrame:
    """One row per kind of actor: `porteur`, `n_lieux`, `n_labellises`, `effectif`, its `part` of the volume, and
    `poids`, its share of the places (0–1)."""
    groupes = annee.groupby("porteur")
    lignes = pd.DataFrame(
        {
            "n_lieux": groupes["lieu"].nunique(),
            "n_labellises": annee[annee["type_lieu"] == "LABELLISE"].groupby("porteur")["lieu"].nunique(),
            "effectif": groupes[mesure].sum(),
        }
    ).fillna(0)
    total, lieux = lignes["effectif"].sum(), lignes["n_lieux"].sum()
    lignes["part"] = lignes["effectif"] / total if total > 0 else float("nan")
    lignes["poids"] = lignes["n_lieux"] / lieux if lieux else float("nan")
    return lignes.sort_values("effectif", ascending=False).reset_index()


def par_lieu(annee: pd.DataFrame) -> pd.DataFrame:
    """One row per place: its volumes over 12 months (empty when never counted), the largest registrations first."""
    mesures = [*MESURES, EN_LIGNE]
    lignes = annee.groupby(["lieu", "nom", "type_lieu", "porteur"])[mesures].sum(min_count=1).reset_index()
    return lignes.sort_values([ENREGISTREMENTS, "lieu"], ascending=[False, True], ignore_index=True)


def manquants(annee: pd.DataFrame, mesure: str) -> int:
    """Cells place × month that hold nothing: left out, never counted as zero."""
    return int(annee[mesure].isna().sum())


def mois_dit(mois: str) -> str:
    """`2017-09` → `septembre 2017`."""
    annee, numero = mois.split("-")
    return format_date(date(int(annee), int(numero), 1), "MMMM y", locale=langue.FR)


def _somme(lignes: pd.DataFrame, mesure: str) -> int:
    return int(lignes[mesure].sum())
