"""The sentences and tables of the quality of the data. Pure: counts in, French out."""

from __future__ import annotations

from datetime import date
from html import escape

import pandas as pd
from babel.dates import format_date

from mel_core.indicateurs.qualite.rubriques import ENSEMBLE, POPULATIONS, Population
from mel_core.socle import langue, nombres

PEU = 30  # rows: a share over fewer tells little
_PORTEURS = {"bailleur": ("bailleur", "bailleurs"), "commune": ("commune", "communes")}
_DITS = {"hors_mel": "Hors de la MEL", "inconnu": "Commune inconnue"}


def nom_dit(nom: str) -> str:
    return _DITS.get(nom, nom)


def constat(population: Population, table: pd.DataFrame, ou: str) -> str:
    """What the rows lean on first, what is filled in the least, and whether somebody stands apart."""
    ensemble = table[table["porteur"] == ENSEMBLE].set_index("rubrique")
    n = int(ensemble["n"].iloc[0])
    if not n:
        return f"Dans {ou}, aucune {population.un} n’est connue : compléter l’import."
    principale = "occupants" if population.nom == "residences" else "ressources"
    rubriques = {r.nom: r for r in population.rubriques}
    phrase = (
        f"Dans {ou}, on connaît {rubriques[principale].dite} de **{langue.part(ensemble['part'][principale])}** des "
        f"**{langue.effectif(n, population.un, population.plusieurs)}**"
    )
    moindre = ensemble["part"].idxmin()
    if moindre != principale and ensemble["part"][moindre] < ensemble["part"][principale]:
        phrase += f", et {rubriques[moindre].dite} de **{langue.part(ensemble['part'][moindre])}** seulement"
    apart = table.loc[table["est_a_completer"], "porteur"].nunique()
    un, plusieurs = _PORTEURS[population.porteur]
    if not apart:
        return f"{phrase} ; {'aucun' if un == 'bailleur' else 'aucune'} {un} ne s’en écarte nettement."
    return (
        f"{phrase} ; **{langue.effectif(apart, un, plusieurs)}** "
        f"{langue.agree(apart, 'remplit', 'remplissent')} une rubrique nettement moins que l’ensemble."
    )


def constat_mois(mois: pd.DataFrame, ou: str) -> str:
    """Who signed without recording anything, and for how many months."""
    if mois.empty:
        return f"Dans {ou}, aucun bailleur n’a signé de bail sur cette période."
    silences = mois[mois["est_silence"]]
    n = mois["porteur"].nunique()
    if silences.empty:
        return f"Dans {ou}, aucun bailleur sur **{langue.nombre(n)}** n’a signé sans rien enregistrer le même mois."
    muets = silences["porteur"].nunique()
    baux = langue.effectif(int(silences["n_attributions"].sum()), "bail", "baux")
    return (
        f"Dans {ou}, **{langue.effectif(muets, 'bailleur')}** sur {langue.nombre(n)} "
        f"{langue.agree(muets, 'a signé', 'ont signé')} sans rien enregistrer au moins un mois "
        f"(**{langue.nombre(len(silences))} mois** en tout, {baux}) : leurs refus ne se lisent pas, leurs ménages "
        "paraissent sans proposition."
    )


def a_completer(population: Population, table: pd.DataFrame) -> list[str]:
    """One sentence per rubrique that somebody fills in clearly less than the ensemble, the most rows missing first."""
    rubriques = {r.nom: r for r in population.rubriques}
    ensemble = table[table["porteur"] == ENSEMBLE].set_index("rubrique")["part"]
    retenues = table[table["est_a_completer"]].sort_values("n_inconnus", ascending=False, kind="stable")
    dites = []
    for x in retenues.itertuples():
        rubrique = rubriques[x.rubrique]
        sur = f"{langue.nombre(x.n_connus)} sur {langue.effectif(x.n, population.un, population.plusieurs)}"
        dites.append(
            f"**{nom_dit(x.nom)}**, {rubrique.titre.lower()} : {langue.part(x.part, 0)} ({sur}), contre "
            f"{langue.part(ensemble[x.rubrique], 0)} dans l’ensemble. Sert à {rubrique.sert_a}."
        )
    return dites


def absentes(population: Population, table: pd.DataFrame) -> list[str]:
    """What no row says at all: a column that no file gave, or a threshold that the MEL has not set."""
    ensemble = table[(table["porteur"] == ENSEMBLE) & (table["n"] > 0)].set_index("rubrique")
    dites = []
    for r in population.rubriques:
        if r.nom not in ensemble.index:
            continue
        connus = ensemble["n_connus"][r.nom]
        if pd.isna(connus):
            dites.append(
                "**Quartile** : le seuil du premier quartile de la période n’est pas connu, l’ajouter dans Préparer › "
                "Objectifs."
            )
        elif not connus:
            dites.append(f"**{r.titre}** : aucun fichier ne le dit. Sert à {r.sert_a}.")
    return dites


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
        corps += f'<tr{classe}><th scope="row">{escape(nom_dit(nom))}</th>{effectif}{cases}</tr>'
    return _tableau(f"Part renseignée de chaque rubrique, {population.plusieurs}", population.titre, tetes, corps)


def grille_mois(mois: pd.DataFrame) -> str:
    """Bailleur × month (HTML): what was recorded, « aucun » where leases were signed all the same."""
    tetes = "".join(f'<th scope="col"><span>{escape(_mois_dit(m))}</span></th>' for m in sorted(mois["mois"].unique()))
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
    return f'<td class="faible" {titre}>{dite}</td>' if n < PEU else f"<td {titre}>{dite}</td>"


def _case_mois(cellule: object, plafond: int) -> str:
    n, signes = cellule.n_evenements, cellule.n_attributions  # type: ignore[attr-defined]
    titre = f'title="{langue.effectif(signes, "bail signé", "baux signés")} ce mois"'
    if cellule.est_silence:  # type: ignore[attr-defined]
        return f'<td class="manque" {titre}>aucun</td>'
    return f'<td style="--p:{n / plafond:.2f}" {titre}>{langue.nombre(n)}</td>'


def _mois_dit(mois: date) -> str:
    return format_date(mois, "MMM y", locale=nombres.FR)


TITRES = {**{nom: p.titre for nom, p in POPULATIONS.items()}, "evenements": "Événements par mois"}
