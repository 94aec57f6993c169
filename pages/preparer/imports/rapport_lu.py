"""Préparer › Imports: what a check found, column by column too, and what publishing would change and leave out."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from itertools import chain, islice

import pandas as pd
import streamlit as st

from mel_core.contrat.explications import EXPLICATIONS
from mel_core.contrat.rapport import Gravite, Rapport
from mel_core.entrepot.importation import Accord, Controle
from mel_core.entrepot.plausibilite import SUES, CouverturePrevue
from mel_core.indicateurs import INDICATEURS, phrases_constats
from mel_core.indicateurs.comparaison_millesimes import Comparaison, say_ecart, say_part, say_rien
from mel_core.socle import langue
from pages.adaptateur import telechargement
from pages.commun import annonces, widgets

GRAVITES = {
    Gravite.BLOQUANT: "Bloquante",
    Gravite.REJET: "Ligne rejetée",
    Gravite.AVERTISSEMENT: "Avertissement",
}
LIGNES_MONTREES = 500
ANOMALIES_EN_CLAIR = 50_000  # beyond, the file is zipped: a server keeps it for whoever downloads it
_ENTETE_PX, _HAUTEUR_PX = 40, 66  # from 65 up, a grid wraps its texts
_LARGEURS = {
    nom: st.column_config.Column(width=largeur)
    for nom, largeur in (("Gravité", 105), ("Fichier", 130), ("Ligne", 65), ("Colonne", 150), ("Valeur", 120))
}
FICHIER = "anomalies_fichier"
_TITRES = ("Colonne du fichier", "Exemples", "Lue comme", "Ce qu’elle dit")
_ENSEMBLE = "ensemble"


def show_anomalies(rapport: Rapport) -> None:
    """All the findings, filtered, and the file that holds them all."""
    presentes = [g for g in Gravite if any(a.gravite is g for a in rapport.anomalies)]
    if not presentes:
        st.write("Aucune anomalie.")
        return
    choisies = st.pills(
        "Montrer",
        presentes,
        selection_mode="multi",
        default=presentes,
        format_func=GRAVITES.__getitem__,
        key="gravites",
    )
    n = sum(a.gravite in choisies for a in rapport.anomalies)
    retenues = (a for gravite in Gravite if gravite in choisies for a in rapport.anomalies if a.gravite is gravite)
    widgets.grille(
        pd.DataFrame(
            [
                {
                    "Gravité": GRAVITES[a.gravite],
                    "Fichier": a.fichier,
                    "Ligne": "" if a.ligne is None else str(a.ligne),
                    "Colonne": a.colonne or "",
                    "Valeur": a.valeur or "",
                    "Ce qui ne va pas, et que faire": a.message,
                }
                for a in islice(retenues, LIGNES_MONTREES)
            ]
        ),
        {},
        "Anomalies",
        # A sentence ends with what to do: it is read whole, on two lines.
        row_height=_HAUTEUR_PX,
        height=_ENTETE_PX + _HAUTEUR_PX * min(n, 6),
        column_config=_LARGEURS,
    )
    annonces.note(langue.premieres(LIGNES_MONTREES, n, "le fichier les contient toutes"))
    nom, contenu = file_anomalies(rapport)
    est_zip = nom.endswith(".zip")
    telechargement.offer(
        f"Télécharger toutes les anomalies ({'CSV dans un zip' if est_zip else 'CSV'})",
        contenu,
        nom,
        "application/zip" if est_zip else "text/csv",
        cle="telecharger_anomalies",
    )


def file_anomalies(rapport: Rapport) -> tuple[str, bytes]:
    """Name and content of the file that holds them all, made once per report: a click must not make it again."""
    fait = st.session_state.get(FICHIER)
    if fait is not None and fait[0] is rapport:
        return fait[1], fait[2]
    morceaux = (morceau.encode() for morceau in chain(["\ufeff"], rapport.en_csv()))
    if len(rapport.anomalies) <= ANOMALIES_EN_CLAIR:
        contenu, suffixe = b"".join(morceaux), "csv"
    else:
        tampon = io.BytesIO()
        membre = zipfile.ZipInfo("anomalies.csv")  # without a date, the same anomalies make the same file
        membre.compress_type = zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(tampon, "w") as archive, archive.open(membre, "w", force_zip64=True) as entree:
            for morceau in morceaux:
                entree.write(morceau)
        contenu, suffixe = tampon.getvalue(), "zip"
    nom = f"anomalies-{hashlib.sha256(contenu).hexdigest()[:12]}.{suffixe}"
    st.session_state[FICHIER] = rapport, nom, contenu
    return nom, contenu


def exemples(rapport: Rapport, fichier: str) -> dict[str, str]:
    """Header of the file → the header and some of its values."""
    return {
        c.entete: f"{c.entete} ({', '.join(c.exemples)}…)" if c.exemples else c.entete
        for c in rapport.colonnes.get(fichier, ())
    }


def show_colonnes(rapport: Rapport) -> None:
    """One table per file, closed: what was understood, to be read again before publishing."""
    if not rapport.colonnes:
        return
    with st.expander("Ce qui a été compris de chaque colonne"):
        for fichier, colonnes in rapport.colonnes.items():
            lues = sum(bool(c.lue) for c in colonnes)
            st.write(
                langue.typeset(
                    f"{fichier} : {langue.effectif(lues, 'colonne lue', 'colonnes lues')} sur {len(colonnes)}"
                )
            )
            sens = {nom: e.sens for c in colonnes[:1] for nom, e in EXPLICATIONS[c.table].items()}
            rangees = [(c.entete, ", ".join(c.exemples), c.lue or "non lue", sens.get(c.lue, "")) for c in colonnes]
            widgets.grille(pd.DataFrame(rangees, columns=list(_TITRES)), {}, f"Colonnes de {fichier}")


def show_couverture(couvertures: Sequence[CouverturePrevue]) -> None:
    """What the bilan would know of the attributions of the last twelve months, of all then bailleur by bailleur."""
    if not couvertures:
        return
    st.header("Ce que le bilan saurait", help="Sur les attributions des 12 derniers mois au plus de ces fichiers.")
    st.table(
        pd.DataFrame(
            [
                {
                    "Bailleur": c.bailleur or "Tous",
                    "Attributions": langue.nombre(c.n),
                    **{langue.capitalize(dit): c.dite(cle) for cle, dit in SUES.items()},
                }
                for c in couvertures
            ]
        ).set_index("Bailleur")
    )


def ask_accord(controle: Controle, depots: object) -> Accord | None:
    """One box per table that loses rows; what was approved once every box is ticked, None until then.

    `depots`: what was dropped and how it is read. A box belongs to these files and these counts: others ask again.
    """
    accord, dites = controle.accord, controle.a_approuver
    if not dites:
        return accord
    aide = (
        "Ces lignes ne seront pas, ou plus, publiées : les relire ci-dessus, corriger le fichier si elles doivent "
        "compter, sinon les approuver."
    )
    st.header("À approuver avant de publier", help=aide)
    empreinte = hashlib.sha256(repr((depots, accord)).encode()).hexdigest()[:16]
    cochees = [st.checkbox(dite, key=f"accord_{empreinte}_{nom}") for nom, dite in dites.items()]
    return accord if all(cochees) else None


def compare(comparaison: Comparaison | None) -> None:
    if comparaison is None or comparaison.est_identique:
        st.write(say_rien(comparaison))
        return
    _tables(comparaison.tables)
    if not comparaison.indicateurs.empty:
        _figures(comparaison.indicateurs)


def _tables(tables: pd.DataFrame) -> None:
    bougees = tables[tables[["ajoutees", "parties", "changees"]].sum(axis=1) > 0]
    st.table(
        pd.DataFrame(
            {
                "Table": bougees["table"],
                "Lignes publiées": bougees["avant"].map(langue.nombre),
                "\\+ ajoutées": bougees["ajoutees"].map(langue.nombre),
                "− parties": bougees["parties"].map(langue.nombre),
                "= nouvelles": bougees["apres"].map(langue.nombre),
                "dont changées": bougees["changees"].map(langue.nombre),
            }
        ).set_index("Table")
    )


def _figures(figures: pd.DataFrame) -> None:
    widgets.grille(
        pd.DataFrame(
            {
                "Séance (12 mois)": figures["seance"],
                "Indicateur": [_titre(f) for f in figures.itertuples()],
                "Publié": [say_part(f, "avant") for f in figures.itertuples()],
                "Nouveau": [say_part(f, "apres") for f in figures.itertuples()],
                "Écart": [say_ecart(f) for f in figures.itertuples()],
                "Ce qui a bougé": [_mouvements(f) for f in figures.itertuples()],
            }
        ),
        {},
        "Chiffres avant et après",
    )


def _titre(ligne: object) -> str:
    titre = INDICATEURS[ligne.indicateur].titre  # type: ignore[attr-defined]
    groupe = ligne.groupe  # type: ignore[attr-defined]
    return titre if groupe == _ENSEMBLE else f"{titre}, {phrases_constats.QUARTIERS[groupe]}"


def _mouvements(ligne: object) -> str:
    mots = (
        (ligne.entrees, "attribution entrée", "attributions entrées"),  # type: ignore[attr-defined]
        (ligne.sorties, "sortie", "sorties"),  # type: ignore[attr-defined]
        (ligne.reclassees, "reclassée", "reclassées"),  # type: ignore[attr-defined]
    )
    return langue.liste([langue.effectif(n, un, plusieurs) for n, un, plusieurs in mots if n]) or "rien"
