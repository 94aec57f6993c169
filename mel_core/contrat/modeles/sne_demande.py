"""One file of the SNE interface: which tags are read, and the rows of the contract that they make.

Names, birth dates, nationalities, addresses and free texts are not in `VOULU`: they are never read. Of an address, the
commune alone. Source: schemas InterfaceNuu v02.00 and v02.01, InterfaceNuuGPEvenement v02.00.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mel_core.contrat.modeles import xml_borne
from mel_core.contrat.modeles.catalogue import NUMERO_RPLS
from mel_core.contrat.modeles.xml_borne import Noeud, Refuse
from mel_core.contrat.proches import fold

ESPACE = "http://nuu.application.i2/"
_RACINE, _VERSION = "interfaceNuu", re.compile(r"02\.[0-9]{2}")

Rangee = dict[str, str]
Lire = Callable[..., str]  # what a node says at a path
Lus = dict[str, tuple[Lire, str]]  # column → how it is read, and where


def _jour(noeud: Noeud, *chemin: str) -> str:
    """`xs:date` may bear an hour or a time zone: the day as it is written."""
    texte = noeud.texte_de(*chemin)
    return texte[:10] if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[TZ+-].*)?", texte) else texte


def _codes(noeud: Noeud, *chemin: str) -> str:
    return "|".join(dict.fromkeys(n.code for n in noeud.tous(*chemin) if n.code))


_texte, _code = Noeud.texte_de, Noeud.code_de
_DEMANDE: Lus = {
    "numero_unique": (_texte, "numUnique"),
    "date_creation": (_jour, "dateCreationDemande"),
    "date_renouvellement": (_jour, "renouvellement/dateRenouvellement"),
    "date_radiation": (_jour, "radiation/dateRadiation"),
    "motif_radiation": (_code, "radiation/motifRadiation"),
    "motif": (_code, "principauxMotifDemande/motifDemande"),
    "typologies": (_codes, "logementRecherche/listeTypeLogement/typeLogement"),
    "communes_souhaitees": (_codes, "logementRecherche/listeLocalisationSouhaite/localisationSouhaite/commune"),
    "delai_anormalement_long": (_texte, "informationTraitement/estDelaiAnormalementLong"),
    "multiples_attributions_sous_conditions": (_texte, "informationTraitement/estMultiplesAttributionsSousConditions"),
}
_BAIL: Lus = {
    "date_bail": (_jour, "dateSignatureBail"),
    "code_insee": (_code, "adresse/commune"),
    "code_bailleur": (_texte, "codeSirenBailleur"),
    NUMERO_RPLS: (_texte, NUMERO_RPLS),
    "typologie": (_code, "typeLogement"),
    "reservataire": (_code, "typeReservataire"),
    "aci": (_code, "accordCollectif"),
    "dalo": (_texte, "attribueEnComDALO"),
}
_EVENEMENT: Lus = {
    "id_evenement": (_texte, "idEvenement"),
    "type": (_texte, "codeTypeEvenement"),
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
        *(f"demande/demandeLogement/{chemin}" for chemin in _PAR_DEMANDE),
        "operation/numUnique",
        *(f"listeEvenements/evenement/{chemin}" for chemin in _PAR_EVENEMENT),
        "listeTypesEvenements/typeEvenement",
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
    """A row with the contract's columns and the interface's codes, and where it stands."""

    rangee: Rangee
    fichier: str
    ligne: int


@dataclass
class Fichier:
    """What one file brings: table → its rows."""

    date: str
    est_suppression: bool
    est_catalogue: bool
    lignes: dict[str, list[Ligne]] = field(
        default_factory=lambda: {"demandes": [], "evenements": [], "attributions": []}
    )

    @property
    def demandes(self) -> list[str]:
        """The numéro unique of each."""
        return [ligne.rangee["numero_unique"] for ligne in self.lignes["demandes"]]


def read(octets: bytes, nom: str) -> Fichier:
    """The rows of the file `nom`. Raises `Refuse` for one that is not safe, not of the interface, or of another
    version."""
    racine, attributs = xml_borne.read(octets, ESPACE, VOULU)
    if racine.nom != _RACINE:
        raise Refuse(f"commence par « {racine.nom[:40]} » et non par « {_RACINE} » : l’ôter du jeu de données")
    version = attributs.get("versionInterface", "").strip()
    if not _VERSION.fullmatch(version):
        dite = f"est à la version « {version[:20]} »" if version else "ne dit pas la version"
        raise Refuse(
            f"{dite} de l’interface du SNE, seules les versions 02.xx sont lues : l’exporter dans l’une d’elles"
        )
    demandes, listes = racine.tous("demande", "demandeLogement"), racine.tous("listeEvenements")
    est_catalogue = racine.un("listeTypesEvenements") is not None
    if not demandes and not listes and not est_catalogue and racine.un("operation") is None:
        raise Refuse("ne porte ni demande ni événements : l’ôter du jeu de données")
    est_suppression = racine.texte_de("entete", "typeFichier").upper() == "SUP"
    lu = Fichier(racine.texte_de("entete", "dateFichier"), est_suppression, est_catalogue)
    dalo = racine.code_de("demande", "informationDalo", "statutDalo")
    for demande in demandes:
        rangee = _demande(demande, dalo)
        lu.lignes["demandes"].append(Ligne(rangee, nom, demande.ligne))
        baux = demande.tous("radiation", "attributionLogement")
        lu.lignes["attributions"] += (Ligne(_bail(bail, rangee), nom, bail.ligne) for bail in baux)
    numero = racine.texte_de("operation", "numUnique")
    evenements = racine.tous("listeEvenements", "evenement")
    lu.lignes["evenements"] += (Ligne(_evenement(e, numero), nom, e.ligne) for e in evenements)
    return lu


def _read(noeud: Noeud, lus: Lus) -> Rangee:
    return {colonne: lire(noeud, *chemin.split("/")) for colonne, (lire, chemin) in lus.items()}


def _demande(demande: Noeud, dalo: str) -> Rangee:
    rangee = _read(demande, _DEMANDE)
    # A radiation without a motive is the interface's way to undo one.
    etat = "RADIEE" if rangee["motif_radiation"] else "ACTIVE"
    personne = demande.un("personnePhysique")
    return {**rangee, "etat": etat, "dalo": dalo, **(_menage(personne) if personne else {})}


def _menage(personne: Noeud) -> Rangee:
    """What the household is; an association is none."""
    titulaires = [titulaire for qui in _TITULAIRES for titulaire in personne.tous(*qui.split("/"))]
    charges = personne.tous(*_CHARGES.split("/"))
    statuts = [n.code for n in personne.tous(*_LOGEMENTS.split("/")) if n.code]
    communes = (personne.code_de(*chemin.split("/")) for chemin in _COMMUNES)
    return {
        "code_insee_actuel": next(filter(None, communes), ""),
        "n_personnes": str(len(titulaires) + len(charges)) if titulaires else "",
        "revenu_fiscal": _revenu(titulaires),
        "ressources_mensuelles": _ressources(titulaires),
        "statut_logement": "HLM" if "HLM" in statuts else next(iter(statuts), ""),
        "actif": personne.code_de("demandeur", *_ACTIVITE.split("/")),
    }


def _revenu(titulaires: list[Noeud]) -> str:
    """The year N−2 of all who sign. A couple's declaration, given once or twice, counts once; else all or nothing."""
    montants = [t.texte_de(*_REVENU.split("/")) for t in titulaires]
    total, premier = 0, montants[0] if montants else ""
    for rang, (titulaire, montant) in enumerate(zip(titulaires, montants, strict=True)):
        est_conjoint = rang > 0 and titulaire.code_de("lienDemandeur") in _FOYER_FISCAL
        if est_conjoint and premier and montant in ("", premier):
            continue
        if not montant:
            return ""
        try:
            total += int(montant)
        except ValueError:
            return montant  # the check says what is wrong with it
    return str(total) if montants else ""


def _ressources(titulaires: list[Noeud]) -> str:
    """What all receive a month, less what they pay; unknown when nothing is said to be received."""
    recues, versees = (
        [
            montant
            for titulaire in titulaires
            for chemin in chemins
            for n in titulaire.tous(*chemin.split("/"))
            if (montant := n.texte.strip())
        ]
        for chemins in (_RECUES, _VERSEES)
    )
    try:
        return str(sum(map(int, recues)) - sum(map(int, versees))) if recues else ""
    except ValueError:
        return next(montant for montant in (*recues, *versees) if not montant.lstrip("-").isdigit())


def _bail(bail: Noeud, demande: Rangee) -> Rangee:
    lu = _read(bail, _BAIL)
    return {
        **lu,
        **{c: demande.get(c, "") for c in ("numero_unique", "n_personnes", *_DU_MENAGE)},
        "date_creation_demande": demande["date_creation"],
        "mutation": _mutation(bail.code_de(_DEJA_LOGE), demande.get("statut_logement", "")),
        "dalo": lu["dalo"] or demande["dalo"],
    }


def _mutation(deja_loge: str, statut: str) -> str:
    """Whoever lives in the social stock already, of this bailleur or of another."""
    if deja_loge == "OUI" or statut == "HLM":
        return "oui"
    return "non" if statut else ""


def _evenement(evenement: Noeud, numero: str) -> Rangee:
    rangee = {"numero_unique": numero, **_read(evenement, _EVENEMENT)}
    for une in evenement.tous(*_CARACTERISTIQUE.split("/")):
        colonne, forme = _CARACTERISTIQUES.get(fold(une.texte_de("code")).upper(), ("", None))
        valeur = une.texte_de("valeurCaracteristiqueSpecifique")
        if forme and forme.fullmatch(valeur):
            rangee[colonne] = valeur
    return rangee
