"""The tables of the quality of the data (HTML). Pure."""

from __future__ import annotations

from html import escape

import pandas as pd
from babel.dates import format_date

from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.indicateurs.qualite import completude
from mel_core.indicateurs.qualite.completude import ENSEMBLE, Population
from mel_core.socle import langue, nombres


def grille(population: Population, table: pd.DataFrame) -> str:
    """Who × rubrique as a real table (HTML): the share that is filled in, marked where it is clearly low."""
    tetes = "".join(
        f'<th scope="col" title="sert à {escape(r.sert_a)}"><span>{escape(r.titre)}</span></th>'
        for r in population.rubriques
    )
    corps = ""
    for (porteur, nom), lignes in table.groupby(["porteur", "nom"], sort=False):
        cellules = {x.rubrique: x for x in lignes.itertuples()}
        cases = "".join(_case(cellules[r.nom]) for r in population.rubriques)
        classe = ' class="ensemble"' if porteur == ENSEMBLE else ""
        effectif = f'<td class="n">{langue.nombre(lignes["n"].iloc[0])}</td>'
        corps += f'<tr{classe}><th scope="row">{escape(completude.nom_dit(nom))}</th>{effectif}{cases}</tr>'
    titre = f"Part renseignée de chaque rubrique, {population.plusieurs}"
    return _tableau(titre, population.titre, tetes, corps)


def grille_mois(mois: pd.DataFrame) -> str:
    """Bailleur × month (HTML): what was recorded, « aucun » where leases were signed all the same."""
    dits = [format_date(m, "MMM y", locale=nombres.FR) for m in sorted(mois["mois"].unique())]
    tetes = "".join(f'<th scope="col"><span>{escape(dit)}</span></th>' for dit in dits)
    corps = ""
    for (_, nom), lignes in mois.groupby(["porteur", "nom"], sort=False):
        plafond = max(int(lignes["n_evenements"].max()), 1)
        cases = "".join(_case_mois(x, plafond) for x in lignes.sort_values("mois").itertuples())
        effectif = f'<td class="n">{langue.nombre(int(lignes["n_attributions"].sum()))}</td>'
        corps += f'<tr><th scope="row">{escape(nom)}</th>{effectif}{cases}</tr>'
    return _tableau("Propositions, passages et visites enregistrés par mois", "Baux signés", tetes, corps)


def _tableau(legende: str, effectif: str, tetes: str, corps: str) -> str:
    return (
        f'<div class="matrice qualite" tabindex="0"><table><caption>{escape(legende)}</caption><thead><tr><td></td>'
        f'<th scope="col"><span>{escape(effectif)}</span></th>{tetes}</tr></thead><tbody>{corps}</tbody></table></div>'
    )


def _case(cellule: object) -> str:
    n, connus, part = cellule.n, cellule.n_connus, cellule.part  # type: ignore[attr-defined]
    if pd.isna(part):
        return f"<td>{langue.ABSENT}</td>"
    titre = f'title="{langue.nombre(connus)} sur {langue.nombre(n)}"'
    # Never « 100 % » while a row is missing.
    dite = langue.part(part, 0 if part in (0, 1) or 0.01 <= part < 0.995 else 1)
    if cellule.est_a_completer:  # type: ignore[attr-defined]
        return f'<td class="manque" {titre}><span class="lu">à compléter : </span>▼ {dite}</td>'
    return f'<td class="faible" {titre}>{dite}</td>' if n < EFFECTIF_MINIMAL else f"<td {titre}>{dite}</td>"


def _case_mois(cellule: object, plafond: int) -> str:
    n, signes = cellule.n_evenements, cellule.n_attributions  # type: ignore[attr-defined]
    titre = f'title="{langue.effectif(signes, "bail signé", "baux signés")} ce mois"'
    if cellule.est_silence:  # type: ignore[attr-defined]
        return f'<td class="manque" {titre}>aucun</td>'
    return f'<td style="--p:{n / plafond:.2f}" {titre}>{langue.nombre(n)}</td>'
