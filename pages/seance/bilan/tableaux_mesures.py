"""The tables of the measures: lines of a cut, bailleur × commune, comparison with other times and places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import pandas as pd

from mel_core.indicateurs import conventions, phrases_constats, phrases_mesures, phrases_vues
from mel_core.indicateurs.definitions import COUPES_DITES, ImageBilan, MesureBilan
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL, Objectif
from mel_core.indicateurs.parametrage import find_ruptures
from mel_core.objectifs.reperes import lectures_2015
from mel_core.socle import langue
from mel_core.socle.appellations import RESSOURCES
from mel_core.socle.periodes import Seance
from pages.commun import donnees, widgets
from pages.commun.images import images_matrice
from pages.commun.mesures.lecture_bilan import par_ligne, seance_dite
from pages.commun.mesures.lecture_mesures import LectureMesure, Repere

_EN_2015 = {"fragile": "Fragiles", "moyenne": "Moyens", "sans": "Sans fragilité"}
_DE_2015 = (ImageBilan.CLASSES, ImageBilan.PAIRES)  # the incomes that the deck reads of that year
_MOIS = {"Médiane (mois)": "mediane_mois", "Moyenne (mois)": "moyenne_mois", "Neuf sur dix (mois)": "p90_mois"}
Format = Callable[[Any], str]
# What no heading tells: shares by class of ressources, months with their tenths.
_FORMATS: dict[str, Format] = {
    **dict.fromkeys(RESSOURCES.values(), langue.part),
    **dict.fromkeys(_MOIS, lambda v: langue.nombre(v, 1)),
}
# Of the column that a picture is drawn of.
_DITES: dict[str, Format] = {"numerateur": langue.nombre, "mediane_mois": phrases_mesures.en_mois}


def tableau(lecture: LectureMesure, lignes: pd.DataFrame, coupe: str) -> None:
    """The lines of a cut, sortable, with its real table for screen readers."""
    titre = COUPES_DITES[coupe][1]
    build = {
        ImageBilan.CLASSES: _classes,
        ImageBilan.EFFECTIFS: _effectifs,
        ImageBilan.PAIRES: _paires,
        ImageBilan.VOLUMES: _volumes,
        ImageBilan.DELAIS: _delais,
        ImageBilan.CONVENTIONS: _conventions,
    }.get(lecture.mesure.image, _parts)
    table = build(lecture, lignes)
    if not any(table.get("Lecture", ())):
        table = table.drop(columns="Lecture", errors="ignore")
    table.insert(0, titre, lignes.drop_duplicates("rang")["nom"].to_numpy())
    widgets.grille(table, {c: f for c, f in _FORMATS.items() if c in table}, legende(lecture, coupe), est_emporte=True)


def legende(lecture: LectureMesure, coupe: str) -> str:
    """The caption of a table, by which a screen reader finds it."""
    return f"{lecture.mesure.titre}, par {COUPES_DITES[coupe][0].lower()}"


def sans_classe(mesure: MesureBilan, objectif: Objectif | None) -> str:
    """Why a line that no class tells has no objective, of a measure whose objective (in force) is that of a class."""
    return "fragilité des quartiers inconnue" if mesure.classe and objectif else ""


def _lecture_de(ligne: object, sinon: str) -> str:
    if not ligne.n_connus >= EFFECTIF_MINIMAL:  # type: ignore[attr-defined]
        return phrases_constats.TROP_FAIBLE_DIT
    if pd.isna(ligne.part):  # type: ignore[attr-defined]
        return phrases_constats.lecture(None, ligne.cote, ligne.n_connus)  # type: ignore[attr-defined]
    return sinon


def parts(mesure: MesureBilan, lignes: pd.DataFrame) -> pd.DataFrame:
    """The counts and the share of each line, and its gap where one has an objective."""
    numerateur, connus = mesure.qui
    comptes = {"Attributions": "n", connus: "n_connus", numerateur: "numerateur", "Part": "part"}
    table = pd.DataFrame({titre: lignes[colonne] for titre, colonne in comptes.items()})
    if lignes["cible"].notna().any():
        table["Écart (points)"] = lignes["ecart_points"].astype(float)
        table["Écart (attributions)"] = phrases_constats.signes(lignes)
    return table


def _parts(lecture: LectureMesure, lignes: pd.DataFrame) -> pd.DataFrame:
    if lignes["cible"].notna().any():
        dites = [phrases_constats.lecture(x.verdict, x.cote, x.n_connus) for x in lignes.itertuples()]
    else:
        valeur = lecture.ensemble["part"].astype(float).iloc[0]
        dit = langue.typeset(f"{lecture.cle.ici or 'Métropole'} : {langue.part(valeur)}")
        dites = [f"{p} ({dit})" if pd.notna(valeur) else "" for p in lignes["position"]]
    inconnue = sans_classe(lecture.mesure, lecture.cle.objectif)
    lectures = [
        inconnue if inconnue and pd.isna(x.cible) and x.n_connus.est_possible else _lecture_de(x, dite)
        for x, dite in zip(lignes.itertuples(), dites, strict=True)
    ]
    return parts(lecture.mesure, lignes).assign(Lecture=lectures)


def _classes(lecture: LectureMesure, lignes: pd.DataFrame) -> pd.DataFrame:
    une = lignes.drop_duplicates("rang").reset_index(drop=True)
    table = pd.DataFrame({"Attributions": une["n"]})
    for classe, nom in RESSOURCES.items():
        parts = lignes[lignes["classe"] == classe].set_index("rang")["part"]
        table[nom] = une["rang"].map(parts).astype(float)
    return table.assign(Lecture=[_effectif_lu(x) for x in une.itertuples()])


def _effectif_lu(ligne: object) -> str:
    return "" if ligne.n_connus >= EFFECTIF_MINIMAL else phrases_constats.TROP_FAIBLE_DIT  # type: ignore[attr-defined]


def _effectifs(lecture: LectureMesure, lignes: pd.DataFrame) -> pd.DataFrame:
    numerateur, _ = lecture.mesure.qui
    return pd.DataFrame({"Attributions": lignes["n"], numerateur: lignes["numerateur"]})


def _paires(lecture: LectureMesure, lignes: pd.DataFrame) -> pd.DataFrame:
    numerateur, connus = lecture.mesure.qui
    return pd.DataFrame(
        {
            "Attributions": lignes["n"],
            connus: lignes["n_connus"],
            numerateur: lignes["numerateur"],
            "Part des entrants": lignes["part"],
            "Part des occupants": lignes["part_occupants"],
            "Écart (points)": lignes["ecart_points"],
            "Lecture": [_lecture_de(x, "") for x in lignes.itertuples()],
        }
    )


def _volumes(lecture: LectureMesure, lignes: pd.DataFrame) -> pd.DataFrame:
    return _parts(lecture, lignes).assign(Attributions=lignes["n_total"])


def _delais(lecture: LectureMesure, lignes: pd.DataFrame) -> pd.DataFrame:
    _, connus = lecture.mesure.qui
    table = pd.DataFrame({"Attributions": lignes["n"], connus: lignes["n_connus"]})
    for nom, colonne in _MOIS.items():
        table[nom] = lignes[colonne].astype(float)
    return table.assign(Lecture=[_effectif_lu(x) for x in lignes.itertuples()])


def _conventions(lecture: LectureMesure, lignes: pd.DataFrame) -> pd.DataFrame:
    """Each share against its agreement, and whose that is; of a réservataire, its agreements one by one too."""
    rangees = par_ligne(lignes)
    connus, points, attributions = lecture.mesure.qui[1], "Écart (points)", "Écart (attributions)"
    manque, trop = "Manque, par bailleur", "Trop, par bailleur"
    table = pd.DataFrame(
        {
            connus: lignes["n_connus"],
            "Attributions": lignes["numerateur"],
            "Part": lignes["part"],
            "Objectif": [conventions.objectif(x) for x in rangees],
            "Objectif de": [conventions.porteur(x["cible_de"]) for x in rangees],
            points: lignes["ecart_points"].astype(float),
            attributions: phrases_constats.signes(lignes),
            "Lecture": [
                phrases_constats.lecture(x["verdict"], x["cote"], x["n_connus"]) if pd.notna(x["cible"]) else ""
                for x in rangees
            ],
        }
    )
    if lignes["cible"].isna().all():
        table = table.drop(columns=["Objectif", "Objectif de", points, attributions])
    if "n_objectifs" in lignes and lignes["n_objectifs"].sum():
        table = table.assign(
            **{"Conventions": [conventions.tenues(x) for x in rangees], manque: lignes["manque"]},
            **({trop: lignes["trop"]} if lignes["trop"].gt(0).any() else {}),
        )
    return table


def residences(lecture: LectureMesure, siennes: pd.DataFrame) -> None:
    """The résidences à enjeu de mixité, those that have entrants first. `siennes`: see `residences_a_enjeu`."""
    table = _paires(lecture, siennes)
    debut = {"Résidence": "residence_dite", "Commune": "commune_dite", "Bailleur": "bailleur_dit"}
    for rang, (titre, colonne) in enumerate(debut.items()):
        table.insert(rang, titre, siennes[colonne])
    sans = siennes["rang"].isna()
    table.loc[sans, "Lecture"] = "aucune attribution"
    widgets.grille(table, {}, "Résidences à enjeu de mixité", est_emporte=True)


def matrice(lecture: LectureMesure, cellules: pd.DataFrame) -> pd.DataFrame:
    """Bailleur × commune: what the picture says, on how many."""
    dites = images_matrice.render_cellules(lecture, cellules)
    table = dites.pivot(index="commune", columns="bailleur", values="entier").fillna("")
    return table.reset_index(names=COUPES_DITES["commune"][1])


def comparaison(lecture: LectureMesure) -> str:
    """Previous séances, the semester alone, the other ICI, and 2015 where a reading exists."""
    valeur = lecture.mesure.image.colonne
    say = _DITES.get(valeur, langue.part)
    seances = [Repere(seance_dite(r.libelle), r.ligne, r.est_courant) for r in lecture.seances]
    quoi = " · ".join(x for x in (lecture.mesure.qui[0] or "Délai médian", lecture.mesure.cellule_dite) if x)
    semestre = Repere("ce semestre", lecture.semestre, n_mois=6)
    est_comparee = any(r.est_courant for r in lecture.seances)
    blocs = {f"D’une ICI à l’autre, {lecture.duree}": lecture.icis}
    if est_comparee:
        passees = [*seances, *([semestre] if semestre.est_entier else [])]
        blocs = {f"Séance après séance, {lecture.duree}": passees} | blocs
        if lecture.mesure.image in _DE_2015 and not lecture.mesure.cellule_dite:
            en_2015 = [Repere(_EN_2015[c], pd.Series({"part": p})) for c, p in lectures_2015("equilibre").items()]
            blocs["MEL 2015 par quartiers, reconstitué"] = en_2015
    plafond = max(_longueur(r.ligne[valeur]) for reperes in blocs.values() for r in reperes) or 1.0
    dits = [_bloc(titre, reperes, valeur, say, plafond) for titre, reperes in blocs.items()]
    if not est_comparee:
        dits.insert(0, f'<p class="reserve">{escape(phrases_vues.sans_comparaison(lecture.duree))}</p>')
    elif ruptures := _ruptures(lecture):
        dits.insert(1, f'<p class="reserve ruptures">{escape(ruptures)}</p>')
    return f'<div class="comparaison"><p class="quoi">{escape(quoi)}</p>{"".join(dits)}</div>'


def _ruptures(lecture: LectureMesure) -> str:
    """What separates the séances beside each other; empty when no rule changed."""
    bornes = (Seance.read(s) for s in (min(r.libelle for r in lecture.seances), lecture.cle.seance))
    trouvees = donnees.ask(*lecture.cle.ou, find_ruptures, lecture.mesure.indicateur, *bornes)
    return " ".join(r.phrase for r in trouvees)


def _longueur(valeur: Any) -> float:
    """As it is drawn: nothing where it is not said."""
    longueur = float("nan") if valeur is None else float(valeur)
    return 0.0 if pd.isna(longueur) else longueur


def _bloc(titre: str, reperes: Sequence[Repere], colonne: str, say: Format, plafond: float) -> str:
    """Small bars from zero with their figures, as long as `plafond` at the most, which all the blocks share."""
    lignes = "".join(
        f'<tr class="{"courant" if r.est_courant else ""}"><th scope="row">{escape(r.libelle)}</th>'
        f'<td class="barre"><i style="width:{100 * _longueur(r.ligne[colonne]) / plafond:.0f}%"></i></td>'
        f"<td>{escape(say(r.ligne[colonne]))}</td></tr>"
        for r in reperes
    )
    return f"<h3>{escape(titre)}</h3><table>{lignes}</table>"
