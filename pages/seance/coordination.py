"""10h30 Coordination, « échanges sur les blocages »: an item at a time, its timer, its evidence, the decision acted
together; « ce qui fonctionne » and testimonies, kept for the relevé."""

from __future__ import annotations

import time
from collections import Counter
from functools import partial
from html import escape
from textwrap import shorten

import streamlit as st

from mel_core.droits.actions import Action
from mel_core.seance.coordination import Pratique, blocages, decisions, presences
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.coordination.blocages import Lu
from mel_core.seance.coordination.presences import GenrePratique
from mel_core.secret.bail import reader
from mel_core.socle import langue
from pages.adaptateur.incidents import fragment
from pages.commun import annonces, cadre, choix_perimetre, ecriture, entete, signatures, visiteur
from pages.commun.brouillon import Saisie, brouillon
from pages.commun.choix_perimetre import Perimetre
from pages.commun.coordination import acte_decision, acte_presences, preuves
from pages.commun.coordination import lecture_coordination as lecture

MINUTES, MINUTES_MAX = 90, 20
LARGEUR_MAX = 36  # signs of an item in the strip of the agenda: cut between two words
CE_QUI_FONCTIONNE = "fonctionne"
_REFUS = "refus_pratique"
_OUBLI_S = 4 * 3600  # longer than a séance: what was rehearsed in the same tab does not count
_SCRIPT = """<script>
(() => {
  // Kept by the tab: a page that is loaded again forgets when the item was opened.
  const debut = ({ point, debut, relance, oubli }) => {
    const cle = `minuteur ${point}`, connu = Number(sessionStorage.getItem(cle));
    const retenu = Math.max(Number(relance), Date.now() / 1000 - connu < Number(oubli) ? connu : Number(debut));
    sessionStorage.setItem(cle, retenu);
    return retenu;
  };
  const dire = () => {
    const n = document.querySelector('#minuteur');
    if (!n) { clearInterval(window.minuteurIci); return; }
    const s = Math.max(0, Math.floor(Date.now() / 1000 - debut(n.dataset)));
    const deux = (x) => String(x).padStart(2, '0');
    n.querySelector('b').textContent = deux(Math.floor(s / 60)) + ':' + deux(s % 60);
    n.querySelector('i').textContent = s > Number(n.dataset.prevu) ? 'temps dépassé' : '';
  };
  clearInterval(window.minuteurIci);
  window.minuteurIci = setInterval(dire, 1000);
  dire();
})();
</script>"""


def show_minuteur(cle: str, minutes: int) -> None:
    """Time spent on the item `cle` since this tab opened it, beside the `minutes` planned for it."""
    debut = st.session_state.setdefault(f"debut_{cle}", time.time())
    relance = st.session_state.get(_relance(cle), 0)
    st.html(
        f'<p id="minuteur" class="minuteur" role="timer" data-point="{cle}" data-debut="{debut:.0f}"'
        f' data-relance="{relance:.0f}" data-oubli="{_OUBLI_S}" data-prevu="{60 * minutes}">'
        f"<b>00:00</b> sur {minutes}{langue.INSECABLE}min <i></i></p>{_SCRIPT}",
        unsafe_allow_javascript=True,
    )


def restart(cle: str) -> None:
    st.session_state[_relance(cle)] = time.time()


def _relance(cle: str) -> str:
    return f"relance_{cle}"


@fragment
def show_pratiques(choisi: Perimetre, agenda: str) -> None:
    """What was told today, then the form. `agenda`: where 10h30 stands."""
    ici, noms = lecture.require_ici(choisi), lecture.organisations(choisi)
    dites = presences.find_pratiques(ecriture.journal(), seance=str(choisi.seance), ici=ici)
    annonces.message(phrases.ce_qui_fonctionne(choisi.ici_dite, len(dites)))
    st.markdown(langue.typeset(agenda))
    for _, p in dites:
        pourquoi = f" <span>Pourquoi : {escape(p.pourquoi)}</span>" if p.pourquoi.strip() else ""
        st.html(
            f'<p class="blocage"><strong>{p.genre.titre}</strong>, {escape(noms.get(p.organisation, p.organisation))}'
            f" : {escape(p.texte)}{pourquoi}</p>"
        )
    if not visiteur.may(Action.NOTER_PRATIQUE) or not ecriture.ask_auteur():
        return
    if not signatures.ask(choisi.seance, ici, presences.PRATIQUE):
        annonces.take(_REFUS, annonces.refuse_geste)
        return
    saisie = brouillon(Action.NOTER_PRATIQUE, presences.PRATIQUE)
    un, deux, trois = st.columns([0.2, 0.4, 0.4])
    saisie.choix("Genre", {str(g): g.titre for g in GenrePratique}, "genre", str(GenrePratique.PRATIQUE), ou=un)
    if visiteur.may(Action.SIGNALER_POUR_AUTRUI):
        # A draft begun in another ICI holds who is not of this one.
        nommes = lecture.appellations(choisi)
        saisie.choix("Qui", list(noms), "organisation", format_func=lambda c: nommes.get(c, c), ou=un)
    saisie.paragraphe("Ce qui fonctionne", "texte", height=100, ou=deux)
    saisie.paragraphe("Pourquoi (facultatif)", "pourquoi", height=100, ou=trois)
    saisie.etat()
    annonces.take(_REFUS, annonces.refuse_geste)
    st.button("Noter", key="noter_pratique", on_click=_note, args=(saisie, choisi))


def _note(saisie: Saisie, choisi: Perimetre) -> None:
    """A callback: what is wrong is said, nothing typed is lost."""
    if saisie.est_partie:
        return
    with ecriture.geste(_REFUS):
        c = saisie.take()
        auteur, ici = ecriture.require_auteur(Action.NOTER_PRATIQUE), lecture.require_ici(choisi)
        signatures.require(choisi.seance, ici, presences.PRATIQUE)
        autrui = c.get("organisation") if visiteur.may(Action.SIGNALER_POUR_AUTRUI) else ""
        pratique = Pratique(
            choisi.seance,
            ici,
            autrui or auteur.organisation,
            c.get("texte") or "",
            c.get("pourquoi") or "",
            GenrePratique(c.get("genre") or GenrePratique.PRATIQUE),
        )
        saisie.send(partial(presences.record_pratique, ecriture.journal(), pratique, auteur))


def page() -> None:
    st.html(lecture.STYLE)
    choisi = entete.choose()
    lus = blocages.find_all(ecriture.journal(), seance=str(choisi.seance), ici=lecture.require_ici(choisi))
    points = blocages.ordre_du_jour(lus)
    courant = choose(points, choisi)
    if point := {p[0].identifiant: (p, membres) for p, membres in points}.get(courant or ""):
        show_point(*point, choisi, len(points))
    elif courant or visiteur.est_en_salle():
        say_l_ordre_du_jour(points, choisi)


def choose(points: list[tuple[Lu, list[Lu]]], choisi: Perimetre) -> str | None:
    """The agenda as a strip; the item on screen is in the address."""
    par_nom = {p[0].identifiant: (p, membres) for p, membres in points}
    options = [*par_nom, CE_QUI_FONCTIONNE]
    sujets = {cle: _court(lecture.sujet(blocage, choisi)) for cle, ((_, blocage), _) in par_nom.items()}
    freres, qui = Counter(sujets.values()), lecture.appellations(choisi)

    def name(option: str) -> str:
        if option == CE_QUI_FONCTIONNE:
            return "Ce qui fonctionne"
        (fiche, blocage), _ = par_nom[option]
        decide = {"actée": " ✓", "renvoyée": " (renvoyé)"}.get(acte_decision.ou_en_est(fiche), "")
        # What is of the same place and of the same people is told apart by what the room reads of it.
        dite = _court(phrases.dit(blocage, qui).removesuffix("."))
        suite = f" : {dite}" if freres[sujets[option]] > 1 else ""
        return langue.typeset(f"{options.index(option) + 1}. {sujets[option]}{suite}{decide}")

    nommes = {option: name(option) for option in options}
    return choix_perimetre.ouverte("Ordre du jour", "point", nommes)


def _court(texte: str) -> str:
    return shorten(texte, LARGEUR_MAX, placeholder="…").replace(",…", "…")


def say_l_ordre_du_jour(points: list[tuple[Lu, list[Lu]]], choisi: Perimetre) -> None:
    """What works, and where the agenda stands."""
    renvoyes = sum(acte_decision.ou_en_est(p[0]) == "renvoyée" for p, _ in points)
    laisses = decisions.sans_decision(ecriture.journal(), choisi.seance, lecture.require_ici(choisi))
    show_pratiques(choisi, phrases.ordre_du_jour(choisi.ici_dite, len(points), renvoyes, len(laisses)))


def show_point(porteur: Lu, membres: list[Lu], choisi: Perimetre, n_points: int) -> None:
    """One item: the message, the evidence, the decision."""
    fiche, blocage = porteur
    noms = lecture.appellations(choisi)
    with st.container(horizontal=True, key="entete", vertical_alignment="center"):
        cadre.etat(cadre.CONSTAT, choisi.precision)
        if not choisi.est_gelee:  # else it was held
            show_minuteur(fiche.identifiant, min(MINUTES_MAX, max(1, MINUTES // n_points)))
            st.button("Relancer", key="relancer", on_click=restart, args=(fiche.identifiant,))
    annonces.message(preuves.message(choisi, blocage))
    gauche, droite = st.columns([0.5, 0.5], gap="large")
    with gauche:
        for dit in phrases.signalements([b for _, b in (porteur, *membres)], noms, lit_tout=reader().lit_tout):
            annonces.note(dit, "signale")
        if laissees := decisions.say_laissee(ecriture.journal(), porteur, noms):
            with cadre.detail("laissee"):
                for dit in laissees:
                    annonces.note(dit)
        preuves.show(choisi, blocage)
    with droite, st.container(key="decision"):
        est_signee, peut_acter = ecriture.est_nomme(), visiteur.may(Action.ACTER_DECISION)
        if peut_acter and not est_signee:
            ecriture.ask_auteur()
        est_signable = signatures.en_vigueur(choisi.seance, lecture.require_ici(choisi)) is None
        if peut_acter and est_signee and est_signable and not acte_presences.read(choisi)[1].presents:
            acte_presences.ask(choisi, ())
        acte_decision.decide(choisi, fiche, blocage)
        if peut_acter and est_signee:  # once known, the name leaves its place to the decision
            ecriture.ask_auteur()


page()
