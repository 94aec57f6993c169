"""Files of the SNE interface, written from its list of fields: one demande each, or the events of one."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping as Correspondance
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from mel_core.contrat.controle import check
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.rapport import Gravite, Jeu

ESPACE = "http://nuu.application.i2/"
NOM, PRENOM, NAISSANCE, VOIE, LIBRE = (
    "ZORGLUBOWSKI",
    "Euphrasine",
    "1913-11-07",
    "rue du Perroquet Vert",
    "libre propos",
)
PLANTES = (NOM, PRENOM, NAISSANCE, VOIE, LIBRE, "0699887766", "zorglub@exemple.fr")


def balise(nom: str, *enfants: str, code: str | None = None) -> str:
    attribut = "" if code is None else f" code={quoteattr(code)}"
    return f"<tns:{nom}{attribut}>{''.join(enfants)}</tns:{nom}>"


def texte(nom: str, valeur: Any) -> str:
    return balise(nom, escape(str(valeur))) if valeur not in (None, "") else ""


def code(nom: str, valeur: Any) -> str:
    return balise(nom, code=str(valeur)) if valeur not in (None, "") else ""


def fichier(*corps: str, version: str = "02.01", type_fichier: str = "MOD", date: str = "2017-12-31T10:00:00") -> bytes:
    entete = balise("entete", texte("typeFichier", type_fichier), texte("dateFichier", date))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<tns:interfaceNuu xmlns:tns="{ESPACE}" versionInterface="{version}">\n'
        f"{entete}\n{''.join(corps)}\n</tns:interfaceNuu>"
    ).encode()


def _adresse(nom: str, commune: str) -> str:
    return balise(
        nom,
        texte("etranger", "false"),
        texte("numero", "12"),
        texte("voie", VOIE),
        texte("codePostal", "59000"),
        code("commune", commune),
    )


def _ressources(nom: str, montants: Sequence[int]) -> str:
    return balise(nom, *(balise("detailRessource", code("ressource", "SAL"), texte("montant", m)) for m in montants))


def _identite(nom: str) -> str:
    return "".join(
        (
            code("civilite", "2"),
            texte("nom", nom),
            texte("prenom", PRENOM),
            texte("dateNaissance", NAISSANCE),
            code("nationalite", "1"),
            code("situationFamiliale", "M"),
        )
    )


def _revenu(montant: Any) -> str:
    return balise(
        "revenuFiscal", texte("anneeMoins1", 2016), texte("anneeMoins2", 2015), texte("montantMoins2", montant)
    )


def _demandeur(d: Correspondance[str, Any]) -> str:
    return balise(
        "demandeur",
        _identite(NOM),
        texte("telPortable", "0699887766"),
        texte("mel", "zorglub@exemple.fr"),
        _adresse("adressePostale", d.get("commune", "59350")),
        balise(
            "situationProfessionnelle",
            texte("profession", "oiseleur"),
            code("typeContratTravail", d.get("contrat", "CDI")),
        ),
        _revenu(d.get("revenu")),
        _ressources("listeRessourceRecue", d.get("ressources", ())),
        _ressources("listeRessourceVersee", d.get("pensions", ())),
        _ressources("listeRessourceRecuePersACharge", ()),
        _ressources("listeRessourceVerseePersACharge", ()),
    )


def _cotitulaire(c: Correspondance[str, Any]) -> str:
    return balise(
        "cotitulaire",
        _identite("COTITULOWSKI"),
        code("lienDemandeur", c.get("lien", "M")),
        balise("situationProfessionnelle", code("typeContratTravail", "CDD")),
        _revenu(c.get("revenu")),
        _ressources("listeRessourceRecue", c.get("ressources", ())),
        _ressources("listeRessourceVersee", ()),
    )


def _personne(d: Correspondance[str, Any]) -> str:
    a_charge = balise(
        "personneACharge",
        texte("nom", NOM),
        texte("prenom", PRENOM),
        texte("dateNaissance", NAISSANCE),
        code("sexe", "F"),
    )
    return balise(
        "personnePhysique",
        _demandeur(d),
        balise("listePersonneACharge", *[a_charge] * d.get("a_charge", 0)),
        balise("personneANaitre", texte("nombre", d["a_naitre"])) if d.get("a_naitre") else "",
        balise("listeCotitulaire", *map(_cotitulaire, d.get("cotitulaires", ()))),
        balise(
            "logementActuel",
            balise("listeModeleLogement", *(code("modeleLogement", s) for s in d.get("statuts", ("LP",)))),
            texte("compNomOrgBailleur", NOM),
            texte("proprietaire", "false"),
        ),
    )


def _bail(b: Correspondance[str, Any]) -> str:
    return balise(
        "attributionLogement",
        texte("dateSignatureBail", b["date"]),
        code("dejaLogeParcBailleur", b.get("deja_loge", "NON")),
        texte("numeroRpls", b.get("rpls", "5900000001")),
        texte("attribueEnComDALO", b.get("dalo", "false")),
        code("accordCollectif", b.get("accord", "AUCUN")),
        code("typeReservataire", b.get("reservataire", "AUCUN")),
        texte("codeSirenBailleur", b.get("bailleur", "111222333")),
        code("typeLogement", b.get("typologie", "T3")),
        balise("adresse", texte("numero", "3"), texte("voie", VOIE), code("commune", b.get("commune", "59350"))),
    )


def demande(numero: str, **d: Any) -> bytes:
    """A file that the schema accepts. `bail`, `cotitulaires`: drawn by their own keys."""
    radiation = d.get("radiation") or (d["bail"]["date"] if "bail" in d else None)
    corps = balise(
        "demandeLogement",
        texte("numGuichet", "G0001"),
        texte("numUnique", numero),
        texte("dateCreationDemande", d.get("creation", "2015-03-31")),
        texte("precision", LIBRE),
        balise(
            "informationTraitement",
            texte("estDelaiAnormalementLong", d["delai"]),
            texte("estMultiplesAttributionsSousConditions", d.get("poulidor", "false")),
        )
        if "delai" in d
        else "",
        balise(
            "logementRecherche",
            texte("demandeElargie", "false"),
            balise("listeTypeLogement", *(code("typeLogement", t) for t in d.get("typologies", ("T2", "T3")))),
            balise(
                "listeLocalisationSouhaite",
                *(balise("localisationSouhaite", code("commune", c)) for c in d.get("communes", ("59350",))),
            ),
        ),
        balise("principauxMotifDemande", texte("compAutreMotif", LIBRE), code("motifDemande", d.get("motif", "13"))),
        balise("association", texte("nom", NOM)) if d.get("association") else _personne(d),
        balise("renouvellement", texte("dateRenouvellement", d["renouvellement"])) if "renouvellement" in d else "",
        balise(
            "radiation",
            texte("dateRadiation", radiation),
            balise("motifRadiation", code=d["motif_radiation"])
            if d.get("motif_radiation")
            else balise("motifRadiation"),
            _bail(d["bail"]) if "bail" in d else "",
        )
        if radiation
        else "",
    )
    dalo = balise("informationDalo", code("statutDalo", d["dalo"])) if "dalo" in d else ""
    options = {k: d[k] for k in ("version", "type_fichier", "date") if k in d}
    return fichier(balise("demande", dalo, corps), **options)


def evenements(numero: str, *dessins: Correspondance[str, Any]) -> bytes:
    """The events of one demande, under the schema of the shared management. `caracteristiques`: code → value."""
    liste = [
        balise(
            "evenement",
            texte("idEvenement", e["id"]),
            texte("codeTypeEvenement", e["type"]),
            texte("libelleTypeEvenement", "un libellé"),
            texte("auteurCreation", NOM),
            texte("dateSurvenance", e["date"]),
            texte("commentaire", LIBRE),
            balise(
                "listeCaracteristiquesSpecifiques",
                *(
                    balise("caracteristiqueSpecifique", texte("code", c), texte("valeurCaracteristiqueSpecifique", v))
                    for c, v in e["caracteristiques"].items()
                ),
            )
            if e.get("caracteristiques")
            else "",
        )
        for e in dessins
    ]
    entete = balise(
        "entete",
        texte("typeFichier", "LIS"),
        texte("dateFichier", "2017-12-31T10:00:00"),
        texte("codeGuichet", "G0001"),
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<tns:interfaceNuu xmlns:tns="{ESPACE}" versionInterface="02.00">'
        f"{entete}{balise('operation', texte('numUnique', numero))}\n"
        f"{balise('listeEvenements', *liste)}</tns:interfaceNuu>"
    ).encode()


def write(chemin: Path, fichiers: Correspondance[str, bytes | str]) -> Path:
    """A zip, or a folder, of these files."""
    octets = {nom: f.encode() if isinstance(f, str) else f for nom, f in fichiers.items()}
    if chemin.suffix == ".zip":
        with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
            for nom, contenu in octets.items():
                archive.writestr(nom, contenu)
        return chemin
    for nom, contenu in octets.items():
        (chemin / nom).parent.mkdir(parents=True, exist_ok=True)
        (chemin / nom).write_bytes(contenu)
    return chemin


# One of each kind that the tests play: what a schema would say of them is asked by `scripts/valider_sne.py`.
EXEMPLES = {
    "demande seule": demande("999000000000000001"),
    "demande 02.00": demande("999000000000000002", version="02.00"),
    "menage": demande(
        "999000000000000003",
        a_charge=2,
        a_naitre=1,
        cotitulaires=[{"lien": "M", "revenu": 9000}, {"lien": "L", "ressources": (800,)}],
        revenu=12000,
        ressources=(1000, 300),
        pensions=(100,),
        dalo="ACTIF",
        delai="true",
        statuts=("LP", "HLM"),
        renouvellement="2017-03-31",
    ),
    "bail": demande(
        "999000000000000004", motif_radiation="RADATT", bail={"date": "2017-09-30", "accord": "ACI", "dalo": "true"}
    ),
    "deradiation": demande("999000000000000005", radiation="2017-05-31"),
    "association": demande("999000000000000006", association=True),
    "evenements": evenements(
        "999000000000000001",
        {"id": 1, "type": "PASSCAL", "date": "2017-05-01", "caracteristiques": {"DECISION": "ATTRIBUE", "RANG": "2"}},
        {"id": 2, "type": "VISITE", "date": "2017-05-02"},
    ),
}


JOUR = date(2018, 1, 15)
BAILLEURS = {"bailleurs.csv": "code_bailleur;nom\n111222333;Bailleur un\n444555666;Bailleur deux\n"}
SNE = Mapping(modele="sne")


def lire(dossier: Path, fichiers: dict[str, bytes], mapping: Mapping = SNE, nom: str = "sne.zip") -> Jeu:
    return check(write(dossier / nom, {**BAILLEURS, **fichiers}), mapping=mapping, aujourdhui=JOUR)


def une(jeu: Jeu, table: str) -> dict[str, Any]:
    (rangee,) = jeu.tables[table].to_pylist()
    return rangee


def bloquants(jeu: Jeu) -> list[str]:
    return [_lisible(a.message) for a in jeu.rapport.anomalies if a.gravite is Gravite.BLOQUANT]


def dits(jeu: Jeu) -> list[str]:
    """What the report says of how the files were read."""
    return [_lisible(a.message) for a in jeu.rapport.anomalies if a.regle == "modele"]


def _lisible(phrase: str) -> str:
    return phrase.replace("\u00a0", " ")
