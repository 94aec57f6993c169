"""The tables of the measures: lines of a cut, bailleur × commune, comparison with other times and places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from mel_core import langue
from mel_core.appellations import RESSOURCES
from mel_core.objectifs.lectures import lectures_2015
from pages.commun import phrases, widgets
from pages.commun.mesures import images_mesures, phrases_mesures
from pages.commun.mesures.catalogue import COUPES_DITES, Image
from pages.commun.mesures.lecture_mesures import Lecture, Repere, seance_dite
from pages.commun.mesures.phrases_mesures import TROP_FAIBLE

_EN_2015 = {"fragile": "Fragiles", "moyenne": "Moyens", "sans": "Sans fragilité"}
_REGROUPEE = "moins de 11 attributions chacune, regroupées"
_NOTE_REGROUPEES = f"« Autres… » : {_REGROUPEE}."
_NOTE_MATRICE = "• moins de 11 attributions, ou masquée pour en protéger une ; en italique, trop peu pour conclure."
Format = Callable[[Any], str]


def tableau(lecture: Lecture, lignes: pd.DataFrame, coupe: str) -> None:
    """The lines of a cut, sortable, with its real table for screen readers."""
    titre = COUPES_DITES[coupe][1]
    construire = {
        Image.CLASSES: _classes,
        Image.EFFECTIFS: _effectifs,
        Image.PAIRES: _paires,
        Image.VOLUMES: _volumes,
        Image.DELAIS: _delais,
    }.get(lecture.mesure.image, _parts)
    table, formats = construire(lecture, lignes)
    table, note = sans_lecture_vide(table)
    table.insert(0, titre, lignes.drop_duplicates("rang")["nom"].to_numpy())
    widgets.grille(table, formats, legende(lecture, coupe))
    if note:
        st.html(f'<p class="reserve">{escape(note)}</p>')


def sans_lecture_vide(table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The table without « Lecture » where no line is read, and what to say under it of those put together."""
    lues = set(table["Lecture"]) - {""}
    if not lues <= {_REGROUPEE}:
        return table, ""
    return table.drop(columns="Lecture"), _NOTE_REGROUPEES if lues else ""


def legende(lecture: Lecture, coupe: str) -> str:
    """The caption of a table, by which a screen reader finds it."""
    return f"{lecture.mesure.titre}, par {COUPES_DITES[coupe][0].lower()}"


def _lecture_de(ligne: object, sinon: str) -> str:
    if ligne.est_masquee:  # type: ignore[attr-defined]
        return "moins de 11 attributions : masquée"
    if ligne.est_regroupee:  # type: ignore[attr-defined]
        return _REGROUPEE
    return phrases_mesures.TROP_FAIBLE_DIT if ligne.n_connus < TROP_FAIBLE else sinon  # type: ignore[attr-defined]


def _parts(lecture: Lecture, lignes: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Format]]:
    numerateur, connus = lecture.mesure.qui
    valeur, dit = images_mesures.reference(lecture, lignes)
    positions = images_mesures.position(lignes["part"], lignes["n_connus"].fillna(0), valeur)
    table = pd.DataFrame(
        {
            "Attributions": lignes["n"],
            connus: lignes["n_connus"],
            numerateur: lignes["numerateur"],
            "Part": lignes["part"],
        }
    )
    formats: dict[str, Format] = dict.fromkeys(("Attributions", connus, numerateur), langue.nombre)
    formats["Part"] = langue.part
    if lignes["cible"].notna().any():
        table["Écart (attributions)"] = lignes["ecart_attributions"]
        formats["Écart (attributions)"] = langue.nombre
        lectures = [
            _lecture_de(x, phrases.verdict(None if pd.isna(x.verdict) else x.verdict)) for x in lignes.itertuples()
        ]
        return table.assign(Lecture=lectures), formats
    lectures = [_lecture_de(x, f"{p} ({dit})") for x, p in zip(lignes.itertuples(), positions, strict=True)]
    return table.assign(Lecture=lectures), formats


def _classes(lecture: Lecture, lignes: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Format]]:
    une = lignes.drop_duplicates("rang").reset_index(drop=True)
    table = pd.DataFrame({"Attributions": une["n"]})
    for classe, nom in RESSOURCES.items():
        parts = lignes[lignes["classe"] == classe].set_index("rang")["part"]
        table[nom] = une["rang"].map(parts).astype("Float64")
    formats: dict[str, Format] = {"Attributions": langue.nombre, **dict.fromkeys(RESSOURCES.values(), langue.part)}
    return table.assign(Lecture=[_lecture_de(x, "") for x in une.itertuples()]), formats


def _effectifs(lecture: Lecture, lignes: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Format]]:
    numerateur, _ = lecture.mesure.qui
    table = pd.DataFrame({"Attributions": lignes["n"], numerateur: lignes["numerateur"]})
    regroupees = [_REGROUPEE if r else "" for r in lignes["est_regroupee"]]
    return table.assign(Lecture=regroupees), dict.fromkeys(("Attributions", numerateur), langue.nombre)


def _paires(lecture: Lecture, lignes: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Format]]:
    numerateur, connus = lecture.mesure.qui
    table = pd.DataFrame(
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
    formats: dict[str, Format] = dict.fromkeys(("Attributions", connus, numerateur), langue.nombre)
    formats |= dict.fromkeys(("Part des entrants", "Part des occupants"), langue.part)
    return table, formats | {"Écart (points)": lambda v: langue.signe(v, 1)}


def _volumes(lecture: Lecture, lignes: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Format]]:
    table, formats = _parts(lecture, lignes)
    table["Attributions"] = lignes["n_total"]
    return table, formats


def _delais(lecture: Lecture, lignes: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Format]]:
    _, connus = lecture.mesure.qui
    mois = {"Médiane (mois)": "mediane_mois", "Moyenne (mois)": "moyenne_mois", "Neuf sur dix (mois)": "p90_mois"}
    table = pd.DataFrame({"Attributions": lignes["n"], connus: lignes["n_connus"]})
    for nom, colonne in mois.items():
        table[nom] = lignes[colonne].astype(float)
    formats: dict[str, Format] = dict.fromkeys(("Attributions", connus), langue.nombre)
    formats |= dict.fromkeys(mois, lambda v: langue.nombre(v, 1))
    return table.assign(Lecture=[_lecture_de(x, "") for x in lignes.itertuples()]), formats


def matrice(lecture: Lecture, cellules: pd.DataFrame) -> str:
    """Bailleur × commune as a real table: alphabetical both ways, a bullet where a cell is not shown."""
    est_effectif = lecture.mesure.image is Image.EFFECTIFS
    bailleurs = sorted(cellules["bailleur"].unique())
    numerateur, connus = lecture.mesure.qui
    quoi = f"{numerateur} : nombre" if est_effectif else f"{numerateur}, part sur {connus.lower()}"
    par_case = {(x.commune, x.bailleur): x for x in cellules.itertuples()}
    montrees = cellules[~cellules["est_masquee"]]
    plafond = float((montrees["numerateur"] if est_effectif else montrees["part"]).max() or 1)
    tetes = "".join(f'<th scope="col"><span>{escape(b)}</span></th>' for b in bailleurs)
    corps = ""
    for commune in sorted(cellules.loc[~cellules["est_masquee"], "commune"].unique()):
        cases = "".join(_case(par_case.get((commune, b)), est_effectif, plafond) for b in bailleurs)
        corps += f'<tr><th scope="row">{escape(commune)}</th>{cases}</tr>'
    return (
        f'<div class="matrice" tabindex="0"><table><caption>{escape(legende(lecture, "commune_bailleur"))}</caption>'
        f"<thead><tr><td></td>{tetes}</tr></thead><tbody>{corps}</tbody></table></div>"
        f'<p class="reserve">{escape(quoi)}. {_NOTE_MATRICE}</p>'
    )


def _case(cellule: object, est_effectif: bool, plafond: float) -> str:
    if cellule is None:
        return "<td></td>"
    if cellule.est_masquee:  # type: ignore[attr-defined]
        return '<td title="moins de 11 attributions, ou masquée pour en protéger une">•</td>'
    k, n, part = cellule.numerateur, cellule.n_connus, cellule.part  # type: ignore[attr-defined]
    if est_effectif:
        return f'<td style="--p:{k / plafond:.2f}" title="sur {langue.nombre(n)}">{langue.nombre(k)}</td>'
    sur = f"{langue.nombre(k)} sur {langue.nombre(n)}"
    if n < TROP_FAIBLE:
        return f'<td class="faible" title="{sur} : {phrases_mesures.TROP_FAIBLE_DIT}">{langue.part(part, 0)}</td>'
    return f'<td style="--p:{part / plafond:.2f}" title="{sur}">{langue.part(part, 0)}</td>'


def comparaison(lecture: Lecture) -> str:
    """Previous séances, the semester alone, the other ICI, and 2015 where a reading exists."""
    valeur, dire = _valeur(lecture)
    seances = [Repere(seance_dite(r.libelle), r.ligne, r.est_courant) for r in lecture.seances]
    quoi = lecture.mesure.qui[0] or "Délai médian"
    semestre = Repere("ce semestre", lecture.semestre, n_mois=6)
    est_comparee = any(r.est_courant for r in lecture.seances)
    blocs = [
        f'<p class="quoi">{escape(quoi)}</p>',
        _bloc(
            f"Séance après séance, {lecture.duree}",
            [*seances, *([semestre] if semestre.est_entier else [])],
            valeur,
            dire,
        )
        if est_comparee
        else f'<p class="reserve">{escape(f"Les données ne couvrent que {lecture.duree} : rien n’est comparé.")}</p>',
        _bloc(f"D’une ICI à l’autre, {lecture.duree}", lecture.icis, valeur, dire),
    ]
    if est_comparee and lecture.mesure.indicateur in ("ressources", "entrants_occupants"):
        en_2015 = [Repere(_EN_2015[c], pd.Series({"part": p})) for c, p in lectures_2015("equilibre").items()]
        blocs.append(_bloc("MEL 2015 par quartiers, reconstitué", en_2015, "part", langue.part))
    return f'<div class="comparaison">{"".join(blocs)}</div>'


def _valeur(lecture: Lecture) -> tuple[str, Format]:
    if lecture.mesure.image is Image.EFFECTIFS:
        return "numerateur", langue.nombre
    if lecture.mesure.image is Image.DELAIS:
        return "mediane_mois", lambda v: f"{phrases_mesures.mois(v)}{langue.INSECABLE}mois"
    return "part", langue.part


def _bloc(titre: str, reperes: Sequence[Repere], colonne: str, dire: Format) -> str:
    """Small bars from zero, of a common scale, with their figures."""
    valeurs = [float(v) if pd.notna(v := r.ligne[colonne]) else None for r in reperes]
    plafond = max((v for v in valeurs if v is not None), default=0.0) or 1.0
    lignes = "".join(
        f'<tr class="{"courant" if r.est_courant else ""}"><th scope="row">{escape(r.libelle)}</th>'
        f'<td class="barre"><i style="width:{100 * (v or 0.0) / plafond:.0f}%"></i></td>'
        f"<td>{escape(dire(v) if v is not None else langue.ABSENT)}</td></tr>"
        for r, v in zip(reperes, valeurs, strict=True)
    )
    return f"<h3>{escape(titre)}</h3><table>{lignes}</table>"
