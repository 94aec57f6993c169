"""The journal in words: who saw, exported, wrote, published or changed a parameter.

Never a text that somebody typed nor a household: what was done, on which list, on how many lines. A kind that is not
known here is told by its name, and an entry whose payload was erased by its kind alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from mel_core.contrat.reference import communes
from mel_core.entrepot import Lecteur, perimetre
from mel_core.indicateurs import parametrage
from mel_core.indicateurs.suivi.reseau import mois_dit
from mel_core.journal import Alteration, Fiche
from mel_core.seance.coordination.blocages import RETIRE, EtatBlocage
from mel_core.seance.coordination.decisions import Position, is_actee
from mel_core.segments import SEGMENTS
from mel_core.segments.listes import suites
from mel_core.socle import langue
from mel_core.socle.appellations import INSTITUTIONS, RESERVATAIRES, Appele

Contenu = Mapping[str, Any]
VIDE = "Le journal est vide."


class GenreDeGeste(Appele):
    """What sort of gesture an entry is."""

    VU = "vu", "A vu"
    EXPORTE = "exporte", "A exporté"
    ECRIT = "ecrit", "A écrit"
    PUBLIE = "publie", "A publié"
    REGLE = "regle", "A changé un paramètre ou un droit"
    EFFACE = "efface", "A effacé"
    BROUILLON = "brouillon", "A saisi un brouillon"


# What the room writes: its first version, then the others.
_ECRITS = {
    "blocage": ("a signalé un blocage", "a trié ou corrigé un blocage"),
    "decision": ("a écrit une décision", "a corrigé une décision"),
    "engagement": ("a acté un engagement", "a corrigé un engagement"),
    "pratique": ("a noté ce qui fonctionne", "a corrigé ce qui fonctionne"),
    "presence": ("a noté les présents, les invités ou le lieu", "a changé les présents, les invités ou le lieu"),
    "issue": ("a dit ce qu’est devenue une décision", "a corrigé ce qu’est devenue une décision"),
    "cloture": ("a clos une décision ou un engagement qui n’a pas abouti", "a changé une clôture"),
    "scenario": ("a gardé un scénario", "a corrigé un scénario"),
    "sequence": ("a préparé la séquence de la séance", "a changé la séquence de la séance"),
    "relance": ("a noté une relance ou une réponse",) * 2,
    "seance": ("a fixé la date de la séance", "a changé la date de la séance"),
    "signature": ("a fait signer le relevé de décisions", "a fait signer de nouveau le relevé de décisions"),
    "accueil": ("a saisi le mois d’un lieu d’accueil", "a corrigé le mois d’un lieu d’accueil"),
    "suite": ("a noté la suite donnée à un ménage", "a changé la suite donnée à un ménage"),
    "arbitrage": ("a choisi entre deux textes écrits en même temps",) * 2,
}
_BROUILLON = "brouillon-"
_BROUILLONS = {
    "blocage": "blocage",
    "formulation": "formulation pour la Salle",
    "correction": "correction d’un blocage",
    "decision": "décision",
    "pratique": "ce qui fonctionne",
    "issue": "suite donnée",
    "cloture": "motif de clôture",
    "presence": "présents",
    "suite": "note sur un ménage",
}
_COMMANDES = {
    "indicateur": (GenreDeGeste.VU, "a lu un indicateur"),
    "segment": (GenreDeGeste.VU, "a compté un segment"),
    "simuler": (GenreDeGeste.VU, "a simulé un scénario"),
    "qualite": (GenreDeGeste.VU, "a contrôlé la qualité des données"),
    "bassins": (GenreDeGeste.VU, "a lu les bassins de vie"),
    "seance": (GenreDeGeste.VU, "a listé ou créé une séance"),
    "dossier": (GenreDeGeste.EXPORTE, "a produit le dossier de séance"),
    "geler": (GenreDeGeste.PUBLIE, "a gelé une séance"),
    "contours": (GenreDeGeste.PUBLIE, "a publié des contours"),
    "revoquer": (GenreDeGeste.REGLE, "a clos les connexions d’un compte"),
    "effacer": (GenreDeGeste.EFFACE, "a compté ou demandé un effacement"),
}
_FORME = ("format", "json")  # of an answer
_COUCHES = {"quartiers": "quartiers", "qpv": "QPV", "ici": "ICI"}
_EFFACEMENTS = {"effacement": "a effacé", "effacement_codes": "a commencé d’effacer"}


def noms_des_organisations(lecteur: Lecteur | None = None) -> dict[str, str]:
    """Name of who writes by its code; the bailleurs are those of a snapshot (`lecteur`)."""
    noms = {**INSTITUTIONS, **RESERVATAIRES, **{code: c.nom for code, c in communes().items()}}
    if lecteur is not None:
        for table, cle in ((perimetre.communes(lecteur), "commune"), (perimetre.bailleurs(lecteur), "bailleur")):
            noms |= dict(zip(table[cle], table["nom"], strict=True))
    return noms


def qui(fiche: Fiche, noms: Mapping[str, str]) -> str:
    """`C. Essai – Roubaix`: the name that signs, its mention, its organisation."""
    auteur = fiche.auteur
    nom = auteur.nom or ("auteur effacé" if fiche.effacee else "auteur sans nom")
    mention = f"« {auteur.mention} »" if auteur.mention else ""
    return " – ".join(t for t in (nom, mention, noms.get(auteur.organisation, auteur.organisation)) if t)


def genre_de(fiche: Fiche) -> GenreDeGeste:
    return _say(fiche, {})[0]


def say(fiche: Fiche, noms: Mapping[str, str]) -> str:
    """What was done: completes the name of who did it."""
    dit = _say(fiche, noms)[1]
    if fiche.effacee:
        dit += " (texte effacé depuis)"
    if fiche.est_refusee:
        dit += " ; refusé, le texte avait changé entre-temps, les deux sont gardés"
    return dit


def say_verification(n: int, anomalies: Sequence[Alteration]) -> str:
    """Whether the chain of `n` entries is whole; the caller ends the sentence."""
    if not anomalies:
        return f"Journal intact : {langue.effectif(n, 'écriture')}"
    return (
        f"Le journal a été altéré ({langue.effectif(len(anomalies), 'anomalie')}), à lire par la commande « python -m "
        "mel_core journal --verifier »"
    )


def _say(fiche: Fiche, noms: Mapping[str, str]) -> tuple[GenreDeGeste, str]:
    objet, contenu = fiche.objet, fiche.contenu
    if objet.startswith(_BROUILLON):
        quoi = objet.removeprefix(_BROUILLON)
        return GenreDeGeste.BROUILLON, f"a saisi un brouillon de {_BROUILLONS.get(quoi, quoi)}"
    if objet in _ECRITS:
        est_premiere = fiche.version <= 1 and not fiche.est_refusee
        est_retrait = objet == suites.OBJET and contenu.get("code") == suites.RETIREE
        dit = "a retiré la suite notée pour un ménage" if est_retrait else _ECRITS[objet][not est_premiere]
        return GenreDeGeste.ECRIT, f"{dit}{_precision(fiche, noms)}{_situation(contenu)}"
    if objet == "import":
        return GenreDeGeste.PUBLIE, _import(contenu)
    if objet == "contours":
        couche = _COUCHES.get(contenu.get("couche", ""))
        return GenreDeGeste.PUBLIE, f"a publié les contours des {couche}" if couche else "a publié des contours"
    if objet in _EFFACEMENTS:
        qui = langue.effectif(contenu["comptes"]["menages"], "ménage") if "comptes" in contenu else "ménages"
        return GenreDeGeste.EFFACE, f"{_EFFACEMENTS[objet]} les données de {qui}"
    if objet == "parametre":
        quoi = parametrage.say(contenu, noms)
        return GenreDeGeste.REGLE, f"a changé un paramètre{f' : {quoi}' if quoi else ''}"
    if objet == "audit":
        return _audit(contenu, noms)
    return GenreDeGeste.ECRIT, f"a écrit au journal (« {objet} »)"


def _precision(fiche: Fiche, noms: Mapping[str, str]) -> str:
    c = fiche.contenu
    if fiche.objet == "blocage":
        dites = [noms.get(code, code) for code in c.get("secteur", {}).get("communes", ())]
        if fiche.version > 1 and c.get("etat") in set(EtatBlocage):
            dites.append("retiré" if c.get("motif_refus") == RETIRE else EtatBlocage(c["etat"]).titre)
        return "".join(f", {dite}" for dite in dites)
    if fiche.objet == "decision" and "positions" in c:
        if is_actee(positions := c["positions"].values()):
            return ", actée"
        return ", renvoyée" if Position.RENVOYE in positions else ", que personne n’acte"
    if fiche.objet == "engagement" and "nombre" in c:
        return f", {langue.effectif(c['nombre'], 'ménage')}"
    if fiche.objet == "accueil" and {"lieu", "mois"} <= set(c):
        return f", {c['lieu']}, {mois_dit(c['mois'])}"
    if fiche.objet == "seance" and "jour" in c:
        return f", le {langue.jour(date.fromisoformat(c['jour']))}"
    return ""


def _situation(contenu: Contenu) -> str:
    """` (ICI 2, séance 2017S2)`, for what says it."""
    dites = [contenu.get("ici", ""), f"séance {contenu['seance']}" if contenu.get("seance") else ""]
    return f" ({', '.join(d for d in dites if d)})" if any(dites) else ""


def _audit(contenu: Contenu, noms: Mapping[str, str]) -> tuple[GenreDeGeste, str]:
    geste, titre = contenu.get("geste", ""), str(contenu.get("titre", ""))
    lignes = f", {langue.effectif(contenu['n'], 'ligne')}" if "n" in contenu else ""
    if geste == "consultation":
        organisation = str(contenu.get("organisation", ""))
        return GenreDeGeste.VU, f"a ouvert la liste « {titre} » ({noms.get(organisation, organisation)}){lignes}"
    if geste == "export":
        numeros = ", avec les numéros uniques" if contenu.get("avec_numeros") else ""
        return GenreDeGeste.EXPORTE, f"a exporté la liste « {titre} »{lignes}{numeros}"
    if geste == "liste":
        return GenreDeGeste.EXPORTE, f"a exporté la liste « {_segment(titre)} »{lignes}, en ligne de commande"
    if geste == "pas en salle":
        return GenreDeGeste.VU, f"a compté le segment « {_segment(str(contenu.get('segment', '')))} », en Salle"
    if geste == "commande" and titre in _COMMANDES:
        genre, dit = _COMMANDES[titre]
        return genre, f"{dit}{_demande(contenu.get('filtres', {}), noms)}, en ligne de commande"
    return GenreDeGeste.VU, f"a consulté{f' (« {geste} »)' if geste else ''}"


def _demande(filtres: Contenu, noms: Mapping[str, str]) -> str:
    """` (aci, 2017S2, commune, Roubaix)`: what a command was asked, but the form of its answer."""
    demandes = (v for cle, v in filtres.items() if cle not in _FORME and isinstance(v, str | int) and v is not True)
    dites = [noms.get(code, code) for valeur in demandes if valeur is not False for code in str(valeur).split(",")]
    return f" ({', '.join(dites)})" if dites else ""


def _segment(nom: str) -> str:
    return SEGMENTS[nom].titre if nom in SEGMENTS else "Segment libre"


def _import(c: Contenu) -> str:
    tables = c.get("tables")
    if tables is None:
        return "a publié un jeu de données"
    gardees = sum(b["gardees"] for b in tables.values())
    ecartees = sum(b["rejetees"] + b["doublons"] for b in tables.values())
    seance = f", pour la seule séance {c['seance']}" if c.get("seance") else ""
    return (
        f"{'a remis en service' if c.get('retour') else 'a publié'} un jeu de données "
        f"{'fictif' if c['nature'] == 'fictive' else 'réel'} de {langue.effectif(len(tables), 'table')}, "
        f"{langue.effectif(gardees, 'ligne gardée', 'lignes gardées')}, "
        f"{langue.effectif(ecartees, 'ligne écartée', 'lignes écartées')}{seance}"
    )
