"""Who was there and where, as the relevé prints it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import streamlit as st

from mel_core.droits.actions import Action
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.coordination import presences
from mel_core.seance.coordination.presences import Presences
from mel_core.socle import langue
from pages.commun import annonces, ecriture, signatures, visiteur, widgets
from pages.commun.brouillon import Saisie
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import lecture_coordination as lecture

_REFUS = "refus_presences"


def show(choisi: Perimetre, exprimes: Collection[str]) -> None:
    """What was told, then the form."""
    noms, dites = lecture.appellations(choisi), read(choisi)[1]
    st.markdown("#### Présents")
    qui = langue.liste([noms.get(code, code) for code in dites.presents]) or "non notés"
    ou = f" · {dites.lieu}" if dites.lieu else ""
    excuses = langue.liste([noms.get(code, code) for code in dites.excuses_absents])
    annonces.note(f"{qui}{ou}{f' · excusés : {excuses}' if excuses else ''}", "blocage")
    hors = [noms.get(c, c) for c in exprimes if dites.presents and c not in dites.presents]
    annonces.note(phrases.say_hors_presents(hors))
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
    # Drawn once it is open: fields that nobody has seen start empty for the browser at the next run, and are kept so.
    if (volet := widgets.volet("Noter les présents", "noter_presents")) is None:
        return
    with volet:
        if not ecriture.is_signed("noter les présents") or not signatures.ask(choisi.seance, ici, presences.OBJET):
            return
        # Until somebody tells, who is proposed follows the positions: another draft for other positions.
        proposes = dites.presents or exprimes
        offerts = list(dict.fromkeys([*lecture.organisations(choisi), *proposes, *dites.excuses]))
        depart = {"presents": [c for c in offerts if c in proposes], "excuses": list(dites.excuses), "lieu": dites.lieu}
        identifiant = ecriture.journal().op_id_de("presents", str(choisi.seance), ici, version, depart)
        saisie = Saisie(Action.ACTER_DECISION, "brouillon-presence", identifiant, depart)
        dits = {"format_func": lambda c: noms.get(c, c), "placeholder": "Personne"}
        saisie.plusieurs("Présents", offerts, "presents", **dits)
        saisie.plusieurs("Excusés", offerts, "excuses", **dits)
        saisie.texte("Lieu (facultatif)", "lieu", max_chars=120)
        saisie.etat()
        st.button("Garder", key="garder_presents", on_click=_keep, args=(choisi, saisie, version))


def _keep(choisi: Perimetre, saisie: Saisie, version: int) -> None:
    """A callback: what is wrong is said on the page."""
    with ecriture.geste(_REFUS, "Les présents viennent d’être notés par ailleurs : les relire, puis corriger."):
        auteur = ecriture.require_auteur(Action.ACTER_DECISION)
        journal, ici = ecriture.journal(), lecture.require_ici(choisi)
        signatures.require(choisi.seance, ici, presences.OBJET)
        c, avant = saisie.take(), presences.read(journal, choisi.seance, ici)
        dites = replace(avant[1], presents=tuple(c["presents"]), excuses=tuple(c["excuses"]), lieu=c["lieu"].strip())
        if (version, dites) == avant:
            return  # nothing new to write
        op_id = journal.op_id_de("presences", str(choisi.seance), ici, version, str(dites.contenu()), auteur.nom)
        presences.record(journal, dites, auteur, op_id=op_id, version_vue=version)
