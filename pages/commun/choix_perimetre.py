"""The scope of the session: séance, ICI and objective, chosen once, kept across pages, reloads and in the address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mel_core.entrepot import Instantane, Lecteur, Portee
from mel_core.seance import sequence
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.valeurs import Duree
from pages.commun import annonces, donnees, visiteur, widgets

METROPOLE = "MEL"
_LUE = "adresse_lue_"  # then a key of the address: this session holds it, what it says there is no longer a link's
_CHOISIE = "choisie_"  # then a key of the scope: what was chosen last, which no key pressed meanwhile takes away
_RANG = "rang_"  # then a widget's name: how many times its choice was made by something else
_AVIS = "avis_du_lien"
_LONGUEUR_DITE = 60  # signs of what a wrong link asks
Option = TypeVar("Option", str, int)
Options = Mapping[Option, str] | Sequence[Option]  # each with how it is read, where it is not as it is
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Perimetre:
    """What the screens are about, and who reads them. `ici` is empty for the whole Métropole."""

    instantane: Instantane
    seance: Seance
    ici: str | None
    territoires: tuple[str, ...]

    @property
    def ici_dite(self) -> str:
        """`l’ICI 2`, `la Métropole`."""
        return langue.ici(self.ici) if self.ici else "la Métropole"

    @property
    def duree(self) -> Duree:
        """The twelve months, and how many of them the data cover."""
        return donnees.duree(*self.cle)

    @property
    def annee(self) -> Periode:
        """The 12 months that end with the séance."""
        return Periode.de(self.seance, "annee")

    @property
    def cle(self) -> tuple[str, str]:
        """The snapshot and the séance: what every reading depends on."""
        return self.instantane.identifiant, str(self.seance)

    def open(self, portee: Portee | None = None) -> Lecteur:
        """See `donnees.open`."""
        return donnees.open(*self.cle, portee)

    def ask(self, question: Callable[Concatenate[Lecteur, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """See `donnees.ask`."""
        return donnees.ask(*self.cle, question, *args, **kwargs)

    @property
    def communes(self) -> dict[str, str]:
        """Code → name of its communes."""
        return donnees.communes_de(*self.cle, self.ici)

    @property
    def bailleurs(self) -> dict[str, str]:
        """Code → name of all the bailleurs."""
        return self.noms("bailleur")

    @property
    def fiches(self) -> dict[str, tuple[str, str]]:
        """Code → what it is (`commune`, `bailleur`) and its name, of the places that have a card."""
        tous = {"commune": self.communes, "bailleur": self.bailleurs}
        return {code: (coupe, nom) for coupe, noms in tous.items() for code, nom in noms.items()}

    def noms(self, coupe: str) -> dict[str, str]:
        """See `donnees.noms`, of the whole Métropole."""
        return donnees.noms(*self.cle, coupe)

    @property
    def avec_donnees(self) -> Perimetre:
        """Itself; before its data, the same of the last séance that has some."""
        derniere = Seance.read(donnees.choix()[0][0])
        return replace(self, seance=derniere) if derniere < self.seance else self

    @property
    def est_a_venir(self) -> bool:
        """Whether the séance exists before its data."""
        return self.avec_donnees.seance != self.seance

    @property
    def precision(self) -> str:
        """The period that is judged, in few words; which territoires an ICI is made of is in « Pourquoi »."""
        periode = Periode.de(self.seance, "annee")
        return f"{langue.annee(self.duree, periode.debut, periode.fin)}{' · séance gelée' if self.est_gelee else ''}"

    @property
    def est_gelee(self) -> bool:
        """Whether its figures move no more: its relevé was signed, or a command froze them."""
        return donnees.entrepot().pour(self.ici or "").est_gelee(self.seance)


def choose(*, sans_donnees: bool = False) -> Perimetre:
    """Draw the two selectors and say what is chosen. `sans_donnees`: a séance may be chosen before its data, which
    other pages refuse. Raises `ErreurUtilisateur` when there is no choice."""
    courant = donnees.instantane()
    seance, est_a_venir = select_seance(sans_donnees=sans_donnees)
    # A commune and a bailleur open on their own ICI; for the others the first one will do.
    sien = visiteur.profil().lieu
    depart = donnees.icis_de(courant.identifiant, seance, *sien)[0] if sien else None
    ici = selecteur("ICI", "ici", [*donnees.choix()[1], METROPOLE], depart)
    if est_a_venir and not sans_donnees:
        raise sans_les_siennes(seance)
    return de(seance, ici, [seance] if est_a_venir else ())


def select_seance(*, sans_donnees: bool = False) -> tuple[str, bool]:
    """The séance chosen, and whether it exists before its data: offered where it may be taken (`sans_donnees`), or was
    already. Raises `ErreurUtilisateur` when there is none."""
    seances, _ = donnees.choix()
    if not seances:
        raise ErreurUtilisateur(
            "Le jeu de données publié ne contient aucune attribution : importer la table « attributions » depuis "
            "Préparer › Imports."
        )
    est_tenue = st.session_state.get("seance", st.query_params.get("seance", "")) in ("", *seances)
    a_venir = donnees.a_venir() if sans_donnees or not est_tenue else []
    seance = selecteur("Séance", "seance", [*a_venir, *seances], seances[0])
    return seance, seance in a_venir


def sans_les_siennes(seance: str) -> ErreurUtilisateur:
    """Why a page of figures does not open on a séance that has no data yet."""
    return ErreurUtilisateur(
        f"La séance {seance} n’a pas encore de données, les dernières sont celles de {donnees.choix()[0][0]} : choisir "
        f"cette dernière dans le bandeau, ou préparer la {seance} dans Préparer › Blocages."
    )


def de(seance: str, ici: str, a_venir: Sequence[str] = ()) -> Perimetre:
    """The scope of this séance and this ICI (`METROPOLE`: all of them), for this visitor. Raises `ErreurUtilisateur`
    when the data have neither. `a_venir`: séances taken before their data."""
    seances, icis = donnees.choix()
    if seance not in (*seances, *a_venir) or ici not in (*icis, METROPOLE):
        raise ErreurUtilisateur(
            "Cette séance ou cette ICI n’existe pas dans les données publiées : en choisir une autre."
        )
    choisie = Seance.read(seance)
    dans = tuple(icis.get(ici, ()))
    lieu = None if ici == METROPOLE else ici
    return Perimetre(donnees.instantane(choisie, lieu), choisie, lieu, dans)


def forget(cles: Iterable[str]) -> None:
    """What the session holds of these choices: their address decides again."""
    for cle in cles:
        st.session_state.pop(cle, None)
        st.session_state.pop(_LUE + cle, None)
        st.session_state.pop(_CHOISIE + cle, None)


def selecteur(
    libelle: str, cle: str, options: Options[str], depart: str | None = None, *, se_tape: bool = False
) -> str:
    """One of the choices of the scope. Raises `ErreurUtilisateur` on a link to one that does not exist: nothing else
    opens in its place until somebody chooses; so does one that leaves it empty. `se_tape`: so many that one types to
    find it."""
    demandee = _inconnue(cle, list(options))
    if demandee is None:
        keep(cle, list(options), depart)
        # Keys pressed faster than pages come leave some before they are shown. What is only said once to the browser is
        # lost with them: its list would start from its first choice, and say it. In Salle nobody else chooses in it.
        if visiteur.est_en_salle():
            st.session_state[cle] = st.session_state[cle]
    champ = {"persist_state": "session", "label_visibility": "collapsed", "placeholder": "Choisir"}
    depuis, filtre = 0 if demandee is None else None, "contains" if se_tape else None
    choisie = pick(libelle, cle, options, index=depuis, filter_mode=filtre, **champ)
    if choisie is None:
        article = "L’" if libelle == "ICI" else "La "
        nom = libelle if libelle == "ICI" else libelle.lower()
        if not demandee:
            raise ErreurUtilisateur(f"{article}{nom} reste à choisir dans le bandeau.")
        raise ErreurUtilisateur(
            f"{article}{nom} « {demandee} » que demande le lien n’existe pas dans les données publiées : en choisir "
            "une dans le bandeau."
        )
    st.query_params[cle] = st.session_state[_CHOISIE + cle] = choisie
    return choisie


def _inconnue(cle: str, options: Sequence[Option], adresse: str = "") -> str | None:
    """What the address asks and is none of the options, as long as nobody chose."""
    demandee = st.query_params.get(adresse or cle)
    est_tenue = _LUE + cle in st.session_state or st.session_state.get(cle) is not None
    if demandee is None or est_tenue or demandee in map(str, options):
        return None
    return demandee[:_LONGUEUR_DITE]


def say_inconnue(demandee: str, champ: str = "") -> None:
    """In the field `champ`, where it has one; around the page where its frame listens: a piece of it would lose what it
    says once it is drawn again."""
    avis = (demandee[:_LONGUEUR_DITE], champ)
    if _AVIS in st.session_state:
        st.session_state[_AVIS].append(avis)
    else:
        say_inconnues([avis])


def say_inconnues(avis: Sequence[tuple[str, str]]) -> None:
    """What the link asked and is not there, each with its field or none."""
    champs = [champ for _, champ in avis if champ]
    annonces.refuse(sequence.say_inconnu(*(demandee for demandee, _ in avis), est_remplace=True, champs=champs))


def listen() -> None:
    """From here on, what the page finds wrong in its link is kept for `take_avis`."""
    st.session_state.setdefault(_AVIS, [])


def take_avis() -> list[tuple[str, str]]:
    """What the link asked and is not there, each with its field or none, once the page is drawn."""
    return st.session_state.pop(_AVIS, [])


def keep(
    cle: str, options: Sequence[Option], depart: Option | None = None, adresse: str = "", libelle: str = ""
) -> None:
    """Before a widget of this key, named `libelle`: what the session holds, else the address asks (under `adresse`,
    where that is not its key), else what was chosen last (a page left before it is drawn loses both), else `depart` (or
    the first).

    Written in the address even when it is the default (which `bind="query-params"` would leave out): a link must keep
    its meaning when another séance becomes the default.
    """
    if (inconnue := _inconnue(cle, options, adresse)) is not None:
        say_inconnue(inconnue, libelle)
    st.session_state[_LUE + cle] = True
    valeur = st.session_state.get(cle)
    if valeur not in options:
        demandees = {str(option): option for option in options}
        dites = (st.query_params.get(adresse or cle), st.session_state.get(_CHOISIE + cle))
        valeur = next((demandees[d] for d in dites if d in demandees), options[0] if depart is None else depart)
    elif (adresse or cle) in st.query_params:
        return
    # A page just reached by the agenda: said again, else its widget starts from its first choice the first time.
    st.session_state[cle] = valeur


def hold(cle: str, options: Sequence[str]) -> str | None:
    """A choice of the scope that this page does not offer: what the session holds, else what the address asks, kept in
    both for the page that comes; None when nobody chose, or when there is no such choice, which is said."""
    if (inconnue := _inconnue(cle, options)) is not None:
        say_inconnue(inconnue)
        return None
    tenue = next((v for v in (st.session_state.get(cle), st.query_params.get(cle)) if v in options), None)
    if tenue is not None:  # no widget draws it here: said at each run, else Streamlit drops it
        st.session_state[cle] = st.query_params[cle] = tenue
        st.session_state[_LUE + cle] = True
    return tenue


def montre(nom: str, choisi: Option | None, take: Callable[[Any], None]) -> dict[str, Any]:
    """What a widget needs to show a choice that something else makes too, and to give its own to `take`: another key
    each time something else made it.

    To write in the widget would not do: a request that crosses the answer still says what the browser showed before,
    which is not to be taken for a click. Nor in the session before it is drawn: an answer that crosses the first one
    loses that, and the widget then shows its first option, and sends it. Its caller gives `choisi` as its default.
    """
    rang = st.session_state.setdefault(_RANG + nom, 0)
    if st.session_state.get(f"{nom}_{rang}", choisi) != choisi:
        rang = st.session_state[_RANG + nom] = rang + 1
    cle = f"{nom}_{rang}"

    def change() -> None:
        if st.session_state[_RANG + nom] == rang:
            take(st.session_state[cle])

    return {"key": cle, "on_change": change}


def option(
    libelle: str,
    cle: str,
    options: Options[Option],
    *,
    depart: Option | None = None,
    partout: bool = False,
    en_liste: bool = False,
    **reglages: Any,
) -> Option:
    """One of a few, side by side, or of many `en_liste`; kept in the address, and from page to page when `partout`.

    `libelle` is for screen readers, but in a list; `depart`: the one to begin with; `reglages`: of the widget.
    """
    keep(cle, list(options), depart, libelle=libelle)
    choisie = _draw(libelle, cle, options, partout=partout, en_liste=en_liste, **reglages)
    if choisie is None:  # `keep` gave it something before
        raise ErreurUtilisateur("Le choix de l’écran s’est perdu : recharger la page.")
    write(cle, str(choisie))
    return choisie


def _draw(
    libelle: str, cle: str, options: Options[Option], *, partout: bool, en_liste: bool = False, **reglages: Any
) -> Option | None:
    gardee = {"persist_state": "session"} if partout else {}
    cote_a_cote = {} if en_liste else {"required": True, "label_visibility": "collapsed"}
    widget: Any = st.selectbox if en_liste else st.segmented_control
    choisie: Option | None = widget(
        libelle, list(options), format_func=say(options), key=cle, **{**gardee, **cote_a_cote, **reglages}
    )
    return choisie


def ouverte(libelle: str, cle: str, options: Options[Option]) -> Option | None:
    """The same, kept from page to page; none of a link to what is not there, which is said as long as nobody chose."""
    demandee = _inconnue(cle, list(options))
    if demandee is None:
        return option(libelle, cle, options, partout=True)
    if visiteur.est_en_salle():
        say_inconnue(demandee)
    else:
        annonces.refuse(sequence.say_inconnu(demandee, ou="rien n’est ouvert, choisir ci-dessous"))
    return _draw(libelle, cle, options, partout=True)


def facultative(
    libelle: str, cle: str, options: Options[str], widget: Callable[..., Any] = st.segmented_control, **reglages: Any
) -> str | None:
    """One of them, or none; kept in the address."""
    if cle not in st.session_state and (demandee := st.query_params.get(cle)):
        if demandee in options:
            st.session_state[cle] = demandee
        else:
            say_inconnue(demandee, libelle)
    choisie: str | None = widget(libelle, list(options), format_func=say(options), key=cle, **reglages)
    write(cle, choisie or "")
    return choisie


def pick(
    libelle: str,
    cle: str,
    options: Mapping[T, str] | Sequence[T],
    ou: DeltaGenerator | None = None,
    /,
    **reglages: Any,
) -> Any:
    """One of them for a form, which keeps it nowhere; none before somebody chooses. `ou`: its place."""
    vide = {} if "index" in reglages else {"index": None, "placeholder": "Choisir"}
    return (ou or st).selectbox(libelle, list(options), format_func=say(options), key=cle, **{**vide, **reglages})


def say(options: Mapping[T, str] | Sequence[T]) -> Callable[[T], str]:
    """How each of them is read."""
    return options.__getitem__ if isinstance(options, Mapping) else str


def plusieurs(
    libelle: str, cle: str, options: Mapping[str, str], rien: str = "toutes", au_plus: int | None = None
) -> tuple[str, ...]:
    """Those of a list that are wanted (`au_plus`: how many), none of them being `rien`; kept in the address, joined by
    commas."""
    if cle not in st.session_state:
        demandees = [d for d in st.query_params.get(cle, "").split(",") if d][:au_plus]
        if inconnues := [d for d in demandees if d not in options]:
            say_inconnue(inconnues[0], libelle)
        st.session_state[cle] = demandees
    # What another séance or another profile offered, and this list does not, is no longer chosen. Said where it changes
    # alone: said at each run, it would take back what is chosen meanwhile.
    if any(d not in options for d in st.session_state[cle]):
        st.session_state[cle] = [d for d in st.session_state[cle] if d in options]
    choisies = widgets.plusieurs(
        libelle, list(options), key=cle, format_func=say(options), placeholder=rien, max_selections=au_plus
    )
    retenues = tuple(choisies)
    write(cle, ",".join(retenues))
    return retenues


def write(cle: str, valeur: str) -> None:
    """Keep it in the address; out of it, empty."""
    if valeur:
        st.query_params[cle] = valeur
    else:
        st.query_params.pop(cle, None)
