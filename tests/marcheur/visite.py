"""One visitor of the application: opens, plays, reloads, follows a link, and notes what should not be seen."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.secrets import Secrets
from streamlit.testing.v1 import AppTest

from mel_core.droits.acces import Profil, TypeProfil
from pages.commun import navigation
from pages.commun.emplacement import RACINE
from tests.marcheur.chemins import PAS_MAX, Carnet, Chemin, formes, sans_rang
from tests.marcheur.fautes import INCIDENT, Faute, Incidents, of_texts
from tests.marcheur.fichiers import FICHIERS
from tests.marcheur.gestes import Volet, filled, give, held, playable
from tests.marcheur.liens import SITUENT, chosen, filters_unsaid, said, unnamed
from tests.marcheur.lus import Texte, textes
from tests.marcheur.magasins import ENTIERS, reel_connecte
from tests.marcheur.servi import A_EMPORTER, COOKIES, log_in
from tests.marcheur.sondes import COURUS

_NOMS = {navigation.fichier(adresse): adresse for adresse in navigation.PAGES}
PAGES = tuple(sorted(_NOMS))
PROFILS = {
    "co-pilote": Profil(TypeProfil.COPILOTE),
    "animateur": Profil(TypeProfil.ANIMATEUR),
    "Roubaix": Profil(TypeProfil.COMMUNE, "59512"),
    "Lille": Profil(TypeProfil.COMMUNE, "59350"),
    "bailleur B1": Profil(TypeProfil.BAILLEUR, "B1"),
    "Action Logement": Profil(TypeProfil.RESERVATAIRE, "COLACT"),
}
# Who logs in to a store of real data, by the name of a profile; an animateur is not in the register.
_ORGANISATIONS = [
    {"compte": f"https://id.example {nom}", "profil": str(p.type), "code": p.code}
    for nom, p in PROFILS.items()
    if p.code
]
SECRETS = {
    "auth": {"cookie_secret": "essai"},
    "habilitations": {"copilotes": ["https://id.example co-pilote"], "organisations": _ORGANISATIONS},
}
ONGLET = ("essai", "page", "volets", "lus", "jouables", "remplis", "donnes")  # what a tab of the browser holds


@contextmanager
def _secrets_of(essai: AppTest) -> Iterator[None]:
    """Those that the server has while a page runs; AppTest takes them away between two runs."""
    avant = st.secrets
    if essai.secrets:
        st.secrets = Secrets()
        st.secrets._secrets = essai.secrets
    try:
        yield
    finally:
        st.secrets = avant


class Visite:
    """`carnet` gets each fault, and knows what all visits played; `pas` remembers what this one did."""

    def __init__(self, magasin: str, carnet: Carnet, incidents_vus: Incidents) -> None:
        self.magasin = magasin
        self.carnet = carnet
        self.pas: list[str] = []
        self.page = PAGES[0]
        self.profil = "co-pilote"
        self.auteur = ""
        self.lus: list[Texte] = []
        self.incidents = incidents_vus
        self.volets: dict[str, WidgetState] = {}
        self.autre: dict[str, Any] = {}
        self.jouables: list[Any] = []  # what can be played of the page
        self.remplis: dict[str, list[list[Any]]] = {}  # fields by the button that sends them
        self.donnes: dict[tuple[str, ...], str] = {}  # what each field was given since the last click
        self.apportes: list[Any] = []  # what the last move brought
        self.envoi = WidgetStates()  # what the browser sent last
        self.essai = self._session({})

    @property
    def nom(self) -> str:
        return _NOMS[self.page]

    @property
    def adresse(self) -> dict[str, str]:
        """What the address says; the first value of what it says twice."""
        return {c: v[0] if isinstance(v, list) else v for c, v in dict(self.essai.query_params).items() if v}

    @property
    def est_refusee(self) -> bool:
        return any(t.refus for t in self.lus)

    @property
    def est_cassee(self) -> bool:
        return bool(self.essai.exception) or any(INCIDENT in t.dit for t in self.lus)

    def cle(self, widget: Any) -> tuple[str, ...]:
        """What a widget is, on whatever line of whatever page."""
        return self.nom, widget.type, sans_rang(str(widget.key or widget.label))

    @property
    def lieu(self) -> tuple[str, ...]:
        """Where what was played elsewhere may do something else: another ICI, or a store where not everything is."""
        return str(self.magasin in ENTIERS), self.adresse.get("ici", "")

    def _session(self, adresse: dict[str, Any]) -> AppTest:
        if self.lus:
            self.autre = {nom: getattr(self, nom) for nom in ONGLET}
        self.volets, self.donnes = {}, {}
        self.chemin: Chemin | None = Chemin(self.magasin, self.profil, self.auteur, self.page, adresse)
        essai = AppTest.from_file(RACINE / "app.py", default_timeout=60)
        essai.query_params.update(adresse)
        essai.session_state["profil_repete"] = PROFILS[self.profil]
        if self.auteur:
            essai.session_state["auteur_nom"] = self.auteur
        if self.magasin == reel_connecte.__name__:
            essai.secrets, essai.user = SECRETS, {"is_logged_in": bool(self.auteur)}
            COOKIES.update(log_in(self.profil))
        return essai.switch_page(self.page)

    # ------------------------------------------------------------------------------------------------ moves

    def open(self, page: str, adresse: dict[str, Any]) -> None:
        """A new session at an address."""
        self.page = page
        self._note(f"ouvrir {self.nom} {adresse or ''}")
        self.essai = self._session(adresse)
        self._run(self.essai.run)

    def go(self, page: str) -> None:
        """By the agenda: the session stays, the address is emptied."""
        self.page = page
        self._note(f"aller à {self.nom}")
        self._follow(Visite.go, page)
        self.donnes = {}
        self.essai.switch_page(page)
        self.essai.query_params.clear()
        self._run(self.essai.run)

    def be(self, profil: str) -> None:
        self.profil = profil
        self._note(f"devenir {profil}")
        self._follow(Visite.be, profil)
        self.essai.session_state["profil_repete"] = PROFILS[profil]
        self._run(self.essai.run)

    def swap(self) -> None:
        """To the tab that was left, which shows what was then: what is played of it comes late. No way is kept."""
        if self.autre:
            ici = {nom: getattr(self, nom) for nom in ONGLET}
            vars(self).update(self.autre)
            self.autre, self.chemin, self.apportes = ici, None, []
            self._note(f"revenir à l’onglet de {self.nom}")

    def reload(self) -> None:
        """F5, or the same link opened by somebody else of the same profile: it says the same."""
        avant, adresse, choisis = self.lus, dict(self.essai.query_params), chosen(self.essai)
        refusait = self.chemin is None or self.est_refusee  # nothing, or what was before, was shown
        etait_cassee = self.est_cassee
        self._note(f"recharger {adresse}")
        self._open_again(adresse)
        if etait_cassee or self.est_cassee:
            return  # told by itself
        rendue = dict(self.essai.query_params)
        perdues = {c: (v, rendue.get(c)) for c, v in adresse.items() if rendue.get(c) != v}
        if perdues:
            self._fault("lien", f"le lien ne rend pas {perdues}")
        rendus = chosen(self.essai)
        changes = {c: (v, rendus[c]) for c, v in choisis.items() if c in rendus and rendus[c] != v}
        if changes and not refusait:
            self._fault("lien", f"le lien ne rend pas ce qui était choisi : {changes}")
        ici, la = said(avant), said(self.lus)
        if ici != la and not refusait:
            self._fault("lien", f"le lien ne dit plus la même chose : « {ici[:160]} » devient « {la[:160]} »")

    def _open_again(self, adresse: dict[str, Any]) -> None:
        """In a session of its own, what may have been taken on a page."""
        tenu = self.essai.session_state
        self.essai = self._session(adresse)
        for cle in ("profil_repete", "auteur_nom", "retour_demande"):
            if cle in tenu:
                self.essai.session_state[cle] = tenu[cle]
            elif cle in self.essai.session_state:
                del self.essai.session_state[cle]
        self._run(self.essai.run)

    def double(self, bouton: Any, sample: Callable[[int], int]) -> None:
        """What a second tab sends, then the first one, the same or otherwise: it still shows what was before."""
        cle = self.cle(bouton)
        self._note(f"ouvrir un second onglet pour « {bouton.label} »")
        self._open_again(dict(self.essai.query_params))
        for w in self.jouables:
            if self.cle(w) == cle:
                self.fill(w, sample)
                self.swap()
                if sample(2):
                    self.resend(self.envoi)
                else:
                    self.fill(bouton, sample)
                break

    def deform(self, cle: str, valeur: str | list[str]) -> None:
        """A link written by hand: what the address asks and does not exist is said, never replaced without a word."""
        adresse = {**dict(self.essai.query_params), cle: valeur}
        self._note(f"ouvrir avec {cle}={valeur!r}")
        self.essai = self._session(adresse)
        self._run(self.essai.run)
        demandee = (valeur if isinstance(valeur, str) else valeur[0])[:40]  # a long one is cut short
        rendue = dict(self.essai.query_params).get(cle)
        rendue = rendue[0] if isinstance(rendue, list) and rendue else rendue
        dit = any(demandee in t.dit.replace("\u00a0", " ") for t in self.lus)
        if demandee and cle in SITUENT and (rendue or "")[:40] != demandee and not dit:
            self._fault("lien", f"l’adresse demandait {cle}={demandee!r}, la page montre {rendue!r} sans le dire")

    def play(self, widget: Any, sample: Callable[[int], int]) -> None:
        """Any value of any widget. `sample(n)`: a whole number under n."""
        if widget.type == "download_button" and widget.proto.deferred_file_id in A_EMPORTER:
            return self._take_away(widget)
        self.carnet.envoyes.update(self.holds(widget))
        if isinstance(widget, Volet):
            etat = widget.jouer(self.volets.get(widget.id), sample, self._nouvelle(widget, sample))
            self.volets[etat.id] = etat  # what is asked once is beside what is held
            dit: str | None = str(etat)
        else:
            dit = self._give(widget, sample, self._nouvelle(widget, sample))
        if dit is None:
            return
        self._note(f"{widget.type} « {getattr(widget, 'label', '') or widget.key} » ← {dit}")
        # What the browser sends, kept: a second click says the same again, whatever the first one changed.
        etats = self._etats()
        self.send(etats)
        if widget.type == "button" and sample(4) == 0:
            self._note("le même clic, une seconde fois")
            self.send(etats)

    def _take_away(self, bouton: Any) -> None:
        """A file that is made at the click: the page does not run again."""
        self._note(f"télécharger « {bouton.label} »")
        COURUS.clear()
        try:
            with _secrets_of(self.essai):
                A_EMPORTER[bouton.proto.deferred_file_id]()
        except Exception as erreur:  # noqa: BLE001 - the browser would say that the file is not there
            nous = [p for p in traceback.extract_tb(erreur.__traceback__) if "site-packages" not in p.filename]
            self._fault("exception", f"{type(erreur).__name__}: {erreur} {nous[-1].filename} {nous[-1].name}")
        self._learn()

    def fill(self, bouton: Any, sample: Callable[[int], int], maniere: str = "") -> None:
        """A form and its button: its fields at once, then those that these brought; as somebody who means to send it,
        but for one field, or does not, or answers all of them alike. A click may come before the page has taken them.
        """
        maniere = maniere or ("sage", "sauf un", "quelconque", "pareil")[sample(4)]
        part = (0, 0.999, sample(1000) / 1000)[sample(3)]
        est_vif, n_laisses, remplis = sample(4) == 0, sample(4), set[str]()
        n_groupes = (1, 1, 2, 9)[sample(4)]  # another button, as that of who signs, may stand between
        for _ in range(3):
            groupes = self.remplis.get(bouton.id, [])[-n_groupes:]
            champs = [w for groupe in groupes for w in groupe if w.id not in remplis]
            sauf = sample(len(champs)) if champs and maniere == "sauf un" else None
            for rang, w in enumerate(champs):
                if maniere == "pareil":
                    dit = self._give(w, lambda n: int(part * n), lambda options: options[int(part * len(options))])
                elif sample(4) < n_laisses:
                    continue  # left as it is: most fields of a form are optional, and one may spoil the others
                else:
                    est_sage = maniere != "quelconque" and rang != sauf
                    if est_sage and held(w) not in ("", "rien", "False", "None") and sample(4):
                        continue  # what is filled already
                    dit = self._give(w, sample, self._nouvelle(w, sample), est_sage=est_sage)
                self._note(f"{w.type} « {getattr(w, 'label', '') or w.key} » ← {dit}")
            if not champs or est_vif:
                break
            remplis |= {w.id for w in champs}
            self.send(self._etats())
        for w in self.jouables:
            if w.id == bouton.id:
                self.play(w, sample)

    def _give(self, w: Any, *comment: Any, **reglages: Any) -> str | None:
        dit = give(w, *comment, **reglages)
        if w.type in ("button", "download_button"):
            self.donnes = {}
        else:
            self.donnes[self.cle(w)] = held(w)
        return dit

    def holds(self, widget: Any) -> list[tuple[str, ...]]:
        """What a click comes after: the button, and each field that was given something, with what it holds."""
        return [(*self.cle(widget), *c, dit) for c, dit in self.donnes.items()] if widget.type == "button" else []

    def _etats(self) -> WidgetStates:
        """All that the browser holds."""
        etats = self.essai._tree.get_widget_states()
        etats.widgets.extend(self.volets.values())
        self.volets = {c: e for c, e in self.volets.items() if not e.json_trigger_value}  # said once
        return etats

    def send(self, etats: WidgetStates) -> None:
        self.envoi = etats
        self._follow(Visite.resend, etats)
        tenus = {e.id: e.file_uploader_state_value.uploaded_file_info for e in etats.widgets}
        for depot in self.essai._tree.file_uploader:  # the states only name the files
            if poses := [(f.file_id, f.name, FICHIERS[f.name], "") for f in tenus.get(depot.id, ())]:
                depot._files = poses
        self._run(lambda: self.essai._run(etats))

    def resend(self, etats: WidgetStates) -> None:
        """To the fields of this session: those of an object that was new then bear the name of the one that is now."""
        ici = [w.id for w in self.jouables if w.key]
        redits = WidgetStates()
        redits.CopyFrom(etats)
        for etat in redits.widgets:
            if etat.id not in ici and (meme := [i for i in ici if sans_rang(i) == sans_rang(etat.id)]):
                etat.id = meme[0]
        self.send(redits)

    def replay(self, chemin: Chemin) -> None:
        """In a store like the one that it was made in; it is forgotten when it no longer leads where it did."""
        self.profil, self.auteur = chemin.profil, chemin.auteur
        self.open(chemin.page, chemin.adresse)
        for faire, quoi in chemin.pas:
            faire(self, quoi)
        if chemin in self.carnet.chemins.gardes and not chemin.mene_a & self._formes():
            self.carnet.chemins.gardes.remove(chemin)

    def _follow(self, faire: Callable[..., None], quoi: Any) -> None:
        if self.chemin:
            self.chemin.pas = (*self.chemin.pas, (faire, quoi))

    def _formes(self) -> frozenset[tuple[str, ...]]:
        return formes(self.page, COURUS, (self.cle(w)[-1] for w in self.jouables))

    def _nouvelle(self, widget: Any, sample: Callable[[int], int]) -> Callable[[list[str]], str]:
        """Rather an option that was seldom chosen."""

        def choose(options: list[str]) -> str:
            cles = [(*self.cle(widget), o) for o in options]
            poids = [self.carnet.nouveaute(self.lieu, c) for c in cles]
            (choisie,) = random.Random(sample(2**30)).choices(cles, poids)
            self.carnet.note(self.lieu, choisie)
            return choisie[-1]

        return choose

    # ------------------------------------------------------------------------------------------------ looks

    def _run(self, faire: Callable[[], Any]) -> None:
        self.incidents.dits.clear()
        COURUS.clear()
        connus = {self.cle(w) for w in self.jouables}
        faire()
        self.essai._page_hash = ""  # a browser stays where a page led; AppTest asks again for the one that was opened
        page = self.essai._registered_pages.get(self.essai._finished_page_script_hash)
        if page and page.get("script_path"):
            self.page = str(Path(str(page["script_path"])).relative_to(RACINE))
        self.carnet.n_executions += 1
        qui = [self.profil] if self.magasin in ENTIERS else []  # who sees little has little to show elsewhere
        self.carnet.jouees.update([self.page, *((ou, self.page) for ou in (self.magasin, *qui))])
        self.lus = textes(self.essai)
        self.jouables, self.remplis = playable(self.essai._tree), filled(self.essai._tree)
        self.apportes = [w for w in self.jouables if self.cle(w) not in connus]
        self._learn()
        for exception in self.essai.exception:
            nous = [t.strip() for t in exception.stack_trace if "site-packages" not in t and str(RACINE) in t]
            self._fault("exception", f"{exception.message[:160]} {' '.join(' '.join(nous[-1:]).split())[:200]}")
        for dit in self.incidents.dits:
            self._fault("incident", dit)
        if not self.incidents.dits and any(INCIDENT in t.dit for t in self.lus):
            self._fault("incident", "dit à l’écran sans être inscrit")
        if montre := unnamed(self.essai, self.adresse):
            self._fault("lien", f"le lien ne nomme pas le message montré, {montre}")
        if tus := filters_unsaid(self.essai, self.lus):
            self._fault("filtre", f"{tus} restreint la liste sans que sa phrase le dise")
        for nature, quoi in of_texts(self.lus, self.nom):
            self._fault(nature, quoi)

    def _learn(self) -> None:
        """The way to what nobody had seen, kept."""
        chemins, vues = self.carnet.chemins, self._formes()
        neuves = vues - chemins.vues.keys()
        if neuves and self.chemin and 0 < len(self.chemin.pas) <= PAS_MAX:
            chemins.gardes.append(replace(self.chemin, arrivee=self.page, mene_a=neuves))
        chemins.vues.update(vues)

    def _note(self, dit: str) -> None:
        self.pas.append(dit)

    def _fault(self, nature: str, quoi: str) -> None:
        self.carnet.report(Faute(nature, quoi, self.nom, self.profil, self.magasin, tuple(self.pas[-12:])))
