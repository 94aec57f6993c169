"""Two vintages compared before the new one is published: what moved in the rows, what that moves in the figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from mel_core.contrat.controle import check
from mel_core.contrat.correspondances import SANS, Reponses
from mel_core.contrat.lecture.fichiers import Donne
from mel_core.contrat.mapping import Mapping
from mel_core.entrepot import Entrepot, Lecteur, Portee, perimetre
from mel_core.entrepot.importation import base_de, connues, prepare
from mel_core.indicateurs import INDICATEURS, compute
from mel_core.socle import langue
from mel_core.socle.erreurs import DonneesRefusees
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.sql import blocs
from mel_core.socle.valeurs import Duree

_SQL = blocs(__file__, "comparaison.sql")

# The headline figures, each with the cut that the screens state it by.
SUIVIS = {i.nom: i.suivi for i in INDICATEURS.values() if i.suivi}
N_SEANCES = 2
_LUS = ("part", "numerateur", "n_connus", "mois_couverts")


@dataclass(frozen=True)
class Comparaison:
    """`tables`: one row per table, `avant`, `apres`, `ajoutees`, `parties`, `changees` (rows, by key).

    `indicateurs`: one row per headline figure of the last séances that can still move, over 12 months: `seance`,
    `indicateur`, `groupe`, then `numerateur`, `n_connus`, `part` and `mois_couverts` of the twelve, each `_avant` and
    `_apres` (empty: no such cell), and why: attributions `entrees` in the cell, `sorties` of it, `reclassees` in it
    (its value is another).
    """

    tables: pd.DataFrame
    indicateurs: pd.DataFrame

    @property
    def est_identique(self) -> bool:
        return not self.tables[["ajoutees", "parties", "changees"]].to_numpy().any()


def say_rien(comparaison: Comparaison | None) -> str:
    """Why there is nothing to show of what changes; empty where there is."""
    if comparaison is None:
        return "Rien de comparable n’est publié : ce jeu de données ne complète aucun autre."
    return "Aucune ligne n’a changé." if comparaison.est_identique else ""


def compare(
    chemins: Path | Sequence[Donne],
    entrepot: Entrepot,
    *,
    mapping: Mapping | None = None,
    reponses: Reponses = SANS,
    nature: str = "reelle",
    progres: Callable[[str, float], None] | None = None,
) -> Comparaison | None:
    """What publishing the data given would change; None when it completes nothing that is published.

    Nothing is published. Raises `DonneesRefusees` when the check finds something blocking.
    """
    with entrepot.reserve():
        base = base_de(entrepot, nature, None)
        if base is None:
            return None
        connu = connues(entrepot, None, base)
        jeu = check(chemins, mapping=mapping, reponses=reponses, connues=connu, progres=progres)
        if jeu.rapport.est_bloquant:
            raise DonneesRefusees("Le contrôle a trouvé des anomalies bloquantes : les corriger avant de comparer.")
        with entrepot.try_out(prepare(jeu, entrepot.pseudonymes(), nature), base) as (apres, tables):
            mobiles = [s for s in perimetre.seances(apres) if not entrepot.est_gelee(s)][:N_SEANCES]
            figures = []
            for seance in mobiles:
                with entrepot.open(Portee.mel(), seance) as avant:
                    figures += [_follow(avant, apres, nom, seance) for nom in SUIVIS]
    return Comparaison(tables, pd.concat(figures, ignore_index=True) if figures else pd.DataFrame())


def compare_publications(entrepot: Entrepot, avant: str, apres: str) -> Comparaison:
    """What changed from one publication to another (identifiants of their snapshots)."""
    with entrepot.open_both(avant, apres) as (ancien, nouveau, tables):
        seances = perimetre.seances(nouveau)[:N_SEANCES]
        figures = [_follow(ancien, nouveau, nom, seance) for seance in seances for nom in SUIVIS]
    return Comparaison(tables, pd.concat(figures, ignore_index=True) if figures else pd.DataFrame())


def say_part(figure: Any, quand: str) -> str:
    """Of a row of `indicateurs`, `avant` or `apres`, with the months that it is of where they are not all there; of no
    cell, nothing."""
    part, numerateur, connus, duree = _lire(figure, quand)
    if pd.isna(connus) or connus == 0:
        return langue.ABSENT
    mois = "" if duree.est_entiere else f", {duree}"
    return f"{langue.part(part)} ({langue.nombre(numerateur)} sur {langue.nombre(connus)}{mois})"


def say_ecart(figure: Any) -> str:
    """Of a row of `indicateurs`: between the same months alone."""
    (avant, *_, duree_avant), (apres, *_, duree_apres) = (_lire(figure, quand) for quand in ("avant", "apres"))
    if pd.isna(avant) or pd.isna(apres):
        return langue.ABSENT
    return langue.points(100 * (apres - avant)) if duree_avant == duree_apres else "périodes inégales"


def _lire(figure: Any, quand: str) -> tuple[float, float, float, Duree]:
    part, numerateur, connus, mois = (getattr(figure, f"{champ}_{quand}") for champ in _LUS)
    return part, numerateur, connus, Duree(12, None if pd.isna(mois) else int(mois))


def _follow(avant: Lecteur, apres: Lecteur, nom: str, seance: Seance) -> pd.DataFrame:
    periode = Periode.de(seance, "annee")
    par = () if SUIVIS[nom] == "ensemble" else (SUIVIS[nom],)
    cellules = [
        compute(lecteur, nom, periode, par)
        .assign(groupe=lambda c: c[par[0]] if par else "ensemble")
        .set_index("groupe")[list(_LUS)]
        for lecteur in (avant, apres)
    ]
    table = cellules[0].join(cellules[1], how="outer", suffixes=("_avant", "_apres"))
    mouvements = _mouvements(*(_lignes(lecteur, nom, periode) for lecteur in (avant, apres)))
    table = table.join(mouvements).fillna(dict.fromkeys(mouvements.columns, 0))
    table = table.astype(dict.fromkeys(mouvements.columns, "int64")).reset_index()
    table.insert(0, "indicateur", nom)
    table.insert(0, "seance", str(seance))
    return table


def _lignes(lecteur: Lecteur, nom: str, periode: Periode) -> pd.DataFrame:
    indicateur = INDICATEURS[nom]
    return lecteur.query(
        _SQL["lignes"],
        groupe=[SUIVIS[nom]],
        valeur=[indicateur.valeur],
        population=[indicateur.population],
        debut=periode.debut,
        fin=periode.fin,
    )


def _mouvements(avant: pd.DataFrame, apres: pd.DataFrame) -> pd.DataFrame:
    """By cell: attributions that enter it, leave it, or stay with another value (unknown is a value)."""
    cote = avant.merge(
        apres, on=["id_attribution", "bailleur", "groupe"], how="outer", suffixes=("_avant", "_apres"), indicator=True
    )
    memes = (cote["valeur_avant"] == cote["valeur_apres"]) | (cote["valeur_avant"].isna() & cote["valeur_apres"].isna())
    return (
        pd.DataFrame(
            {
                "groupe": cote["groupe"],
                "entrees": cote["_merge"] == "right_only",
                "sorties": cote["_merge"] == "left_only",
                "reclassees": (cote["_merge"] == "both") & ~memes.fillna(False).astype(bool),
            }
        )
        .groupby("groupe")
        .sum()
    )
