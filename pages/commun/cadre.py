"""The frame around every page: agenda of the day, data vintage, banner of fictitious data, states of a figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from html import escape
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mel_core.entrepot import Instantane, registre
from mel_core.indicateurs.manques import Declaration
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.horloge import PARIS, jour_de
from pages.adaptateur import vivant
from pages.commun import annonces, choix_perimetre, emplacement, profils, visiteur
from pages.commun.navigation import ACCUEIL, PAGES

_STYLE = Path(__file__).with_name("style.css")
_ADAPTATEUR = Path(__file__).parents[1] / "adaptateur"
_SCRIPTS = "\n".join(
    (_ADAPTATEUR / f"{nom}.js").read_text(encoding="utf-8")
    for nom in ("francais", "foyer", "listes", "grille", "lus", "historique", "retenu")
)

# The three states in which a figure can be: a word, a sign and a border, never a colour alone.
CONSTAT = "constat"
OBJECTIF = "objectif"
LOI = f"{OBJECTIF} loi"  # in the same place, drawn alike
HYPOTHESE = "hypothese"
_ETATS = {
    CONSTAT: "Constat",
    OBJECTIF: "Objectif voté",
    LOI: "Objectif fixé par la loi",
    HYPOTHESE: "Hypothèse de séance",
}


# Pages whose figures are exact for everybody, with what their address says then.
_SANS_ARRONDI: dict[str, dict[str, str]] = {
    "fragilite": {},
    "accueil": {},
    "simuler": {"simulation": "programmation"},
    "mes_listes": {},
}
# The same, of what a room has of them: its sentence and its picture, and no table.
_SANS_ARRONDI_EN_SALLE = _SANS_ARRONDI | {"orientations": {"vue": "preconisations"}}


@dataclass(frozen=True)
class Creneau:
    """A slot of the day; `chemin` is the address of its page."""

    titre: str
    debut: time | None = None
    fin: time | None = None
    chemin: str = ""

    def __str__(self) -> str:
        return f"{self.heure} {self.titre}".strip()

    @property
    def heure(self) -> str:
        return f"{self.debut.hour}h{self.debut.minute:02d}" if self.debut else ""


AGENDA = (
    Creneau("Introduction", time(9), time(9, 30), "introduction"),
    Creneau("Bilan", time(9, 30), time(10, 30), "bilan"),
    Creneau("Coordination", time(10, 30), time(12), "coordination"),
    Creneau("Orientations", time(13, 30), time(15, 30), "orientations"),
    Creneau("Clôture", chemin="cloture"),
)


def creneau(page: str) -> Creneau:
    """The slot of a page; of one that the agenda does not hold, its title, at no hour."""
    return next((c for c in AGENDA if c.chemin == page), Creneau(PAGES[page][1], chemin=page))


def install_style() -> None:
    """The style sheet, and the language of the page: Streamlit declares English and writes a few words of its own."""
    with st.container(key="style"):
        st.html(_STYLE)
        st.html(f"<script>{_SCRIPTS}</script>", unsafe_allow_javascript=True)
        vivant.listen_fenetre()


def agenda(courante: str, pages: dict[str, st.Page], groupes: dict[str, dict[str, st.Page]]) -> None:
    """The strip of the day: the slot under way is marked.

    `pages` by slot address; `groupes`: what lives outside the séance, by title then by label: a group of one page is a
    link, a larger one unfolds.
    """
    with st.container(horizontal=True, key="agenda", vertical_alignment="center"):
        for creneau in AGENDA:
            _lien(str(creneau), pages[creneau.chemin], courante, _reste(creneau))
        st.html('<span class="creneau-vide"></span>')
        for titre, membres in groupes.items():
            ouverte = next((libelle for libelle, page in membres.items() if page.url_path == courante), None)
            if len(membres) == 1:
                _lien(titre, next(iter(membres.values())), courante)
                continue
            # Named by the page: a menu that led somewhere is another one there, closed.
            with st.popover(f"{titre} › {ouverte}" if ouverte else titre, key=f"menu_{titre}_{courante}"):
                for libelle, page in membres.items():
                    _lien(libelle, page, courante)
        profils.menu()


@contextmanager
def avis() -> Iterator[None]:
    """Around the page: what its link asked and is not there, at its top."""
    choix_perimetre.listen()
    place = st.container(key="avis")
    yield
    with place:
        annonces.take(profils.AILLEURS, annonces.note)
        if demandees := choix_perimetre.take_avis():
            choix_perimetre.say_inconnues(demandees)


def est_hors_regle(page: str) -> bool:
    """Whether nothing of the page is rounded: it counts no household (operations, quartiers, a place’s volumes), or its
    reader's own alone. To be asked once it is drawn."""
    choix = (_SANS_ARRONDI_EN_SALLE if visiteur.est_en_salle() else _SANS_ARRONDI).get(page)
    return choix is not None and all(st.query_params.get(nom) == valeur for nom, valeur in choix.items())


def diffusion(page: str) -> None:
    """The last line of every page: whether what it shows may be projected, and by which rule it is said; nothing where
    the rule rounds nothing."""
    if not reader().lit_tout and est_hors_regle(page):
        return
    nom = "exacts" if reader().lit_tout else "arrondis"
    st.html(f'<p class="diffusion {nom}" role="note">{escape(langue.typeset(reader().dite))}.</p>')


def detail(nom: str) -> DeltaGenerator:
    """What is read at a desk under the message: in Salle it leaves (salle.css)."""
    return st.container(key=f"detail_{nom}", gap="small")


def _lien(libelle: str, page: st.Page, courante: str, suite: str = "") -> None:
    """The way to a page; of the one on screen, its name and, in HTML, its `suite`."""
    if (page.url_path or ACCUEIL) == courante:
        st.html(f'<span class="creneau en-cours" aria-current="page">{escape(libelle)}{suite}</span>')
    else:
        st.page_link(page, label=libelle)


def minutes_restantes(creneau: Creneau, maintenant: time) -> int | None:
    """Minutes left, while the slot is under way by the clock."""
    if creneau.debut is None or creneau.fin is None or not creneau.debut <= maintenant < creneau.fin:
        return None
    return (creneau.fin.hour - maintenant.hour) * 60 + creneau.fin.minute - maintenant.minute


def _reste(creneau: Creneau) -> str:
    minutes = minutes_restantes(creneau, datetime.now(PARIS).time())
    return "" if minutes is None else f" <small>reste {minutes}{langue.INSECABLE}min</small>"


def millesime(instantane: Instantane) -> None:
    """Vintage of the data, and what they are."""
    fictives = '<strong class="fictives">DONNÉES FICTIVES</strong>' if instantane.nature == visiteur.FICTIVE else ""
    jour = langue.jour(jour_de(instantane.publie_le))
    # Several machines: the file of a publication comes after it is said.
    retard = f" ({registre.EN_RETARD})" if registre.est_en_retard(emplacement.dossier()) else ""
    st.html(f'<p class="millesime">{fictives}<span>Données publiées le {jour}{retard}</span></p>')


def etat(nom: str, precision: str = "") -> None:
    """Which of the three states what follows is in."""
    st.html(say_etat(nom, precision))


def say_declarees(declarees: Iterable[Declaration]) -> None:
    """Under the finding: the label columns that no file had, and what was declared of them."""
    annonces.note(" ".join(d.phrase() for d in declarees))


def say_etat(nom: str, precision: str = "") -> str:
    """The same, as HTML."""
    return f'<p class="etat {nom}"><strong>{_ETATS[nom]}</strong> <span>{escape(precision)}</span></p>'
