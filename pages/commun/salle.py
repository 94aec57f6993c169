"""Salle: what is projected. One message a screen, walked by the two keys of a presenter's remote; the rest leaves.

The message on screen is in the address, so that a reload, a closed lid or a server that starts again finds it. Keys and
strip are in the page (static/adaptateur/salle.js), sizes in salle.css: one letter is 2.5 % of the height of the image.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from mel_core.indicateurs.catalogue import MESURES
from mel_core.seance import sequence
from mel_core.seance.sequence import Message
from mel_core.secret.bail import SALLE
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from pages.adaptateur import vivant
from pages.commun import cadre, choix_perimetre, donnees, messages, visiteur
from pages.commun.choix_perimetre import METROPOLE, Perimetre
from pages.commun.messages import COURANT, DU_PERIMETRE
from pages.commun.mesures.lecture_bilan import EQUILIBRE
from pages.commun.navigation import PROJETEES

_STYLE = Path(__file__).with_name("salle.css")
_A_DES_PROMESSES = ("introduction", "orientations")  # as a card has: what was promised is exact
_LIEUX = ("lieu", "fiche")  # of the address: a place beside the sequence
_CLE, _LAISSEES, _AVIS, _PERDU = "salle", "salle_adresses_laissees", "salle_avis", "message_perdu"
_DERNIER = "salle_message"  # of the session: the message that was on screen last
_MONTRE = "salle_message_montre"  # drawn, and not left since
_DEPUIS = "depuis"  # of the address: the ICI and the message left for another, which has a sequence of its own
_composant = vivant.composant("salle", "adaptateur")


def est_projetee(adresse: str) -> bool:
    """Whether this page is one that the room sees: whoever has still to log in sees the way to."""
    est_connu = visiteur.est_connecte() or visiteur.est_repetition()
    return est_connu and adresse in PROJETEES and visiteur.est_en_salle()


def install() -> None:
    with st.container(key="style_salle"):
        st.html(_STYLE)


def open_day(pages: Mapping[str, st.Page]) -> None:
    """For whoever just passed into Salle: the message that this session left, else the first of the day; where the
    address names one, it is there."""
    choisi = _perimetre()
    suite = {m.cle: m for m in messages.read(choisi)} if choisi else {}
    if not suite or st.query_params.get(COURANT) in suite:
        return
    vise = suite.get(st.session_state.get(_DERNIER, ""), next(iter(suite.values())))
    _go(pages, vise.page, st.session_state.get(_LAISSEES, {}).get(vise.cle) or vise.parametres, vise.cle)


def walk(page: str, pages: Mapping[str, st.Page]) -> None:
    """Open what a key asked for, on `page`: a message, or a commune or a measure beside the sequence."""
    demande = vivant.dit(_CLE, "aller")
    if not isinstance(demande, str):
        return
    st.session_state.pop(_AVIS, None)
    choisi = _perimetre()
    if choisi is None:
        return
    courant = st.query_params.get(COURANT, "")
    suite = {m.cle: m for m in messages.read(choisi)}
    if courant in suite and _est_sur(page, suite[courant]):
        _leave(courant)
    objectif = st.query_params.get("objectif", "")
    suivi = objectif if objectif in MESURES and MESURES[objectif].a_une_carte else EQUILIBRE
    quoi, _, code = demande.partition(":")
    depuis = st.query_params.get(_DEPUIS, "")
    est_un_message = courant in suite and (not depuis or _est_sur(page, suite[courant]))
    reste = {_DEPUIS: depuis} if depuis else {}
    quitte = {_DEPUIS: f"{choisi.ici or METROPOLE}/{courant}"} if est_un_message else reste
    if quoi == "message" and (vise := suite.get(code)) is not None:
        _go(pages, vise.page, st.session_state.get(_LAISSEES, {}).get(code) or dict(vise.parametres), code)
    elif quoi == "lieu" and code in (*choisi.communes, *_quartiers(choisi)):
        _go(pages, "bilan", {"objectif": suivi, "lieu": code, **reste}, courant)
    elif quoi == "fiche" and code in choisi.fiches:
        _go(pages, "bilan", {"objectif": suivi, "fiche": code, **reste}, courant)
    elif quoi == "ici" and code in (*donnees.choix()[1], METROPOLE):
        _go(pages, "bilan", {"ici": code, "objectif": objectif or EQUILIBRE, **quitte}, "")
    elif quoi == "retour" and (quittee := _left(choisi)):
        ici, message = quittee
        tenue = st.session_state.get(_LAISSEES, {}).get(message.cle) or message.parametres
        _go(pages, message.page, {"ici": ici, **tenue}, message.cle)
    elif demande in (ailleurs := _beside(choisi)):
        _, _, autre, parametres = ailleurs[demande]
        est_d_ailleurs = "ici" in parametres  # another ICI has another sequence
        suites = quitte if est_d_ailleurs else reste
        _go(pages, autre, {**parametres, **suites}, "" if est_d_ailleurs else courant)


def _leave(courant: str) -> None:
    """A message is found again as it was left: its lever, its steps. The last step may have come with the key, before
    its piece of the page wrote it in the address: the session has it.

    What is asked again, by a browser that saw no answer yet, bears the address of before: the message is left already.
    """
    if st.session_state.pop(_MONTRE, "") != courant:
        return
    laissees = st.session_state.setdefault(_LAISSEES, {})
    propres = {n: v for n, v in st.query_params.items() if n not in (*DU_PERIMETRE, COURANT)}
    pas = {n: str(tenu) for n in propres if isinstance(tenu := st.session_state.get(n), int)}
    laissees[courant] = propres | pas


def _left(choisi: Perimetre) -> tuple[str, Message] | None:
    """The ICI and the message that the address says were left for another; None where it says none that exists."""
    ici, _, cle = st.query_params.get(_DEPUIS, "").partition("/")
    if ici not in (*donnees.choix()[1], METROPOLE):
        return None
    d_avant = messages.read(choix_perimetre.de(str(choisi.seance), ici))
    return next(((ici, m) for m in d_avant if m.cle == cle), None)


def _go(pages: Mapping[str, st.Page], page: str, parametres: Mapping[str, str], message: str) -> None:
    garde = {nom: st.query_params[nom] for nom in DU_PERIMETRE if nom in st.query_params}
    # The picture too, which the page that is left may not have: it outlives its page.
    choix_perimetre.forget({*st.query_params, *parametres, "coupe"} - {*DU_PERIMETRE, COURANT})
    adresse = {**garde, **parametres, **({COURANT: message} if message else {})}
    for nom in ("seance", "ici"):  # said again, else the selectors of the page that comes start from their first choice
        st.session_state[nom] = adresse[nom]
    st.switch_page(pages[page], query_params=adresse)


def strip(page: str) -> None:
    """Under everything: the slot, where one is, what comes next; and the keys. To be called once the page is drawn: it
    is about the scope that the page holds."""
    choisi = _perimetre()
    suite = messages.read(choisi) if choisi else ()
    courant = _courant(page, suite)
    creneau, est_fiche = cadre.creneau(page), page == "bilan" and "fiche" in st.query_params
    quittee = _left(choisi) if choisi else None
    dits: dict[str, Any] = {
        "courant": courant.cle if courant else "",
        "estDetour": courant is not None and not _est_sur(page, courant),
        "retour": quittee[1].titre if quittee else "",
        # A place is asked for in any slot, of any ICI.
        "creneau": f"Fiche · {choisi.ici or 'Métropole'}" if est_fiche and choisi else str(creneau),
        "fin": f"{creneau.fin:%H:%M}" if creneau.fin else "",
        "debut": f"{creneau.debut:%H:%M}" if creneau.debut else "",
        "messages": [_dit(m) for m in suite],
        "donnees": _donnees(choisi, page) if choisi else ["", ""],
        "avis": _avis(page),
        "lieux": [(code, nom, coupe.capitalize()) for code, (coupe, nom) in choisi.fiches.items()] if choisi else [],
        "ailleurs": _elsewhere(choisi) if choisi else [],
        **(_ways(page, choisi, courant) if choisi else {"dessous": [], "dessus": ""}),
    }
    if courant:
        st.query_params[COURANT] = st.session_state[_DERNIER] = st.session_state[_MONTRE] = courant.cle
    _composant(key=_CLE, data=vivant.octets(dits), on_aller_change=lambda: None)


def _donnees(choisi: Perimetre, page: str) -> list[str]:
    """What the figures on screen are, always in sight: fictitious or not, their vintage, how they are rounded where
    they are."""
    fictives = "DONNÉES FICTIVES" if choisi.instantane.nature == visiteur.FICTIVE else "Données"
    est_fiche = "fiche" in st.query_params
    a_des_promesses = page in _A_DES_PROMESSES or est_fiche
    promesses = " sauf les promesses" if a_des_promesses else ""
    arrondies = "" if cadre.est_hors_regle(page) else f", arrondies à {SALLE.regle.base}{promesses}"
    # Of a card, the way back to the message that was left takes its place.
    provisoire = ", périmètre provisoire" if choisi.ici and not est_fiche else ""
    return [fictives, langue.typeset(f"du {langue.jour(choisi.instantane.publie_le)}{arrondies}{provisoire}")]


def _dit(message: Message) -> dict[str, str]:
    creneau = cadre.creneau(message.page)
    return {
        "cle": message.cle,
        "titre": message.titre,
        "heure": creneau.heure or creneau.titre,
        "raison": message.raison,
        "question": message.question,
    }


def _courant(page: str, suite: tuple[Message, ...]) -> Message | None:
    """The message that the address names, else the first one that it shows, else the first of its slot."""
    du_creneau = [m for m in suite if m.page == page]
    nomme = [m for m in suite if m.cle == st.query_params.get(COURANT)]
    montres = [m for m in du_creneau if _est_sur(page, m)]
    return next(iter([*nomme, *montres, *du_creneau]), None)


def check_link() -> None:
    """At a desk too, a link to a message that the sequence does not hold says so, as long as the address asks it."""
    demande = st.query_params.get(COURANT, "")
    if _PERDU not in st.session_state:
        choisi = _perimetre() if demande else None
        est_perdu = choisi is not None and demande not in {m.cle for m in messages.read(choisi)}
        st.session_state[_PERDU] = demande if est_perdu else ""
    if demande and demande == st.session_state[_PERDU]:
        choix_perimetre.say_inconnue(demande)


def _avis(page: str) -> str:
    """What is said of a link to what does not exist. Said at each run until a key leads elsewhere: the browser may
    never show the first one."""
    if demandees := choix_perimetre.take_avis():
        st.session_state[_AVIS] = page, sequence.say_inconnu(demandees[0][0])
    sur, dit = st.session_state.get(_AVIS, ("", ""))
    return str(dit) if sur == page else ""


def _est_sur(page: str, message: Message) -> bool:
    """Whether the page shows this message: its own parameters, and no commune that it does not name."""
    adresse = st.query_params
    memes = all(adresse.get(nom) == valeur for nom, valeur in message.parametres.items())
    return page == message.page and memes and all(nom in message.parametres for nom in _LIEUX if nom in adresse)


def _perimetre() -> Perimetre | None:
    """The scope that the address says; None until a page has written it, when it does not exist, or when this visitor
    may not read it: its page says why."""
    seance, ici = (st.query_params.get(nom, "") for nom in ("seance", "ici"))
    publie = donnees.entrepot().instantane()
    if publie is None or not visiteur.est_admis(publie):
        return None
    try:
        return choix_perimetre.de(seance, ici)
    except ErreurUtilisateur:
        return None


def _ways(page: str, choisi: Perimetre, courant: Message | None) -> dict[str, Any]:
    """`dessous`: where one may go down from here, as what is asked of `walk` and the name that is read; `dessus`: the
    way back up, empty at the top. Métropole → ICI → commune → quartier."""
    code = next((st.query_params[nom] for nom in _LIEUX if page == "bilan" and nom in st.query_params), "")
    quartiers = _quartiers(choisi)
    if code in quartiers:
        return {"dessous": [], "dessus": f"lieu:{quartiers[code][0]}"}
    if code:
        siens = [[f"lieu:{quartier}", nom] for quartier, (commune, nom) in quartiers.items() if commune == code]
        return {"dessous": siens, "dessus": f"message:{courant.cle}" if courant else ""}
    if choisi.ici is None:
        icis = donnees.choix()[1]
        return {"dessous": [[f"ici:{ici}", ici] for ici in icis], "dessus": ""}
    communes = [[f"lieu:{commune}", nom] for commune, nom in choisi.communes.items()]
    return {"dessous": communes, "dessus": f"ici:{METROPOLE}"}


def _quartiers(choisi: Perimetre) -> dict[str, tuple[str, str]]:
    """Code → commune and name of the quartiers of the scope."""
    table = donnees.lieux(*choisi.cle, "quartier").dropna(subset="nom")
    dedans = table[table["commune"].isin(choisi.communes)].sort_values("nom")
    return dict(zip(dedans["code"], zip(dedans["commune"], dedans["nom"], strict=True), strict=True))


def _elsewhere(choisi: Perimetre) -> list[list[str]]:
    """The Métropole and the other ICI, then what stands beside the sequence: what is asked of `walk`, its kind and how
    it is read."""
    tous = {METROPOLE: f"Métropole ({METROPOLE})"} | {ici: ici for ici in donnees.choix()[1]}
    autres = [[f"ici:{code}", "Périmètre", dit] for code, dit in tous.items() if code != (choisi.ici or METROPOLE)]
    return [*autres, *([quoi, *dits[:2]] for quoi, dits in _beside(choisi).items())]


def _beside(choisi: Perimetre) -> dict[str, tuple[str, str, str, dict[str, str]]]:
    """What a room may ask beside the sequence, by what is asked of `walk`: its kind, its title, its page and what the
    address says: a measure of the bilan, what is followed, a territoire, a commune of another ICI."""
    mesures = {f"mesure:{c}": ("Mesure", m.titre, "bilan", {"objectif": c}) for c, m in MESURES.items()}
    geographie = donnees.communes(*choisi.cle)
    voisines = geographie[~geographie["commune"].isin(choisi.communes) & geographie["ici"].notna()]
    territoires = sorted(geographie.loc[geographie["commune"].isin(choisi.communes), "territoire"].dropna().unique())
    return {
        **mesures,
        "suivi:typologies": ("Suivre", "Typologies de communes", "fragilite", {"carte": "commune"}),
        "suivi:quartiers": ("Suivre", "Quartiers fragiles", "fragilite", {"carte": "quartier"}),
        "suivi:accueil": ("Suivre", "Accueil", "accueil", {}),
        **{f"territoire:{t}": ("Territoire", t, "bassins", {"territoire": t}) for t in territoires},
        **{
            f"voisine:{x.commune}": (x.ici, x.nom, "bilan", {"objectif": EQUILIBRE, "ici": x.ici, "fiche": x.commune})
            for x in voisines.itertuples()
        },
    }
