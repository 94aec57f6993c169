"""Who was there and where, told at 10h30 or at the clôture, as the relevé prints it."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from mel_core.droits.actions import Action
from mel_core.seance.coordination import presences
from mel_core.seance.coordination.presences import Presences
from mel_core.socle import langue
from pages.commun import annonces, ecriture, signatures, visiteur, widgets
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import lecture_coordination as lecture

_REFUS = "refus_presences"


def show(choisi: Perimetre, exprimes: Collection[str]) -> None:
    """What was told, then the form."""
    noms, dites = lecture.appellations(choisi), read(choisi)[1]
    st.markdown("#### Présents")
    qui = langue.liste([noms.get(code, code) for code in dites.presents]) or "non notés"
    ou = f" · {dites.lieu}" if dites.lieu else ""
    annonces.note(qui + ou, "blocage")
    ask(choisi, exprimes)


def read(choisi: Perimetre) -> tuple[int, Presences]:
    """See `presences.read`, of the séance on screen."""
    return presences.read(ecriture.journal(), choisi.seance, lecture.require_ici(choisi))


def ask(choisi: Perimetre, exprimes: Collection[str]) -> None:
    """The form for whoever gave a name. `exprimes`: who took a position on a decision, proposed until the first time
    that somebody tells."""
    ici, noms = lecture.require_ici(choisi), lecture.appellations(choisi)
    version, dites = read(choisi)
    annonces.take(_REFUS)
    if not visiteur.may(Action.ACTER_DECISION):
        return
    with st.popover("Noter les présents"):
        if not ecriture.is_signed("noter les présents") or not signatures.ask(choisi.seance, ici, presences.OBJET):
            return
        cles = tuple(f"{champ}_{choisi.seance}_{ici}_{version}" for champ in ("presents", "lieu"))
        proposes = dites.presents if version else exprimes
        offerts = list(dict.fromkeys([*lecture.organisations(choisi), *proposes]))
        st.session_state.setdefault(cles[0], [c for c in offerts if c in proposes])
        widgets.plusieurs("Présents", offerts, key=cles[0], format_func=lambda c: noms.get(c, c))
        st.text_input("Lieu (facultatif)", dites.lieu, key=cles[1], max_chars=120)
        st.button("Garder", key="garder_presents", on_click=_keep, args=(choisi, cles, version))


def _keep(choisi: Perimetre, cles: tuple[str, ...], version: int) -> None:
    """A callback: reads the fields themselves, what is wrong is said on the page."""
    with ecriture.geste(_REFUS, "Les présents viennent d’être notés par ailleurs : les relire, puis corriger."):
        auteur = ecriture.require_auteur(Action.ACTER_DECISION)
        journal, ici = ecriture.journal(), lecture.require_ici(choisi)
        signatures.require(choisi.seance, ici, presences.OBJET)
        presents, lieu = (st.session_state[cle] for cle in cles)
        dites = Presences(choisi.seance, ici, tuple(presents), lieu.strip())
        if (version, dites) == presences.read(journal, choisi.seance, ici):
            return  # nothing new to write
        op_id = journal.op_id_de("presences", str(choisi.seance), ici, version, str(dites.contenu()), auteur.nom)
        presences.record(journal, dites, auteur, op_id=op_id, version_vue=version)
