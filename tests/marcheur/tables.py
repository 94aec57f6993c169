"""The tables that the walker's stores and files are made of: something in each column of each of them."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from functools import cache

import pyarrow as pa

from mel_core.contrat.colonnes import Colonne, Type
from mel_core.contrat.tables import (
    CRITERES_MUTATION,
    FINANCEMENTS,
    MOTIFS_DEMANDE,
    STATUTS_LOGEMENT,
    TABLES,
    TYPOLOGIES,
)
from tests.ecrans import metropole
from tests.jeux import table

FIN = date(2017, 12, 31)
N_DEMANDES = 500
TEXTES = {"typologie": TYPOLOGIES, "financement": FINANCEMENTS, "nom_qpv": ("Un quartier d’essai",)}


def demandes(logees: pa.Table | None = None) -> dict[str, pa.Table]:
    """Applicants and their events: some never seen, some refused, some ranked second again and again; before them,
    those whom the attributions `logees` housed."""
    tirage = random.Random(7)
    lignes, evenements = [], []
    logees_de = logees.select(("pseudonyme", "date_creation_demande", "date_bail")).to_pylist() if logees else []
    for i in range(len(logees_de) + N_DEMANDES):
        nom, creation, depart = (*logees_de[i].values(),) if i < len(logees_de) else (f"d{i}", None, None)
        creation = creation or FIN - timedelta(days=tirage.randrange(30, 2000))
        depart = depart or (FIN - timedelta(days=10) if tirage.random() < 0.1 else None)
        lignes.append(
            {
                "numero_unique": nom,
                "date_creation": creation,
                "etat": "RADIEE" if depart else "ACTIVE",
                "date_radiation": depart,
                "motif_radiation": "RADATT" if depart else None,
                "n_personnes": tirage.randrange(1, 7),
                "n_uc": 1.0,
                "revenu_fiscal": tirage.uniform(1000, 20000) if tirage.random() < 0.9 else None,
                "ressources_mensuelles": tirage.uniform(200, 2000) if tirage.random() < 0.9 else None,
                "statut_logement": tirage.choice(STATUTS_LOGEMENT),
                "code_insee_actuel": tirage.choice((*metropole.VOLUMES, "hors_mel")),
                "code_bailleur_actuel": tirage.choice(("B1", "B2", None)),
                "motif": tirage.choice(MOTIFS_DEMANDE),
                "typologies": tirage.sample(TYPOLOGIES, 2),
                "communes_souhaitees": tirage.sample(list(metropole.VOLUMES), 2),
                "aci": tirage.random() < 0.3,
                "dalo": tirage.random() < 0.1,
                "pdalhpd": False,
                "mutation_bloquee": tirage.random() < 0.15,
                "npru": tirage.random() < 0.05,
                "critere_mutation": tirage.choice(CRITERES_MUTATION),
                "actif": tirage.random() < 0.5,
                "age": tirage.randrange(18, 90),
            }
        )
        for _ in range(tirage.choice((0, 0, 1, 3))):
            genre = tirage.choice(("PROPOSITION", "PASSAGE_CAL", "PASSAGE_CAL", "REFUS_DEMANDEUR", "VISITE"))
            bailleur = tirage.choice(("B1", "B2", "B3"))
            # One bailleur says no far more often than the others: it is found and told.
            dites = ("NON_ATTRIBUE",) if bailleur == "B3" else ("ATTRIBUE",) * 9 + ("NON_ATTRIBUE",)
            decision = tirage.choice(dites) if genre == "PASSAGE_CAL" else None
            evenements.append(
                {
                    "id_evenement": f"E{len(evenements)}",
                    "numero_unique": nom,
                    "type": genre,
                    "date_survenance": FIN - timedelta(days=tirage.randrange(600)),
                    "code_residence": tirage.choice((f"R{metropole.ROUBAIX}00011", None)),
                    "code_bailleur": bailleur,
                    "typologie": tirage.choice(TYPOLOGIES),
                    "decision": decision,
                    "rang": tirage.choice((1, 2, 2, 3)) if decision == "ATTRIBUE" else None,
                }
            )
    return {"demandes": table("demandes", *lignes), "evenements": table("evenements", *evenements)}


def autres() -> dict[str, pa.Table]:
    """Reception network, operations to build, returns of the commissions."""
    return {
        "accueil": table(
            "accueil",
            *(
                {
                    "code_lieu": lieu,
                    "mois": f"2017-{mois:02d}",
                    "nom": f"Accueil {lieu}",
                    "type_lieu": genre,
                    "porteur": porteur,
                    "code_insee": metropole.ROUBAIX,
                    "n_pre_accueil": 20 + mois,
                    "n_enregistrements": None if genre == "RELAIS" else 10,
                    "n_entretiens": None if genre == "RELAIS" else 5,
                }
                for lieu, genre, porteur in (("L1", "LABELLISE", "COMMUNE"), ("L2", "RELAIS", "ASSOCIATION"))
                for mois in range(1, 13)
            ),
        ),
        "programmation": table(
            "programmation",
            *(
                {
                    "code_operation": f"O{i}",
                    "nom": f"Opération {i}",
                    "code_insee": metropole.ROUBAIX,
                    "annee": 2017,
                    "n_logements": 30,
                    "n_plus": 20,
                    "n_plai": 10,
                    "n_pls": 0,
                    "npru": i == 0,
                }
                for i in range(3)
            ),
        ),
        "commissions_qpv": table(
            "commissions_qpv",
            {"id_retour": "C1", "code_qpv": f"QP1{metropole.ROUBAIX}", "date": date(2017, 10, 3), "n_candidats": 40},
        ),
    }


@cache
def whole() -> dict[str, pa.Table]:
    """Every table; every column holds something."""
    tirage, tables = random.Random(3), metropole.tables()
    return {
        nom: _filled(nom, t, tirage) for nom, t in {**tables, **demandes(tables["attributions"]), **autres()}.items()
    }


def _filled(nom: str, contenu: pa.Table, tirage: random.Random) -> pa.Table:
    """Something in the columns that nobody filled."""
    for rang, champ in enumerate(contenu.schema):
        if contenu[champ.name].null_count == len(contenu) and champ.name in TABLES[nom].noms:
            tires = [any_value(TABLES[nom].colonne(champ.name), tirage) for _ in range(len(contenu))]
            contenu = contenu.set_column(rang, champ, pa.array(tires, champ.type))
    return contenu


def any_value(colonne: Colonne, tirage: random.Random) -> object:
    """A value that no other contradicts; None for dates and references, which go with the rest of their row."""
    match colonne.type:
        case Type.CODE:
            return tirage.choice(colonne.valeurs)
        case Type.CODE_ENTIER:
            return int(tirage.choice(colonne.valeurs))
        case Type.BOOLEEN:
            return tirage.random() < 0.5
        case Type.ENTIER:
            return {"population": 2500, "annee_enquete": 2016}.get(colonne.nom, tirage.choice((0, 1, 2, 3, 40)))
        case Type.NOMBRE:
            return tirage.random() * (colonne.maximum if colonne.maximum == 1 else 3000)
        case _:
            return tirage.choice(TEXTES[colonne.nom]) if colonne.nom in TEXTES else None


def contours(*codes: str) -> bytes:
    """A GeoJSON of squares near Lille, of whatever these codes name."""
    carre = [[3.06, 50.63], [3.06, 50.64], [3.07, 50.64], [3.07, 50.63], [3.06, 50.63]]
    trace = {"type": "Polygon", "coordinates": [carre]}
    nommes = [dict.fromkeys(("code_quartier", "code_qpv", "ici", "nom"), code) for code in codes]
    entites = [{"type": "Feature", "properties": noms, "geometry": trace} for noms in nommes]
    return json.dumps({"type": "FeatureCollection", "features": entites}).encode()


def longue(logees: pa.Table) -> pa.Table:
    """The same attributions once more, two years before: four years of them in all."""
    avant = [
        {
            **ligne,
            **{c: ligne[c] - timedelta(days=731) for c in ("date_bail", "date_creation_demande") if ligne[c]},
            **{c: f"avant {ligne[c]}" for c in ("id_attribution", "pseudonyme")},
        }
        for ligne in logees.to_pylist()
    ]
    return pa.concat_tables([logees, pa.Table.from_pylist(avant, logees.schema)])
