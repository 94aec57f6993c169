"""One file of the SNE interface: which tags are read, and the rows of the contract that they make.

Names, birth dates, nationalities, addresses and free texts are not in `VOULU`: they are never read. Of an address, the
commune alone. Source: schemas InterfaceNuu v02.00 and v02.01, InterfaceNuuGPEvenement v02.00.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mel_core.contrat.modeles import xml_borne
from mel_core.contrat.modeles.catalogue import NUMERO_RPLS
from mel_core.contrat.modeles.xml_borne import Noeud, Refuse
from mel_core.contrat.proches import fold

ESPACE = "http://nuu.application.i2/"
_RACINE, _VERSION = "interfaceNuu", re.compile(r"02\.[0-9]{2}")

_TEXTE: dict[str, Any] = {}
_RESSOURCES = {"detailRessource": {"montant": _TEXTE}}
_TITULAIRE = {
    "situationProfessionnelle": {"typeContratTravail": _TEXTE},
    "revenuFiscal": {"montantMoins2": _TEXTE},
    "listeRessourceRecue": _RESSOURCES,
    "listeRessourceVersee": _RESSOURCES,
}
_COMMUNE = {"commune": _TEXTE}
_DEMANDE = {
    "numUnique": _TEXTE,
    "dateCreationDemande": _TEXTE,
    "informationTraitement": {"estDelaiAnormalementLong": _TEXTE, "estMultiplesAttributionsSousConditions": _TEXTE},
    "logementRecherche": {
        "listeTypeLogement": {"typeLogement": _TEXTE},
        "listeLocalisationSouhaite": {"localisationSouhaite": _COMMUNE},
    },
    "principauxMotifDemande": {"motifDemande": _TEXTE},
    "personnePhysique": {
        "demandeur": {
            **_TITULAIRE,
            "adressePostale": _COMMUNE,
            "listeRessourceRecuePersACharge": _RESSOURCES,
            "listeRessourceVerseePersACharge": _RESSOURCES,
        },
        "adresseLogement": _COMMUNE,
        "listePersonneACharge": {"personneACharge": _TEXTE},
        "listeCotitulaire": {"cotitulaire": {"lienDemandeur": _TEXTE, **_TITULAIRE}},
        "logementActuel": {"listeModeleLogement": {"modeleLogement": _TEXTE}, **_COMMUNE},
    },
    "renouvellement": {"dateRenouvellement": _TEXTE},
    "radiation": {
        "dateRadiation": _TEXTE,
        "motifRadiation": _TEXTE,
        "attributionLogement": {
            "dateSignatureBail": _TEXTE,
            "dejaLogeParcBailleur": _TEXTE,
            NUMERO_RPLS: _TEXTE,
            "attribueEnComDALO": _TEXTE,
            "accordCollectif": _TEXTE,
            "typeReservataire": _TEXTE,
            "codeSirenBailleur": _TEXTE,
            "typeLogement": _TEXTE,
            "adresse": _COMMUNE,
        },
    },
}
_EVENEMENT = {
    "idEvenement": _TEXTE,
    "codeTypeEvenement": _TEXTE,
    "dateSurvenance": _TEXTE,
    "listeCaracteristiquesSpecifiques": {
        "caracteristiqueSpecifique": {"code": _TEXTE, "valeurCaracteristiqueSpecifique": _TEXTE}
    },
}
VOULU = {
    "entete": {"typeFichier": _TEXTE, "dateFichier": _TEXTE},
    "demande": {"informationDalo": {"statutDalo": _TEXTE}, "demandeLogement": _DEMANDE},
    "operation": {"numUnique": _TEXTE},
    "listeEvenements": {"evenement": _EVENEMENT},
    "listeTypesEvenements": {"typeEvenement": _TEXTE},
}

# Codes of the product for what the schema has no field for; a value that is no code is a free text, and is not read.
_CARACTERISTIQUES = {
    "DECISION": ("decision", re.compile(r"\w{1,20}")),
    "RANG": ("rang", re.compile(r"[0-9]{1,3}")),
    "BAILLEUR": ("code_bailleur", re.compile(r"(?=\w*[0-9])\w{1,20}")),
    "TYPOLOGIE": ("typologie", re.compile(r"C|T[1-9]P?")),
}
_FOYER_FISCAL = ("M", "P")  # married or pacsé: one declaration for both

Rangee = dict[str, str]


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
        lu.lignes["attributions"] += (Ligne(_bail(bail, rangee, dalo), nom, bail.ligne) for bail in baux)
    numero = racine.texte_de("operation", "numUnique")
    evenements = racine.tous("listeEvenements", "evenement")
    lu.lignes["evenements"] += (Ligne(_evenement(e, numero), nom, e.ligne) for e in evenements)
    return lu


def _demande(demande: Noeud, dalo: str) -> Rangee:
    motif = demande.code_de("radiation", "motifRadiation")
    return {
        "numero_unique": demande.texte_de("numUnique"),
        "date_creation": _jour(demande.texte_de("dateCreationDemande")),
        "date_renouvellement": _jour(demande.texte_de("renouvellement", "dateRenouvellement")),
        # A radiation without a motive is the interface's way to undo one.
        "etat": "RADIEE" if motif else "ACTIVE",
        "date_radiation": _jour(demande.texte_de("radiation", "dateRadiation")),
        "motif_radiation": motif,
        "code_insee_actuel": _commune(demande),
        "motif": demande.code_de("principauxMotifDemande", "motifDemande"),
        "typologies": _liste(demande.tous("logementRecherche", "listeTypeLogement", "typeLogement")),
        "communes_souhaitees": _liste(
            demande.tous("logementRecherche", "listeLocalisationSouhaite", "localisationSouhaite", "commune")
        ),
        "dalo": dalo,
        "delai_anormalement_long": demande.texte_de("informationTraitement", "estDelaiAnormalementLong"),
        "multiples_attributions_sous_conditions": demande.texte_de(
            "informationTraitement", "estMultiplesAttributionsSousConditions"
        ),
        **_menage(demande),
    }


def _menage(demande: Noeud) -> Rangee:
    """What the household is; nothing for an association, which is none."""
    personne = demande.un("personnePhysique")
    if personne is None:
        return {}
    cotitulaires = personne.tous("listeCotitulaire", "cotitulaire")
    titulaires = [*personne.tous("demandeur"), *cotitulaires]
    charges = personne.tous("listePersonneACharge", "personneACharge")
    statuts = [n.code for n in personne.tous("logementActuel", "listeModeleLogement", "modeleLogement") if n.code]
    return {
        "n_personnes": str(len(titulaires) + len(charges)) if titulaires else "",
        "revenu_fiscal": _revenu(titulaires),
        "ressources_mensuelles": _ressources(titulaires),
        "statut_logement": "HLM" if "HLM" in statuts else next(iter(statuts), ""),
        "actif": personne.code_de("demandeur", "situationProfessionnelle", "typeContratTravail"),
    }


def _revenu(titulaires: list[Noeud]) -> str:
    """The year N−2 of all who sign. A couple's declaration, given once or twice, counts once; else all or nothing."""
    montants = [t.texte_de("revenuFiscal", "montantMoins2") for t in titulaires]
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
            for liste in (nom, f"{nom}PersACharge")
            for n in titulaire.tous(liste, "detailRessource", "montant")
            if (montant := n.texte.strip())
        ]
        for nom in ("listeRessourceRecue", "listeRessourceVersee")
    )
    try:
        return str(sum(map(int, recues)) - sum(map(int, versees))) if recues else ""
    except ValueError:
        return next(montant for montant in (*recues, *versees) if not montant.lstrip("-").isdigit())


def _commune(demande: Noeud) -> str:
    chemins = (("logementActuel",), ("adresseLogement",), ("demandeur", "adressePostale"))
    return next((c for ch in chemins if (c := demande.code_de("personnePhysique", *ch, "commune"))), "")


def _bail(bail: Noeud, demande: Rangee, dalo: str) -> Rangee:
    return {
        "numero_unique": demande["numero_unique"],
        "date_bail": _jour(bail.texte_de("dateSignatureBail")),
        "date_creation_demande": demande["date_creation"],
        "code_insee": bail.code_de("adresse", "commune"),
        "code_bailleur": bail.texte_de("codeSirenBailleur"),
        NUMERO_RPLS: bail.texte_de(NUMERO_RPLS),
        "typologie": bail.code_de("typeLogement"),
        "reservataire": bail.code_de("typeReservataire"),
        "mutation": _mutation(bail.code_de("dejaLogeParcBailleur"), demande.get("statut_logement", "")),
        "aci": bail.code_de("accordCollectif"),
        "dalo": bail.texte_de("attribueEnComDALO") or dalo,
        **{c: demande.get(c, "") for c in ("n_personnes", "revenu_fiscal", "ressources_mensuelles", "actif")},
    }


def _mutation(deja_loge: str, statut: str) -> str:
    """Whoever lives in the social stock already, of this bailleur or of another."""
    if deja_loge == "OUI" or statut == "HLM":
        return "oui"
    return "non" if statut else ""


def _evenement(evenement: Noeud, numero: str) -> Rangee:
    rangee = {
        "id_evenement": evenement.texte_de("idEvenement"),
        "numero_unique": numero,
        "type": evenement.texte_de("codeTypeEvenement"),
        "date_survenance": _jour(evenement.texte_de("dateSurvenance")),
    }
    for une in evenement.tous("listeCaracteristiquesSpecifiques", "caracteristiqueSpecifique"):
        colonne, forme = _CARACTERISTIQUES.get(fold(une.texte_de("code")).upper(), ("", None))
        valeur = une.texte_de("valeurCaracteristiqueSpecifique")
        if forme and forme.fullmatch(valeur):
            rangee[colonne] = valeur
    return rangee


def _liste(noeuds: list[Noeud]) -> str:
    return "|".join(dict.fromkeys(n.code for n in noeuds if n.code))


def _jour(texte: str) -> str:
    """`xs:date` may bear an hour or a time zone: the day as it is written."""
    return texte[:10] if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[TZ+-].*)?", texte) else texte
