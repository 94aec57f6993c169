"""One file of the SNE interface: which tags are read, and the rows of the contract that they make.

Names, birth dates, nationalities, addresses and free texts are not in `VOULU`: they are never read. Of an address, the
commune alone. Source: schemas InterfaceNuu v02.00 and v02.01, InterfaceNuuGPEvenement v02.00.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from mel_core.contrat.correspondances import NUMERO_RPLS
from mel_core.contrat.modeles import xml_borne
from mel_core.contrat.modeles.xml_borne import Refuse, code, texte
from mel_core.contrat.reference import fold

ESPACE = "http://nuu.application.i2/"
_RACINE, _VERSION = "interfaceNuu", re.compile(r"02\.[0-9]{2}")
_DEMANDES, _CATALOGUE = "demande/demandeLogement", "listeTypesEvenements"
_DE_QUOI = (_DEMANDES, "listeEvenements", _CATALOGUE, "operation")  # a file has one of them

Rangee = dict[str, str]
Lire = Callable[[Element, str], str]  # what a tag says at a path
Lus = dict[str, tuple[Lire, str]]  # column → how it is read, and where


def _jour(noeud: Element, chemin: str) -> str:
    """`xs:date` may bear an hour or a time zone: the day as it is written."""
    lu = texte(noeud, chemin)
    return lu[:10] if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[TZ+-].*)?", lu) else lu


def _codes(noeud: Element, chemin: str) -> str:
    return "|".join(dict.fromkeys(lu for n in noeud.findall(chemin) if (lu := n.get("code", ""))))


_DEMANDE: Lus = {
    "numero_unique": (texte, "numUnique"),
    "date_creation": (_jour, "dateCreationDemande"),
    "date_renouvellement": (_jour, "renouvellement/dateRenouvellement"),
    "date_radiation": (_jour, "radiation/dateRadiation"),
    "motif_radiation": (code, "radiation/motifRadiation"),
    "motif": (code, "principauxMotifDemande/motifDemande"),
    "typologies": (_codes, "logementRecherche/listeTypeLogement/typeLogement"),
    "communes_souhaitees": (_codes, "logementRecherche/listeLocalisationSouhaite/localisationSouhaite/commune"),
    "delai_anormalement_long": (texte, "informationTraitement/estDelaiAnormalementLong"),
    "multiples_attributions_sous_conditions": (texte, "informationTraitement/estMultiplesAttributionsSousConditions"),
}
_BAIL: Lus = {
    "date_bail": (_jour, "dateSignatureBail"),
    "code_insee": (code, "adresse/commune"),
    "code_bailleur": (texte, "codeSirenBailleur"),
    NUMERO_RPLS: (texte, NUMERO_RPLS),
    "typologie": (code, "typeLogement"),
    "reservataire": (code, "typeReservataire"),
    "aci": (code, "accordCollectif"),
    "dalo": (texte, "attribueEnComDALO"),
}
_EVENEMENT: Lus = {
    "id_evenement": (texte, "idEvenement"),
    "type": (texte, "codeTypeEvenement"),
    "date_survenance": (_jour, "dateSurvenance"),
}
_DEJA_LOGE = "dejaLogeParcBailleur"
# Where the household lives, the first that is said.
_COMMUNES = ("logementActuel/commune", "adresseLogement/commune", "demandeur/adressePostale/commune")
_ACTIVITE, _REVENU = "situationProfessionnelle/typeContratTravail", "revenuFiscal/montantMoins2"
_LOGEMENTS, _CHARGES = "logementActuel/listeModeleLogement/modeleLogement", "listePersonneACharge/personneACharge"
_TITULAIRES = ("demandeur", "listeCotitulaire/cotitulaire")
_RECUES, _VERSEES = (
    [f"{liste}{suite}/detailRessource/montant" for suite in ("", "PersACharge")]
    for liste in ("listeRessourceRecue", "listeRessourceVersee")
)
_DU_DEMANDEUR = (_ACTIVITE, _REVENU, *_RECUES, *_VERSEES)
_DU_COTITULAIRE = ("lienDemandeur", _ACTIVITE, _REVENU, _RECUES[0], _VERSEES[0])
_PAR_DEMANDE = (
    *(chemin for _, chemin in _DEMANDE.values()),
    *(f"radiation/attributionLogement/{chemin}" for chemin in (_DEJA_LOGE, *(c for _, c in _BAIL.values()))),
    *(f"personnePhysique/{chemin}" for chemin in (*_COMMUNES, _LOGEMENTS, _CHARGES)),
    *(f"personnePhysique/demandeur/{chemin}" for chemin in _DU_DEMANDEUR),
    *(f"personnePhysique/listeCotitulaire/cotitulaire/{chemin}" for chemin in _DU_COTITULAIRE),
)
_CARACTERISTIQUE = "listeCaracteristiquesSpecifiques/caracteristiqueSpecifique"
_PAR_EVENEMENT = (
    *(chemin for _, chemin in _EVENEMENT.values()),
    f"{_CARACTERISTIQUE}/code",
    f"{_CARACTERISTIQUE}/valeurCaracteristiqueSpecifique",
)


def _arbre(chemins: Iterable[str]) -> dict[str, Any]:
    arbre: dict[str, Any] = {}
    for chemin in chemins:
        branche = arbre
        for nom in chemin.split("/"):
            branche = branche.setdefault(nom, {})
    return arbre


# What is read in a file, and nothing else.
VOULU = _arbre(
    (
        "entete/typeFichier",
        "entete/dateFichier",
        "demande/informationDalo/statutDalo",
        *(f"{_DEMANDES}/{chemin}" for chemin in _PAR_DEMANDE),
        "operation/numUnique",
        *(f"listeEvenements/evenement/{chemin}" for chemin in _PAR_EVENEMENT),
        f"{_CATALOGUE}/typeEvenement",
    )
)

# Codes of the product for what the schema has no field for; a value that is no code is a free text, and is not read.
_CARACTERISTIQUES = {
    "DECISION": ("decision", re.compile(r"\w{1,20}")),
    "RANG": ("rang", re.compile(r"[0-9]{1,3}")),
    "BAILLEUR": ("code_bailleur", re.compile(r"(?=\w*[0-9])\w{1,20}")),
    "TYPOLOGIE": ("typologie", re.compile(r"C|T[1-9]P?")),
}
_DU_MENAGE = ("revenu_fiscal", "ressources_mensuelles", "actif")
_FOYER_FISCAL = ("M", "P")  # married or pacsé: one declaration for both


class Ligne(NamedTuple):
    """A row of a table with the contract's columns and the interface's codes, and where it stands."""

    table: str
    rangee: Rangee
    fichier: str
    ligne: int


@dataclass(frozen=True)
class Fichier:
    """What one file brings. `demandes`: the numéro unique of each."""

    date: str
    est_suppression: bool
    est_catalogue: bool
    lignes: list[Ligne]

    @property
    def demandes(self) -> list[str]:
        return [ligne.rangee["numero_unique"] for ligne in self.lignes if ligne.table == "demandes"]


def read(octets: bytes, nom: str) -> Fichier:
    """The rows of the file `nom`. Raises `Refuse` for one that is not safe, not of the interface, or of another
    version."""
    racine = xml_borne.read(octets, ESPACE, VOULU)
    if racine.tag != _RACINE:
        raise Refuse(f"commence par « {racine.tag[:40]} » et non par « {_RACINE} » : l’ôter du jeu de données")
    version = racine.get("versionInterface", "").strip()
    if not _VERSION.fullmatch(version):
        dite = f"est à la version « {version[:20]} »" if version else "ne dit pas la version"
        raise Refuse(
            f"{dite} de l’interface du SNE, seules les versions 02.xx sont lues : l’exporter dans l’une d’elles"
        )
    if all(racine.find(chemin) is None for chemin in _DE_QUOI):
        raise Refuse("ne porte ni demande ni événements : l’ôter du jeu de données")
    lignes: list[Ligne] = []

    def add(table: str, noeud: Element, rangee: Rangee) -> None:
        lignes.append(Ligne(table, rangee, nom, int(noeud.get("ligne", 0))))

    dalo = code(racine, "demande/informationDalo/statutDalo")
    for demande in racine.findall(_DEMANDES):
        rangee = _demande(demande, dalo)
        add("demandes", demande, rangee)
        for bail in demande.findall("radiation/attributionLogement"):
            add("attributions", bail, _bail(bail, rangee))
    numero = texte(racine, "operation/numUnique")
    for evenement in racine.findall("listeEvenements/evenement"):
        add("evenements", evenement, _evenement(evenement, numero))
    est_suppression = texte(racine, "entete/typeFichier").upper() == "SUP"
    return Fichier(texte(racine, "entete/dateFichier"), est_suppression, racine.find(_CATALOGUE) is not None, lignes)


def _read(noeud: Element, lus: Lus) -> Rangee:
    return {colonne: lire(noeud, chemin) for colonne, (lire, chemin) in lus.items()}


def _demande(demande: Element, dalo: str) -> Rangee:
    rangee = _read(demande, _DEMANDE)
    # A radiation without a motive is the interface's way to undo one.
    etat = "RADIEE" if rangee["motif_radiation"] else "ACTIVE"
    personne = demande.find("personnePhysique")
    return {**rangee, "etat": etat, "dalo": dalo, **({} if personne is None else _menage(personne))}


def _menage(personne: Element) -> Rangee:
    """What the household is; an association is none."""
    titulaires = [titulaire for qui in _TITULAIRES for titulaire in personne.findall(qui)]
    charges = personne.findall(_CHARGES)
    statuts = [statut for n in personne.findall(_LOGEMENTS) if (statut := n.get("code", ""))]
    return {
        "code_insee_actuel": next(filter(None, (code(personne, chemin) for chemin in _COMMUNES)), ""),
        "n_personnes": str(len(titulaires) + len(charges)) if titulaires else "",
        "revenu_fiscal": _revenu(titulaires),
        "ressources_mensuelles": _ressources(titulaires),
        "statut_logement": "HLM" if "HLM" in statuts else next(iter(statuts), ""),
        "actif": code(personne, f"demandeur/{_ACTIVITE}"),
    }


def _revenu(titulaires: list[Element]) -> str:
    """The year N−2 of all who sign. A couple's declaration, given once or twice, counts once; else all or nothing."""
    montants = [texte(t, _REVENU) for t in titulaires]
    total, premier = 0, montants[0] if montants else ""
    for rang, (titulaire, montant) in enumerate(zip(titulaires, montants, strict=True)):
        est_conjoint = rang > 0 and code(titulaire, "lienDemandeur") in _FOYER_FISCAL
        if est_conjoint and premier and montant in ("", premier):
            continue
        if not montant:
            return ""
        try:
            total += int(montant)
        except ValueError:
            return montant  # the check says what is wrong with it
    return str(total) if montants else ""


def _ressources(titulaires: list[Element]) -> str:
    """What all receive a month, less what they pay; unknown when nothing is said to be received."""
    recues, versees = (
        [lu for t in titulaires for chemin in chemins for n in t.findall(chemin) if (lu := (n.text or "").strip())]
        for chemins in (_RECUES, _VERSEES)
    )
    try:
        return str(sum(map(int, recues)) - sum(map(int, versees))) if recues else ""
    except ValueError:
        return next(montant for montant in (*recues, *versees) if not montant.lstrip("-").isdigit())


def _bail(bail: Element, demande: Rangee) -> Rangee:
    lu, statut = _read(bail, _BAIL), demande.get("statut_logement", "")
    # Whoever lives in the social stock already, of this bailleur or of another, moves within it.
    est_mutation = code(bail, _DEJA_LOGE) == "OUI" or statut == "HLM"
    return {
        **lu,
        **{c: demande.get(c, "") for c in ("numero_unique", "n_personnes", *_DU_MENAGE)},
        "date_creation_demande": demande["date_creation"],
        "mutation": "oui" if est_mutation else "non" if statut else "",
        "dalo": lu["dalo"] or demande["dalo"],
    }


def _evenement(evenement: Element, numero: str) -> Rangee:
    rangee = {"numero_unique": numero, **_read(evenement, _EVENEMENT)}
    for une in evenement.findall(_CARACTERISTIQUE):
        colonne, forme = _CARACTERISTIQUES.get(fold(texte(une, "code")).upper(), ("", None))
        valeur = texte(une, "valeurCaracteristiqueSpecifique")
        if forme and forme.fullmatch(valeur):
            rangee[colonne] = valeur
    return rangee
