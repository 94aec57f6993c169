"""The levers that a screen offers for each simulation: bounds, where they rest, how they are said."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape

import streamlit as st

from mel_core.contrat.tables import FRAGILITES
from mel_core.segments import SEGMENTS
from mel_core.segments.regles_segments import A_N_MIN
from mel_core.simulation.programmation import PART_ESSAYEE_MAX
from mel_core.simulation.scenarios.scenario import LEVIERS, GenreDeLevier, Valeur
from mel_core.socle import langue
from pages.commun import choix_perimetre
from pages.commun.levier import Curseur

TITRES = {
    "equilibre": "Équilibre 50/50",
    "aci": "ACI",
    "plan": "Plan d’ensemble",
    "convergence": "Convergence",
    "engagement": "Engagement",
    "programmation": "Programmation",
    "ordonnancement": "Ordonnancement",
}
_PAS_SAISI = 100
_TITRES_SAISIS = {"aci": "Premiers accès attendus par an"}  # the ACI are counted among first accesses
Repos = int | str | bool
Reposer = Callable[[str], int | None]


@dataclass(frozen=True)
class Reglage:
    """A lever on screen. Shares and ratios move in whole per cent. At rest it asks nothing and is left out.

    `repos` is that value, or how to find it (`@equilibre`, `@aci`: the objective in force; `@fragile`, `@attendues`: as
    observed); None: it always counts. `unite`: %, what is counted, or nothing. `est_saisi`: typed, since no slider
    could hold it. `repos_dit`: what a rest that is no share of anything reads (0 % of the flow is not what is left
    alone). `segments`: those whose rule reads it: in another it changes nothing and is not drawn (None: it always
    counts). `est_au_bureau`: moved by whoever reads every row alone: it multiplies counts, and would give those that
    a room is told rounded back.
    """

    nom: str
    repos: Repos | None
    minimum: int = 0
    maximum: int = 100
    unite: str = "%"
    depart: Repos = 50  # where it starts when nothing says where it rests
    est_saisi: bool = False
    repos_dit: str = ""
    segments: frozenset[str] | None = None
    est_au_bureau: bool = False

    def say(self, valeur: int) -> str:
        """What the slider reads."""
        if self.repos_dit and valeur == self.repos:
            return self.repos_dit
        if not self.unite:
            return langue.nombre(valeur)
        return langue.part(Fraction(valeur, 100)) if self.unite == "%" else langue.effectif(valeur, self.unite)

    @property
    def dits(self) -> dict[int, str]:
        """Its values, where they read otherwise than as a share."""
        est_une_part = not self.repos_dit and self.unite == "%"
        return {} if est_une_part else {v: self.say(v) for v in range(self.minimum, self.maximum + 1)}


_CLASSES = tuple(Reglage(f"cible_{c}", "@equilibre") for c in FRAGILITES)
_OBSERVEES = tuple(Reglage(f"cible_{c}", f"@{c}") for c in FRAGILITES)
_HORIZON = Reglage("horizon", 2, 1, 6, "semestre", est_au_bureau=True)
_ATTENDUES = Reglage("attributions_attendues", "@attendues", 0, 100_000, depart=0, est_saisi=True, est_au_bureau=True)
# Answered place by place, or by more levers than counts keep secret: at a desk alone (13h30 has prepared weightings,
# and an engagement by fives).
AU_BUREAU = frozenset({"plan", "engagement", "ordonnancement"})
REGLAGES: dict[str, tuple[Reglage, ...]] = {
    "equilibre": (*_CLASSES, _ATTENDUES, _HORIZON),
    "aci": (Reglage("cible", "@aci"), _ATTENDUES, _HORIZON),
    "plan": (*_CLASSES, Reglage("cible_aci", "@aci"), _ATTENDUES, _HORIZON),
    "convergence": (
        *_OBSERVEES,
        Reglage("horizon", 12, 2, 40, "semestre", est_au_bureau=True),
        Reglage("marge_rotation", 20, 0, 50, est_au_bureau=True),
    ),
    "engagement": (
        Reglage("segment", None, depart="attente_24"),
        Reglage("part", 0, repos_dit="comme aujourd’hui"),
        Reglage("n_min", 2, 2, 4, "passage", segments=A_N_MIN),
    ),
    "programmation": (
        Reglage("part_plai", 0, 0, int(100 * PART_ESSAYEE_MAX), repos_dit="aucune part visée"),
        Reglage("rythme", 100, 25, 300),
        Reglage("lisser", False),
    ),
    "ordonnancement": tuple(
        Reglage(f"poids_{c}", 1 if c == "anciennete" else 0, 0, 10, "")
        for c in ("anciennete", "aci", "poulidor", "mutation_bloquee", "delai_anormal", "attachement", "sur_occupation")
    ),
}


@dataclass(frozen=True)
class Reglages:
    """The levers of a simulation on screen. `fixes`: those that are chosen, typed, or given by a link that no slider
    can hold. `curseurs`: those under the hand, each with where it rests (None: it always counts)."""

    simulation: str
    fixes: dict[str, Valeur]
    curseurs: tuple[tuple[Reglage, Repos | None], ...]

    def leviers(self, valeurs: Sequence[int]) -> dict[str, Valeur]:
        """The levers that are moved, with those under the hand at `valeurs`."""
        lus = dict(self.fixes)
        for (reglage, repos), valeur in zip(self.curseurs, valeurs, strict=True):
            if repos is None or valeur != repos:
                lus[reglage.nom] = _exacte(LEVIERS[self.simulation][reglage.nom].genre, valeur)
        return lus

    def en_piece(self) -> tuple[Curseur, ...]:
        """Those under the hand, as the page moves them."""
        return tuple(
            Curseur(
                cle(self.simulation, reglage.nom),
                langue.capitalize(LEVIERS[self.simulation][reglage.nom].titre),
                int(_depart(reglage, repos)),
                reglage.minimum,
                reglage.maximum,
                dits=reglage.dits,
            )
            for reglage, repos in self.curseurs
        )

    def write(self, valeurs: Sequence[int]) -> None:
        """In the address, what is moved."""
        leviers = self.leviers(valeurs)
        for reglage, _ in self.curseurs:
            if reglage.nom in leviers:
                st.query_params[reglage.nom] = LEVIERS[self.simulation][reglage.nom].write(leviers[reglage.nom])
            else:
                st.query_params.pop(reglage.nom, None)


def du_levier(simulation: str, *, lit_tout: bool) -> tuple[Reglage, ...]:
    """The levers that a simulation offers to whoever reads every row, or to the others."""
    return tuple(r for r in REGLAGES[simulation] if lit_tout or not r.est_au_bureau)


def est_offert(simulation: str, leviers: Collection[str], *, lit_tout: bool) -> bool:
    """Whether a scenario of these levers may be tried."""
    offerts = {r.nom for r in du_levier(simulation, lit_tout=False)}
    return lit_tout or (simulation not in AU_BUREAU and offerts.issuperset(leviers))


def offer(simulation: str, reposer: Reposer, *, lit_tout: bool) -> Reglages:
    """Draw the levers that are chosen or typed, and say those that go under the hand. What the address asks is where
    they start; what no slider can hold (a lever not on screen, a third, twenty semesters) counts as it is written.
    Raises `AppelIncorrect` on what a link says and nobody can read.

    `reposer`: where a lever rests, in per cent; None when nobody knows (the lever then always counts).
    """
    fixes, curseurs = _du_lien(simulation, lit_tout=lit_tout), []
    for reglage in du_levier(simulation, lit_tout=lit_tout):
        levier = LEVIERS[simulation][reglage.nom]
        if reglage.nom in fixes:
            continue
        if reglage.segments is not None and fixes.get("segment") not in reglage.segments:
            st.query_params.pop(reglage.nom, None)
            continue
        repos, nom = _repos(reglage, reposer), cle(simulation, reglage.nom)
        depart, vu = _depart(reglage, repos), f"depart_{nom}"
        if nom not in st.session_state:
            st.session_state[nom] = _de_l_adresse(simulation, reglage, depart)
        elif depart != st.session_state.get(vu, depart) == st.session_state[nom]:
            st.session_state[nom] = (
                depart  # untouched, it follows the place and the séance; never said again for nothing
            )
        st.session_state[vu] = depart
        if not reglage.est_saisi and levier.genre not in (GenreDeLevier.OUI, GenreDeLevier.TEXTE):
            curseurs.append((reglage, repos))
            continue
        valeur = _draw(simulation, reglage)
        if repos is not None and valeur == repos:
            st.query_params.pop(reglage.nom, None)
            continue
        fixes[reglage.nom] = _exacte(levier.genre, valeur)
        st.query_params[reglage.nom] = levier.write(fixes[reglage.nom])
    return Reglages(simulation, fixes, tuple(curseurs))


def _du_lien(simulation: str, *, lit_tout: bool) -> dict[str, Valeur]:
    """The levers that the address holds and no slider can; one that is not offered is not taken."""
    reglables = {r.nom: r for r in REGLAGES[simulation]}
    retenus: dict[str, Valeur] = {}
    for nom, levier in LEVIERS[simulation].items():
        if nom not in st.query_params:
            continue
        valeur = levier.read(st.query_params[nom])
        est_inconnue = levier.genre is GenreDeLevier.TEXTE and valeur not in SEGMENTS
        if est_inconnue or not est_offert(simulation, (nom,), lit_tout=lit_tout):
            choix_perimetre.say_inconnue(str(valeur) if est_inconnue else levier.titre)
            st.query_params.pop(nom)
            continue
        if nom not in reglables or not _tient(reglables[nom], levier.genre, valeur):
            retenus[nom] = valeur
            titre = langue.capitalize(levier.titre)
            st.html(f'<p class="reserve">{escape(titre)} : {escape(levier.say(valeur))} (donné par le lien)</p>')
    return retenus


def _tient(reglage: Reglage, genre: GenreDeLevier, valeur: Valeur) -> bool:
    if genre is GenreDeLevier.TEXTE:
        return valeur in SEGMENTS
    if genre is GenreDeLevier.OUI:
        return True
    entiere = _entiere(genre, valeur)
    return _exacte(genre, entiere) == valeur and reglage.minimum <= int(entiere) <= reglage.maximum


def forget_l_adresse() -> None:
    """No lever in the address any more."""
    for leviers in LEVIERS.values():
        for nom in leviers:
            st.query_params.pop(nom, None)


def au_repos(simulation: str, reposer: Reposer) -> None:
    """Every lever back where nothing is asked."""
    forget_l_adresse()
    for reglage in REGLAGES[simulation]:
        st.session_state[cle(simulation, reglage.nom)] = _depart(reglage, _repos(reglage, reposer))


def place(simulation: str, leviers: Mapping[str, Valeur], reposer: Reposer) -> None:
    """The levers where a scenario has them."""
    au_repos(simulation, reposer)
    reglables = {r.nom: r for r in REGLAGES[simulation]}
    for nom, valeur in leviers.items():
        levier = LEVIERS[simulation][nom]
        if nom in reglables and _tient(reglables[nom], levier.genre, valeur):
            st.session_state[cle(simulation, nom)] = _entiere(levier.genre, valeur)
        else:
            st.query_params[nom] = levier.write(valeur)


def cle(simulation: str, nom: str) -> str:
    return f"simuler_{simulation}_{nom}"


def _repos(reglage: Reglage, reposer: Reposer) -> Repos | None:
    cherche = isinstance(reglage.repos, str) and reglage.repos.startswith("@")
    return reposer(str(reglage.repos)[1:]) if cherche else reglage.repos


def _depart(reglage: Reglage, repos: Repos | None) -> Repos:
    return reglage.depart if repos is None else repos


def _draw(simulation: str, reglage: Reglage) -> Repos:
    levier, nom = LEVIERS[simulation][reglage.nom], cle(simulation, reglage.nom)
    titre = langue.capitalize(levier.titre)
    if levier.genre is GenreDeLevier.OUI:
        return st.checkbox(titre, key=nom, persist_state="session")
    if levier.genre is GenreDeLevier.TEXTE:
        return st.selectbox(
            titre,
            list(SEGMENTS),
            format_func=lambda s: SEGMENTS[s].titre,
            key=nom,
            persist_state="session",
            filter_mode=None,
        )
    titre = _TITRES_SAISIS.get(simulation, titre)
    return st.number_input(titre, reglage.minimum, reglage.maximum, step=_PAS_SAISI, key=nom, persist_state="session")


def _de_l_adresse(simulation: str, reglage: Reglage, depart: Repos) -> Repos:
    """What a link asks, when it reads and stays within bounds; `depart` otherwise."""
    ecrite, levier = st.query_params.get(reglage.nom), LEVIERS[simulation][reglage.nom]
    if ecrite is None:
        return depart
    valeur = levier.read(ecrite)
    return _entiere(levier.genre, valeur) if _tient(reglage, levier.genre, valeur) else depart


def _entiere(genre: GenreDeLevier, valeur: Valeur) -> Repos:
    if genre in (GenreDeLevier.PART, GenreDeLevier.RAPPORT) and isinstance(valeur, Fraction | int):
        return round(100 * valeur)
    if isinstance(valeur, int | str):
        return valeur
    raise TypeError(f"no lever on screen holds a {type(valeur).__name__}")


def _exacte(genre: GenreDeLevier, valeur: Repos) -> Valeur:
    return Fraction(int(valeur), 100) if genre in (GenreDeLevier.PART, GenreDeLevier.RAPPORT) else valeur
