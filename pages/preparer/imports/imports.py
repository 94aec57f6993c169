"""Préparer › Imports: drop the files, read what was found in them, publish; what is expected of them beside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from mel_core.contrat import correspondances
from mel_core.contrat.correspondances import Reponses
from mel_core.contrat.lecture.fichiers import Piece
from mel_core.contrat.mapping import Mapping, merge
from mel_core.contrat.rapport import Rapport
from mel_core.droits.actions import Action
from mel_core.entrepot.importation import (
    A_REVOIR,
    MELEE,
    Accord,
    AccordPerime,
    Controle,
    import_files,
    say_reprises,
    weigh,
)
from mel_core.entrepot.publications import record
from mel_core.indicateurs.comparaison_millesimes import compare
from mel_core.journal.fiches import au_mieux
from mel_core.socle import langue
from pages.commun import choix_perimetre, donnees, ecriture, entete, visiteur
from pages.preparer.imports import depot, en_service, questions_import, rapport_lu

_CONTRAT = "Tables du contrat (demandes, attributions…)"
_ATTENDUES = "attendues"
_TROUVE, _CONTROLE, _COMPARAISON, _MAPPING = "import_trouve", "controle", "comparaison", "mapping_lu"
_AIDE = (
    "Déposer ensemble des fichiers CSV, des classeurs XLSX ou ODS, des zip, les contours des IRIS (GeoJSON, ou zip "
    "d’un shapefile) ; avec des fichiers XML du SNE (un zip), choisir leur format. Un fichier ou une "
    "feuille qui ne porte pas le nom d’une table se donne ensuite à la sienne. Rien n’est publié avant d’avoir été "
    "contrôlé. Ce qu’il faut, à qui le demander et un modèle de chaque fichier : « Données attendues », ci-dessus."
)
_VUES = {"depot": "Importer", _ATTENDUES: "Données attendues"}


@dataclass(frozen=True)
class Depots:
    """What was dropped, what its files hold, what it is said to be, and the answers kept about its files."""

    fichiers: Sequence[UploadedFile]
    mapping: UploadedFile | None
    modele: str
    pieces: list[list[Piece]]
    nature: str
    sont_ajoutes: bool
    reponses: Reponses

    @property
    def cle(self) -> tuple[object, ...]:
        """What a check is that of: other files, or read otherwise, are checked again."""
        fichiers = tuple((f.name, f.size, f.file_id) for f in self.fichiers)
        reponses = repr(sorted(self.reponses.par_source.items()))
        choisies = [(rang, p.feuille, p.table) for rang, ps in enumerate(self.pieces) for p in ps if p.est_choisie]
        return (fichiers, repr(choisies)), self.modele, self.nature, self.sont_ajoutes, reponses

    @property
    def est_a_revoir(self) -> bool:
        """Whether another mapping was given since the check: what is being answered stays, nothing is published."""
        return bool(self.trouve.get(_MAPPING) != (self.mapping and self.mapping.file_id))

    @property
    def trouve(self) -> dict[str, Any]:
        """What was found of these files, so read: kept until they change."""
        cle, trouve = st.session_state.get(_TROUVE, (None, {}))
        if cle != self.cle:
            trouve = {}
            st.session_state[_TROUVE] = self.cle, trouve
        return trouve

    @contextmanager
    def posed(self) -> Iterator[dict[str, Any]]:
        """The dropped files on disk, the mapping and the answers that go with them, and a progress bar to move."""
        barre = st.progress(0.0, "Lecture des fichiers")

        def advance(etape: str, part: float) -> None:
            barre.progress(min(max(part, 0.0), 1.0), etape)

        try:
            mappings = [self.mapping] if self.mapping else []
            with depot.place(self.fichiers) as chemins, depot.place(mappings) as joints:
                joint = Mapping.read(joints[0]) if joints else Mapping()
                yield {
                    "chemins": depot.read_donnes(chemins, self.pieces),
                    "entrepot": donnees.entrepot(),
                    "mapping": merge(joint, Mapping(modele=self.modele)),
                    "reponses": self.reponses,
                    "nature": self.nature,
                    "progres": advance,
                }
        finally:
            barre.empty()


def check(depots: Depots) -> None:
    """The dropped files against what the store already holds; nothing is published."""
    with depots.posed() as demande:
        depots.trouve[_MAPPING] = depots.mapping and depots.mapping.file_id
        depots.trouve[_CONTROLE] = weigh(**demande, add=depots.sont_ajoutes, refusees=questions_import.refusees())


def check_again(depots: Depots) -> None:
    """With the answers just given."""
    check(replace(depots, reponses=questions_import.gardees()))
    st.rerun()


def compare_them(depots: Depots) -> None:
    """What publishing would change; nothing is published. It quotes figures: who can't see them can't ask."""
    if donnees.entrepot().instantane() is not None:
        donnees.instantane()
    with depots.posed() as demande:
        depots.trouve[_COMPARAISON] = compare(**demande)


def show_bilan(rapport: Rapport) -> None:
    """Rows in = kept + rejected + duplicates, table by table (a sign that begins a header would start a list), and
    beside them what is no row. A file that can't be read holds none."""
    if not rapport.tables:
        return
    st.table(
        pd.DataFrame(
            [
                {
                    "Table": nom,
                    "Lignes lues": langue.nombre(b.lues),
                    "= gardées": langue.nombre(b.gardees),
                    "\\+ rejetées": langue.nombre(b.rejetees),
                    "\\+ doublons": langue.nombre(b.doublons),
                    "Avertissements": langue.nombre(b.avertissements),
                    "Mises à part (titres, totaux)": langue.nombre(b.mises_a_part),
                }
                for nom, b in rapport.tables.items()
            ]
        ).set_index("Table")
    )


def page() -> None:
    st.html(Path(__file__).with_suffix(".css"))
    entete.title("Préparer › Imports")
    visiteur.require_droit(Action.IMPORTER)
    if choix_perimetre.option("Vue", "vue_imports", _VUES) == _ATTENDUES:
        en_service.show_attendues()
    else:
        show_depot()


def show_depot() -> None:
    """Files dropped, checked, then published."""
    en_service.show_tables()
    # Any name is taken: Streamlit refuses one in English, and the check says what is in the file and what to do.
    fichiers = st.file_uploader(
        "Fichiers du jeu de données (CSV, zip, XLSX, ODS ou contours)",
        accept_multiple_files=True,
        key="depot",
        help=_AIDE,
    )
    modele = st.selectbox(
        "Format des fichiers",
        ["", *correspondances.TITRES],
        format_func=lambda m: correspondances.TITRES.get(m, _CONTRAT),
        key="modele",
    )
    mapping = st.file_uploader("Mapping des colonnes et des codes (facultatif, TOML)", key="mapping")
    with st.container(horizontal=True):
        fictives = st.checkbox("Ces données sont fictives (démonstration, répétition)", key="fictives")
        ajoutees = st.checkbox(
            "Ajouter : attributions, événements et résidences des autres bailleurs restent en place", key="ajouter"
        )
    nature = "fictive" if fictives else "reelle"
    if fichiers and (refus := visiteur.refuse_nature(nature)):
        st.warning(refus)
    depot.offer_commande(modele or "", nature, sont_ajoutes=ajoutees)
    gardees = questions_import.gardees()
    questions_import.show_gardees(gardees)
    en_service.show_publications()
    en_service.offer_contours()

    if not fichiers:
        st.session_state.pop(_TROUVE, None)
        st.session_state.pop(rapport_lu.FICHIER, None)
        ecriture.ask_auteur()  # whoever goes back to a publication, or publishes contours, signs it
        return
    pieces = depot.ask_tables(fichiers, modele or "", gardees)
    depots = Depots(fichiers, mapping, modele or "", pieces, nature, ajoutees, gardees)
    if st.button("Contrôler", key="controler"):
        depot.keep_tables(pieces)
        depots = replace(depots, reponses=questions_import.gardees())
        check(depots)
    if _CONTROLE in depots.trouve:
        follow(depots)


def follow(depots: Depots) -> None:
    """What the check found, what it asks, what publishing would change; then to publish."""
    vu: Controle = depots.trouve[_CONTROLE]
    rapport = vu.rapport
    st.header("Rapport de contrôle")
    if rapport.est_bloquant:
        st.error(vu.remede)
    if questions_import.place(vu):
        check_again(depots)
    show_bilan(rapport)
    rapport_lu.show_anomalies(rapport)
    rapport_lu.show_colonnes(rapport)
    if depots.est_a_revoir:
        st.warning(A_REVOIR)
    if rapport.est_bloquant or depots.est_a_revoir:
        return
    rapport_lu.show_couverture(vu.couvertures)
    if st.button("Comparer avec les données publiées", key="comparer"):
        compare_them(depots)
    if _COMPARAISON in depots.trouve:
        st.header("Ce que la publication changerait")
        rapport_lu.compare(depots.trouve[_COMPARAISON])
    if propres := donnees.entrepot().propres():
        st.warning(say_reprises(list(propres)))
    visiteur.require_nature(depots.nature)
    approuve = rapport_lu.ask_accord(vu, depots.cle)
    est_signe = ecriture.ask_auteur()
    est_pret = approuve is not None and est_signe
    if st.button("Publier ce jeu de données", type="primary", key="publier", disabled=not est_pret) and approuve:
        publish(depots, approuve)


def publish(depots: Depots, accorde: Accord) -> None:
    """With the losses that were approved, and no other."""
    auteur = ecriture.require_auteur(Action.PUBLIER)
    try:
        with depots.posed() as demande:
            importation = import_files(**demande, add=depots.sont_ajoutes, accord=accorde)
    except AccordPerime as perime:
        depots.trouve[_CONTROLE] = perime.controle
        st.error(str(perime))
        return
    depots.trouve.pop(_COMPARAISON, None)  # what it was compared with is no longer what is published
    with au_mieux("Cette publication", st.warning):
        record(ecriture.journal(), importation, auteur)
    servi = importation.instantane
    st.success(importation.say(est_montre=servi is not None and visiteur.est_admis(servi)))
    if importation.est_melee:
        st.warning(MELEE)


page()
