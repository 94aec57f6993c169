"""What narrows a commune's list: drawn, kept in the address, said in the sentence, taken out at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from mel_core.segments import CHAMPS, Condition, SegmentLibre
from mel_core.segments.listes.suites import CHOIX
from mel_core.socle import langue
from pages.commun import choix_perimetre

LIENS = {
    "": "la souhaitent ou y habitent",
    "souhaitee": "la souhaitent",
    "residence": "y habitent",
}
_ATTENTES = {0: "toutes", **{mois: f"{mois} mois ou plus" for mois in (12, 24, 36, 48, 60)}}
# Field filtered → its title, its key in the address, what it says when nothing is chosen.
_CODES = {
    "typologie": ("Typologies", "liste_typologies", "toutes"),
    "ressources": ("Ressources", "liste_ressources", "toutes"),
    "label": ("Labels, un au moins", "liste_labels", "tous"),
}


@dataclass(frozen=True)
class Filtres:
    """Conditions on the demande, of which its link to the commune (of LIENS); what was noted of it (of `suites.CHOIX`);
    each as the stamp of an export says it."""

    conditions: SegmentLibre
    lien: str
    suite: str
    dits: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.conditions.conditions or self.suite)

    def phrase(self, bailleurs: Mapping[str, str]) -> str:
        """`T4 ou T5, label DALO, suite : à relancer`."""
        dites = [c.phrase(bailleurs) for c in self.conditions.conditions]
        return ", ".join([*dites, f"suite : {CHOIX[self.suite]}"] if self.suite else dites)


def choose(commune: str, nom: str) -> Filtres:
    """The filters of the list of `commune`, in a row of the screen."""
    lien = choix_perimetre.option("Ménages qui", "liste_lien", LIENS, en_liste=True)
    codes = {
        champ: choix_perimetre.plusieurs(titre, cle, CHAMPS[champ].libelles or {}, rien)
        for champ, (titre, cle, rien) in _CODES.items()
    }
    mois = choix_perimetre.option("Attente", "liste_attente", _ATTENTES, en_liste=True)
    suite = choose_suite()
    conditions = [Condition(champ, "parmi", choisis) for champ, choisis in codes.items() if choisis]
    if mois:
        conditions.append(Condition("anciennete_mois", "au_moins", mois))
    if lien:
        conditions.append(Condition(f"commune_{lien}", "parmi", (commune,)))
    dits = {
        "Ménages": f"{LIENS[lien]} : {nom}",
        **{
            titre: langue.liste([CHAMPS[champ].mots(code) for code in codes[champ]]) or rien
            for champ, (titre, _, rien) in _CODES.items()
        },
        "Attente": _ATTENTES[mois],
        "Suite": CHOIX[suite],
    }
    return Filtres(SegmentLibre(tuple(conditions)), lien, suite, tuple(dits.items()))


def choose_suite() -> str:
    """Of `suites.CHOIX`."""
    return choix_perimetre.option("Suites", "liste_suite", CHOIX, en_liste=True, filter_mode=None)


def take_out() -> None:
    """A callback: the whole segment again."""
    vides: dict[str, list[str]] = {cle: [] for _, cle, _ in _CODES.values()}
    st.session_state.update({"liste_lien": "", "liste_attente": 0, "liste_suite": "", **vides})
