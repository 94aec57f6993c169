"""Bassins de vie: the social stock of a territoire or a commune, who occupies it, who enters, and the flows between
places lived in, wanted and obtained (the deck's *Zoom sur le bassin de vie du territoire*).

Counts over twelve months are of bails signed; a place lived in or wanted is that of the household's demande, as it was
loaded. What no file gives is unknown, and named: never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.indicateurs.besoins import STOCK, Manque, toutes
from mel_core.indicateurs.manques import sans_reponse
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.periodes import Periode
from mel_core.socle.sql import blocs
from mel_core.socle.valeurs import Duree

_SQL = blocs(__file__, "bassins.sql")

MAILLES = ("territoire", "commune")
HABITE_OBTENU, HABITE_SOUHAITE, SOUHAITE_OBTENU = FLUX = ("habite_obtenu", "habite_souhaite", "souhaite_obtenu")
INCONNU, HORS_MEL = "inconnu", "hors_mel"
CLASSES = ("tres_modestes", "modestes", "intermediaires", "eleves")
OCCUPANTS = tuple(f"n_occupants_{c}" for c in (*CLASSES, "connus", "inconnus"))
MOUVEMENTS = ("n_sur_place", "n_arrivees", "n_departs", "n_origines_inconnues")
ENTREES = ("n_entrees", "n_premiers_acces")
MENAGES = (*OCCUPANTS, *ENTREES, *MOUVEMENTS)  # counts of households; all others are of dwellings or of places
_LOGEMENTS = ("n_residences", "n_logements")
# Shares of households: what is added up over what.
PARTS = {
    "part_modestes": (("n_occupants_tres_modestes", "n_occupants_modestes"), ("n_occupants_connus",)),
    "part_sur_place": (("n_sur_place",), ("n_sur_place", "n_arrivees")),
}

_ORIGINE = toutes("demandes", "code_insee_actuel")
_SOUHAIT = toutes("demandes", "communes_souhaitees")
_BESOINS = {HABITE_OBTENU: _ORIGINE, HABITE_SOUHAITE: (*_ORIGINE, *_SOUHAIT), SOUHAITE_OBTENU: _SOUHAIT}
# What each column of `parc` leans on.
_BESOINS_DU_PARC: dict[tuple[Manque, ...], tuple[str, ...]] = {
    toutes("quartiers", "n_hlm"): ("n_hlm", "n_quartiers_sans_hlm"),
    toutes("residences", "code_residence"): _LOGEMENTS,
    toutes("residences", "n_vacants"): ("n_logements_suivis", "n_vacants", "part_vacants"),
    toutes("residences", "n_vacants_3_mois"): ("n_vacants_3_mois",),
    toutes("residences", "taux_rotation"): ("n_logements_tournants", "n_liberes_an"),
    STOCK: (*(o for o in OCCUPANTS if o != "n_occupants_inconnus"), "part_modestes"),
    toutes("residences", "n_occupants_inconnus"): ("n_occupants_inconnus",),
    _ORIGINE: (*MOUVEMENTS, "part_sur_place"),
}


def parc(lecteur: Lecteur, periode: Periode, maille: str) -> pd.DataFrame:
    """One row per place of `maille` (of MAILLES), by code (`lieu`).

    Dwellings (table `residences`): `n_residences`, `n_logements`, `n_logements_suivis` (vacancy given), `n_vacants` of
    them, `part_vacants` (0–1), `n_vacants_3_mois`, `n_logements_tournants` (rotation given), `n_liberes_an` (not
    whole). `n_hlm`: those of its quartiers (INSEE), `n_quartiers_sans_hlm` of which do not say. Occupants of the last
    enquête, by class, `n_occupants_connus` and `part_modestes` (très modestes and modestes, 0–1, of the known).
    `n_entrees`, `n_premiers_acces`: bails of `periode`. Of the entrants, `n_sur_place` lived in the place,
    `n_arrivees` elsewhere, `n_origines_inconnues` nobody says; `part_sur_place` (0–1) of those whose origin is known;
    `n_departs` of its inhabitants entered another place. Empty: unknown.
    """
    lignes = lecteur.query(_SQL["parc"], maille=maille, debut=periode.debut, fin=periode.fin)
    mouvements = flux(lecteur, HABITE_OBTENU, periode, maille)
    lignes = lignes.assign(**{c: lignes["lieu"].map(n).fillna(0) for c, n in _mouvements(mouvements).items()})
    lignes["part_vacants"] = lignes["n_vacants"] / lignes["n_logements_suivis"].where(lignes["n_logements_suivis"] > 0)
    for nom, (k, n) in exacts(lignes).items():
        lignes[nom] = k / n.where(n > 0)
    for besoins, colonnes in _BESOINS_DU_PARC.items():
        if sans_reponse(lecteur, besoins):
            lignes[list(colonnes)] = float("nan")
    comptes = [c for c in lignes if c.startswith("n_") and c != "n_liberes_an"]
    return lignes.astype(dict.fromkeys(comptes, "Int64"))


def exacts(lignes: pd.DataFrame) -> dict[str, tuple[pd.Series, pd.Series]]:
    """The numerator and the denominator of each share of `parc`."""
    return {
        nom: (lignes[list(haut)].sum(axis=1, min_count=len(haut)), lignes[list(bas)].sum(axis=1, min_count=len(bas)))
        for nom, (haut, bas) in PARTS.items()
    }


def flux(lecteur: Lecteur, quoi: str, periode: Periode, maille: str) -> pd.DataFrame:
    """One row per pair of places of `maille` that has somebody: `de`, `vers` (codes, `hors_mel`, `inconnu`) and `n`.

    `quoi` (of FLUX): of the bails of `periode`, the place lived in → obtained, or wanted → obtained; of the demandes
    active on its last day, the place lived in → wanted. A household counts once in each place that it wants.
    """
    return lecteur.query(_SQL["flux"], quoi=quoi, maille=maille, debut=periode.debut, fin=periode.fin)


def manques_de_flux(lecteur: Lecteur, quoi: str) -> tuple[Manque, ...]:
    """The columns without which no flow of this kind is known."""
    return sans_reponse(lecteur, _BESOINS[quoi])


def manques_du_parc(lecteur: Lecteur) -> tuple[Manque, ...]:
    """The columns without which some figures of `parc` are unknown."""
    trouves = [m for besoins in _BESOINS_DU_PARC for m in sans_reponse(lecteur, besoins)]
    return tuple(dict.fromkeys(trouves))


def _mouvements(lies: pd.DataFrame) -> dict[str, pd.Series]:
    """By place, what flows between places lived in and obtained make of its entrants and its inhabitants."""
    sur_place = lies["de"] == lies["vers"]
    est_inconnue = lies["de"] == INCONNU
    autres = lies[~sur_place & ~est_inconnue]

    def sommes(lignes: pd.DataFrame, cle: str) -> pd.Series:
        return lignes.groupby(cle)["n"].sum()

    series = (
        sommes(lies[sur_place], "vers"),
        sommes(autres, "vers"),
        sommes(autres, "de"),
        sommes(lies[est_inconnue], "vers"),
    )
    return dict(zip(MOUVEMENTS, series, strict=True))


def render_parc(lignes: pd.DataFrame, maille: str) -> pd.DataFrame:
    """The same rows as they are read: dwellings as they are, households and their shares by the rule, but
    for those of its own place. Who left it signed elsewhere: by the rule."""
    sienne = [reader().chez(maille, lieu).lit_tout for lieu in lignes["lieu"]]
    dites = {
        c: pd.Series(
            [reader().compte(n, est_sien=s and c != "n_departs") for n, s in zip(lignes[c], sienne, strict=True)],
            lignes.index,
            dtype=object,
        )
        for c in MENAGES
    }
    parts = {
        nom: [
            float(exacte) if s and pd.notna(exacte) else part_dite(x, y)
            for x, y, exacte, s in zip(k, n, lignes[nom], sienne, strict=True)
        ]
        for nom, (k, n) in exacts(lignes).items()
    }
    return lignes.assign(**dites, **parts)


def part_dite(numerateur: object, connus: object) -> float:
    """A share of households as it is read; nan when it is unknown or not said."""
    if pd.isna(numerateur) or pd.isna(connus):
        return float("nan")
    return reader().part(int(numerateur), int(connus))  # type: ignore[call-overload]


def render_flux(lignes: pd.DataFrame, quoi: str, maille: str) -> pd.DataFrame:
    """The pairs that are read, by the rule but for its own: the attributions in its place, the demandes that
    live in it or want it. A pair of a few is not even named: who comes from each place at all, one by one, gives back
    the counts of those that have few."""
    siens = ("de", "vers") if quoi == HABITE_SOUHAITE else ("vers",)
    dits = [
        reader().compte(x["n"], est_sien=any(reader().chez(maille, str(x[c])).lit_tout for c in siens))
        for x in lignes.to_dict("records")
    ]
    sont_dits = [not n.est_tu for n in dits]
    return lignes.assign(n=pd.Series(dits, lignes.index, dtype=object))[sont_dits].reset_index(drop=True)


# What each flow is called; then who comes from a place, and who goes to it.
FLUX_DITS = {
    HABITE_OBTENU: "Habité → obtenu",
    HABITE_SOUHAITE: "Habité → souhaité",
    SOUHAITE_OBTENU: "Souhaité → obtenu",
}
COTES = {
    HABITE_OBTENU: ("venus de là", "partis là"),
    HABITE_SOUHAITE: ("en viendraient", "voudraient y aller"),
    SOUHAITE_OBTENU: ("le souhaitaient aussi", "l’ont obtenu"),
}
RESTES = {
    HABITE_OBTENU: "restés sur place",
    HABITE_SOUHAITE: "resteraient sur place",
    SOUHAITE_OBTENU: "l’ont souhaité et obtenu",
}
TITRES = {
    HABITE_OBTENU: "Baux de {duree} : d’où viennent les entrants, où vont ceux qui partent",
    HABITE_SOUHAITE: "Demandes actives : qui voudrait y venir, où voudraient aller ses habitants",
    SOUHAITE_OBTENU: "Baux de {duree} : ce que souhaitaient les entrants, ce qu’ont obtenu ceux qui le souhaitaient",
}
# What stays, counted; among whom.
_SOUHAITES = {
    HABITE_SOUHAITE: ("demande active", "demandes actives", "de ses habitants pour y rester"),
    SOUHAITE_OBTENU: ("bail signé", "baux signés", "en {duree} par des ménages qui le souhaitaient"),
}
SANS_FLUX = "Rien à dessiner : ce flux ne compte aucun ménage, ou trop peu pour être dit."
LIEUX_DITS = {HORS_MEL: "Hors de la Métropole", INCONNU: "Lieu inconnu"}


def constat(territoire: str, ligne: Mapping[str, Any], duree: Duree) -> str:
    """The dwellings, those that are vacant, who enters and from where, who leaves. `duree`: `12 mois`."""
    return f"Territoire {territoire} : {_logements(ligne)} ; {_mouvements_dits(ligne, duree)}."


def _logements(ligne: Mapping[str, Any]) -> str:
    if pd.notna(ligne["n_logements"]):
        dits = f"**{langue.effectif(ligne['n_logements'], 'logement social', 'logements sociaux')}**"
        vacants = ligne["part_vacants"]
        return dits if pd.isna(vacants) else f"{dits}, dont **{langue.part(vacants)}** vacants"
    if pd.notna(ligne["n_hlm"]):
        return f"**{langue.effectif(ligne['n_hlm'], 'logement HLM', 'logements HLM')}** (INSEE)"
    return "le nombre de logements sociaux n’est pas connu"


def _mouvements_dits(ligne: Mapping[str, Any], duree: Duree) -> str:
    entrees = ligne["n_entrees"]
    if entrees == 0:
        return f"aucun bail signé en {duree}"
    dits = f"**{langue.effectif(entrees, 'bail signé', 'baux signés')}** en {duree}"
    if pd.notna(ligne["part_sur_place"]):
        dits += f", dont **{langue.part(ligne['part_sur_place'])}** à des ménages qui y vivaient déjà"
    departs = ligne["n_departs"]
    if departs.est_connu:
        loges = langue.agree(departs, "logé", "logés")
        dits += f" ; **{langue.nombre(departs)}** de ses habitants {loges} ailleurs"
    return dits


def constat_souhaite(territoire: str, lies: pd.DataFrame, quoi: str, duree: Duree) -> str:
    """Of a flow of wishes: how many stay, and where the most go otherwise; empty of another one, and where either is
    not said. `lies`: see `render_flux`."""
    siens = lies[lies["de"] == territoire].set_index("vers")["n"]
    ailleurs = siens.drop([territoire, *LIEUX_DITS], errors="ignore").astype(float)
    if quoi not in _SOUHAITES or territoire not in siens.index or ailleurs.empty:
        return ""
    *unites, suite = _SOUHAITES[quoi]
    ou = ailleurs.idxmax()
    return (
        f"Territoire {territoire} : **{langue.effectif(siens[territoire], *unites)}** {suite.format(duree=duree)} ; "
        f"ailleurs, d’abord **{ou}** ({langue.nombre(siens[ou])})."
    )


def flux_tus(tus: int) -> str:
    """What a room is not told of the flows."""
    return f"Un flux de {langue.nombre(tus)} ménages ou moins n’est ni nommé ni dessiné."


# Why, in Markdown that names the day of the data.
POURQUOI = """**Bassin de vie** : un territoire de la Métropole, comme le « zoom » du support de 2017.

- **Logements, vacants, libérés** : table « residences » (libérés : logements × taux de rotation) ; HLM (INSEE) : table
  « quartiers ».
- **Occupants** : dernière enquête, là où les quatre classes de ressources sont comptées.
- **Baux signés** : 12 mois qui finissent avec la séance ; « y vivaient déjà » : la commune actuelle de la demande,
  telle que chargée, est du même territoire, parmi les baux dont elle est connue.
- **Souhaité** : une demande compte une fois dans chaque lieu qu’elle souhaite ; demandes actives au dernier jour de la
  séance.
- **Laissés de côté** : un logement dont la vacance n’est pas dite n’entre pas dans la part ; un lieu non dit est
  « inconnu ».
- **Source** : données publiées le {jour}. La même réponse : `python -m mel_core bassins --seance 2017S2`.
"""
