"""What the steps of 13h30 share: one picture under the sentence, a choice of how to cut it, counts as they are read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from mel_core.droits.actions import Action
from mel_core.indicateurs.besoins import Manque
from mel_core.indicateurs.manques import sans_reponse
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.indicateurs.phrases_constats import TROP_FAIBLE_DIT
from mel_core.indicateurs.phrases_mesures import manque
from mel_core.indicateurs.phrases_vues import reste
from mel_core.segments.phrases_segments import hors_ici
from mel_core.socle import langue
from mel_core.socle.valeurs import Compte
from pages.adaptateur import vivant
from pages.commun import annonces, choix_perimetre, visiteur
from pages.commun.choix_perimetre import Perimetre
from pages.commun.images import lignes as dessins
from pages.commun.images.gabarit import Image, est_projete

# Wide enough for what `lectures` says.
LECTURES = {titre: st.column_config.TextColumn(width=230) for titre in ("Lecture", "Lecture des entrants")}


LIEU = "place"  # of the address: the commune or the bailleur at whose scale a step is read
_OUVERT = "place_ouverte"  # of the session: the one that was clicked on a map, until the list is drawn again


def choose(cle: str, options: dict[str, str]) -> str:
    return choix_perimetre.option("Maille", cle, options, partout=True)


@dataclass(frozen=True)
class LieuChoisi:
    """At whose scale a step is read: a commune or a bailleur (`coupe`) of the perimeter."""

    coupe: str
    code: str
    nom: str

    @property
    def dit(self) -> str:
        """`à Lille`, `chez Vilogia`."""
        return langue.a_la_commune(self.nom) if self.coupe == "commune" else f"chez {self.nom}"


def choose_lieu(choisi: Perimetre, coupes: Collection[str] = ("commune", "bailleur")) -> LieuChoisi | None:
    """At a desk, the place that the step is read of, kept in the address; None: the whole perimeter. Who reads every
    figure has all those of `coupes`, a commune or a bailleur its own: what is summed over another was rounded."""
    if visiteur.est_en_salle():
        return None
    tous = visiteur.may(Action.LIRE_CHIFFRES_EXACTS)
    offerts = {
        code: (coupe, nom)
        for code, (coupe, nom) in choisi.fiches.items()
        if coupe in coupes and (tous or visiteur.profil().lieu == (coupe, code))
    }
    if not offerts:
        return None
    if code := st.session_state.pop(_OUVERT, None):
        st.session_state[LIEU] = code
    if st.session_state.get(LIEU) not in (None, *offerts):  # of another ICI, or of another step
        st.session_state[LIEU] = None
    demandee = "" if LIEU in st.session_state else st.query_params.get(LIEU, "")
    if demandee and demandee not in offerts:  # by its name: it may be of another ICI
        ailleurs = choisi.noms("commune") | choisi.bailleurs
        choix_perimetre.say_inconnue(ailleurs.get(demandee, "un lieu" if demandee.isdigit() else demandee))
        st.session_state[LIEU] = None
    noms = {code: nom for code, (_, nom) in sorted(offerts.items(), key=lambda x: x[1])}
    code = choix_perimetre.facultative(
        "À l’échelle de",
        LIEU,
        noms,
        st.selectbox,
        index=None,
        placeholder="Tous les lieux",
        label_visibility="collapsed",
        filter_mode="contains",
    )
    return LieuChoisi(offerts[code][0], code, offerts[code][1]) if code else None


def open_lieu(code: str | None) -> None:
    """The step at the scale of the place that was just clicked on its map."""
    if code is not None:
        st.session_state[_OUVERT] = code
        st.rerun()


def refuse(choisi: Perimetre, titre: str, besoins: tuple[Manque, ...]) -> bool:
    """Whether no file gave what `titre` leans on, which is then said."""
    absents = choisi.ask(sans_reponse, besoins)
    if absents:
        annonces.message(manque(titre, absents))
    return bool(absents)


def draw(figure: Image, n_lignes: int) -> None:
    """The picture, as high as its lines ask for: the table below starts on the same screen."""
    haute = "courte" if n_lignes <= 3 else "moyenne" if n_lignes <= 7 else "longue"
    with st.container(key=f"image_{haute}"):
        vivant.draw(figure)


def rapports(numerateurs: pd.Series, denominateurs: pd.Series) -> list[str]:
    """`38 sur 71`: what a share beside it is made of, or how few there are; absent where there is nothing, or nothing
    is known."""
    return [_rapport(k, n) for k, n in zip(numerateurs, denominateurs, strict=True)]


def _rapport(numerateur: Compte, n: Compte) -> str:
    if n.est_tu:
        return str(n)
    return f"{numerateur} sur {n}" if numerateur.est_connu and n > 0 else langue.ABSENT


def lectures(denominateurs: pd.Series) -> list[str]:
    """What is said of a share over too few households to conclude, as far as is read."""
    return [TROP_FAIBLE_DIT if 0 < n < EFFECTIF_MINIMAL else "" for n in denominateurs]


LIGNES_DESSINEES, LIGNES_EN_SALLE, DANS_LE_DETAIL = 10, 8, "dans le détail en bas de page"


def repartition(lues: pd.DataFrame, coupe: str, quoi: str, titre: str, ici: Collection[str] = ()) -> tuple[Image, str]:
    """The first lines as bars, and what is not drawn. `lues`: see `phrases_segments.rank`; `coupe`: what a line is;
    `ici`: of communes, those of the ICI on view, which alone are drawn (none: all of them)."""
    siennes = lues[lues["code"].isin(ici)] if ici else lues
    ailleurs = lues.drop(siennes.index).loc[lambda x: x["code"].ne("inconnu") & x["n"].map(lambda n: n.est_dit)]
    dites = siennes[siennes["n"].map(lambda n: n.est_dit)] if est_projete() else siennes
    n = LIGNES_EN_SALLE if est_projete() else LIGNES_DESSINEES
    vues = (siennes if dites.empty else dites).head(n)  # a bar of « 12 ou moins » has no length
    restent = siennes.drop(vues.index)
    tus = set(restent["n"].map(langue.nombre)) if len(vues) == len(dites) else set()
    suite = f", de {tus.pop()}" if est_projete() and len(tus) == 1 else ""
    dits = [reste(len(restent), coupe, suite, ou=DANS_LE_DETAIL)]
    dits += [hors_ici(x.nom, x.n) for x in ailleurs[:1].itertuples()]
    return dessins.comptes(vues["nom"], vues["n"], quoi, titre), " ".join(filter(None, dits))


def draw_repartition(figure: Image, note: str) -> None:
    """See `repartition`."""
    with st.container(key="segment_image"):
        vivant.draw(figure)
    annonces.note(note)


def restants(avec: pd.DataFrame, sans: pd.DataFrame, *, est_d_usage: bool) -> Image:
    """How many wait now, and how many would at the next séance, without the engagement and with it. `avec`, `sans`: see
    `phrases_engagement.suites`; `est_d_usage`: it is what the flow gives them already: both are that without it."""
    lignes = {
        "Aujourd’hui": sans["stock_debut"].iloc[0],
        "Prochaine ICI, sans engagement": sans["restants"].iloc[0],
        "Prochaine ICI, avec": (sans if est_d_usage else avec)["restants"].iloc[0],
    }
    titre, quoi = "Ménages du segment, aujourd’hui et à la prochaine ICI", "Ménages, entrées comprises"
    bulles = [f"{nom} : {langue.effectif(n, 'ménage')}" for nom, n in lignes.items()]
    return dessins.comptes(lignes, lignes.values(), quoi, titre, bulles)
