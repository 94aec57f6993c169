"""What the cells of one row say together, and what is missing in a table as a whole (contract §1, Checks)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.lecture.brut import Masque
from mel_core.contrat.lecture.table_lue import TableLue
from mel_core.contrat.regles import (
    BAIL_AVANT_DEMANDE,
    BAILLEUR_SANS_EVENEMENT,
    CATEGORIE_ABSENTE,
    MONTANT_NEGATIF,
    REACTIVATION,
    REVENU_ABSENT,
)
from mel_core.socle.langue import effectif, part
from mel_core.socle.periodes import Seance

_PATRIMOINES = {"attributions": "attribution", "residences": "résidence"}


def verify_dates_de_bail(lue: TableLue) -> None:
    """Attributions: a bail never precedes the demande."""
    bail, creation = (lue.donnees[nom] for nom in ("date_bail", "date_creation_demande"))
    est_anterieur = pc.fill_null(pc.less(bail, creation), False).to_numpy(zero_copy_only=False)
    dates = creation.filter(pa.array(est_anterieur)).to_pylist()

    def details(i: int) -> dict[str, Any]:
        return {"creation": dates[i]}

    lue.ascertain(BAIL_AVANT_DEMANDE, "date_bail", est_anterieur, details)


def report_reactivations(lue: TableLue) -> None:
    """Demandes: ACTIVE with a date of radiation."""
    est_active = pc.fill_null(pc.equal(lue.donnees["etat"], "ACTIVE"), False).to_numpy(zero_copy_only=False)
    lue.ascertain(REACTIVATION, "date_radiation", est_active & lue.est_remplie("date_radiation"))


def report_revenus_absents(lue: TableLue) -> None:
    """A warning per row without income, in the files that have the column (for the others, see `sans_colonne`)."""
    est_dite = np.zeros(len(lue.numeros), bool)
    for partie in lue.parties:
        if "revenu_fiscal" not in partie.presentes:
            est_dite |= lue.lignes_de(partie)
    lue.ascertain(REVENU_ABSENT, "revenu_fiscal", ~lue.est_remplie("revenu_fiscal") & ~est_dite)


def report_montants_negatifs(lue: TableLue) -> None:
    """A warning per negative amount of money: kept, and read as unknown by the classes of ressources."""
    for colonne in lue.table.colonnes:
        if colonne.montant and colonne.nom in lue.presentes:
            montants = lue.donnees[colonne.nom]
            est_negatif = pc.fill_null(pc.less(montants, 0), False).to_numpy(zero_copy_only=False)
            lue.ascertain(MONTANT_NEGATIF, colonne.nom, est_negatif)


def report_categories_absentes(lue: TableLue) -> None:
    """The share of a file's kept rows whose ceiling follows from the number of persons."""
    for partie in lue.parties:
        gardees = lue.gardees & lue.lignes_de(partie)
        absentes = gardees & ~lue.est_remplie("categorie_menage")
        if absentes.any():
            par_personnes = absentes & _au_moins_une_personne(lue)
            lue.constats.report(
                CATEGORIE_ABSENTE,
                "categorie_menage",
                fichier=partie.fichier,
                lignes=effectif(int(absentes.sum()), "ligne"),
                part=part(int(par_personnes.sum()) / int(gardees.sum())),
            )


def _au_moins_une_personne(lue: TableLue) -> Masque:
    masque: Masque = pc.fill_null(pc.greater(lue.donnees["n_personnes"], 0), False).to_numpy(zero_copy_only=False)
    return masque


def report_bailleurs_sans_evenement(lues: dict[str, TableLue], seance: Seance | None) -> None:
    """Bailleurs of this load, with or without attributions, and no event in the séance, else in the events' span.

    An event is a bailleur's when it bears its code, or the code of one of its résidences.
    """
    gardees = {nom: lues[nom].keep() for nom in ("evenements", *_PATRIMOINES) if nom in lues}
    jours = gardees["evenements"]["date_survenance"]
    debut, fin = (seance.debut, seance.fin) if seance else pc.min_max(jours).as_py().values()
    if debut is None:
        return
    est_dans_la_periode = pc.and_(pc.greater_equal(jours, debut), pc.less_equal(jours, fin))
    vus = _bailleurs_des(gardees["evenements"].filter(est_dans_la_periode), gardees.get("residences"))
    effectifs = {nom: _par_bailleur(gardees[nom]) for nom in _PATRIMOINES if nom in gardees}
    noms = lues.get("bailleurs")
    nommes = set() if noms is None or noms.constats.est_bloquant else set(noms.keep()["code_bailleur"].to_pylist())
    for code in sorted(nommes.union(*effectifs.values()) - vus):
        patrimoine = [effectif(n[code], _PATRIMOINES[nom]) for nom, n in effectifs.items() if code in n]
        lues["evenements"].constats.report(
            BAILLEUR_SANS_EVENEMENT,
            "code_bailleur",
            code,
            patrimoine=" et ".join(patrimoine) or "un nom dans la table",
            debut=f"{debut:%d/%m/%Y}",
            fin=f"{fin:%d/%m/%Y}",
        )


def _bailleurs_des(evenements: pa.Table, residences: pa.Table | None) -> set[str]:
    vus = set(evenements["code_bailleur"].unique().to_pylist())
    if residences is not None:
        citees = pc.is_in(residences["code_residence"], value_set=evenements["code_residence"].unique())
        vus.update(residences.filter(citees)["code_bailleur"].unique().to_pylist())
    return vus


def _par_bailleur(table: pa.Table) -> dict[str, int]:
    """A line without a code is nobody's."""
    return {p["values"]: p["counts"] for p in table["code_bailleur"].drop_null().value_counts().to_pylist()}
