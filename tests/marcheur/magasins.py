"""The stores that the walker plays in: whole, empty, with tables or columns missing, ending within a period."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.tables import (
    CRITERES_MUTATION,
    MOTIFS_DEMANDE,
    STATUTS_LOGEMENT,
    TABLES,
    TYPOLOGIES,
    Colonne,
    Type,
)
from mel_core.entrepot import Chargement, Entrepot
from mel_core.erreurs import AppelIncorrect
from mel_core.journal import Journal
from mel_core.repetition import repeter
from tests.ecrans import metropole
from tests.jeux import table

SEANCES = Path(__file__).with_name("seances.toml")
FIN = date(2017, 12, 31)
N_DEMANDES = 500
# What others refer to: rows are not taken away from them alone.
REFERENCES = ("communes", "quartiers", "bailleurs", "residences")


def demandes() -> dict[str, pa.Table]:
    """Applicants and their events: some never seen, some refused, some ranked second again and again."""
    tirage = random.Random(7)
    lignes, evenements = [], []
    for i in range(N_DEMANDES):
        creation = FIN - timedelta(days=tirage.randrange(30, 2000))
        etat = "RADIEE" if tirage.random() < 0.1 else "ACTIVE"
        lignes.append(
            {
                "numero_unique": f"p{i}",
                "date_creation": creation,
                "etat": etat,
                "date_radiation": FIN - timedelta(days=10) if etat == "RADIEE" else None,
                "motif_radiation": "RADATT" if etat == "RADIEE" else None,
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
            decision = tirage.choice(("ATTRIBUE", "ATTRIBUE", "NON_ATTRIBUE")) if genre == "PASSAGE_CAL" else None
            evenements.append(
                {
                    "id_evenement": f"E{len(evenements)}",
                    "numero_unique": f"p{i}",
                    "type": genre,
                    "date_survenance": FIN - timedelta(days=tirage.randrange(600)),
                    "code_residence": tirage.choice((f"R{metropole.ROUBAIX}00011", None)),
                    "code_bailleur": tirage.choice(("B1", "B2", "B3")),
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


def whole() -> dict[str, pa.Table]:
    return {**metropole.tables(), **demandes(), **autres()}


def publish(
    dossier: Path, tables: Mapping[str, pa.Table], absent: Collection[str] = (), nature: str = "fictive"
) -> None:
    """`absent`: `table.column`s that no file had."""
    given = {}
    for nom, contenu in tables.items():
        for column in (c.partition(".")[2] for c in absent if c.startswith(f"{nom}.")):
            rang = contenu.schema.get_field_index(column)
            contenu = contenu.set_column(
                rang, contenu.schema.field(rang), pa.nulls(len(contenu), contenu.schema.field(rang).type)
            )
        given[nom] = contenu
    columns = {nom: frozenset(c for c in t.column_names if f"{nom}.{c}" not in absent) for nom, t in given.items()}
    entrepot = Entrepot(dossier)
    with entrepot.reserver():
        entrepot.publier(Chargement(given, columns, nature, (metropole.SEUILS,)))


def rehearse(dossier: Path) -> None:
    """A journal with blocages, decisions and an engagement, of a séance held and of one to prepare."""
    repeter(Entrepot(dossier), Journal.du_dossier(dossier), SEANCES)


def complet(dossier: Path) -> None:
    publish(dossier, whole())
    rehearse(dossier)


def sans_journal(dossier: Path) -> None:
    publish(dossier, whole())


def vide(dossier: Path) -> None:
    """Nothing was ever published."""


def attributions_seules(dossier: Path) -> None:
    publish(dossier, {nom: whole()[nom] for nom in ("bailleurs", "attributions")})


def sans_demandes(dossier: Path) -> None:
    publish(dossier, {**metropole.tables(), **autres()})


def demandes_seules(dossier: Path) -> None:
    publish(dossier, demandes())


def sans_colonnes(dossier: Path) -> None:
    """One optional column in three was in no file; which, the seed says."""
    tirage = random.Random(len(dossier.name))
    optional = [f"{t.nom}.{c.nom}" for t in TABLES.values() for c in t.colonnes if not c.requise and c.nom not in t.cle]
    publish(dossier, whole(), tirage.sample(optional, len(optional) // 3))


def sans_etiquettes(dossier: Path) -> None:
    labels = ("aci", "mutation_bloquee", "npru")
    publish(dossier, whole(), [f"{t}.{nom}" for t in ("attributions", "demandes") for nom in labels])
    rehearse(dossier)


def milieu_de_periode(dossier: Path) -> None:
    """Leases from the middle of a semester to the middle of another."""
    tables = whole()
    dates = tables["attributions"]["date_bail"]
    kept = pc.and_(pc.greater_equal(dates, date(2016, 9, 10)), pc.less_equal(dates, date(2017, 10, 12)))
    publish(dossier, {**tables, "attributions": tables["attributions"].filter(kept)})
    rehearse(dossier)


def reel_sans_connexion(dossier: Path) -> None:
    publish(dossier, whole(), nature="reelle")


def tire(dossier: Path) -> None:
    """Any tables, rows and values: few rows or many, a column that no file had, another that never changes or that
    nobody filled elsewhere. The name of the directory draws them."""
    tirage = random.Random(dossier.name)
    tables, absent = {}, []
    for nom, contenu in whole().items():
        if tirage.random() < 0.1:
            continue
        part = 1 if nom in REFERENCES else tirage.choice((1, 1, 0.4, 0.05))
        lignes = [dict(ligne) for ligne in tirage.sample(contenu.to_pylist(), int(len(contenu) * part))]
        for colonne in TABLES[nom].colonnes:
            if colonne.requise or colonne.reference:
                continue
            sort = tirage.random()
            if sort < 0.1:
                absent.append(f"{nom}.{colonne.nom}")
            elif colonne.type is Type.DATE:
                continue  # dates of a row go together
            elif sort < 0.2 or (sort < 0.7 and all(ligne[colonne.nom] is None for ligne in lignes)):
                seule = _any(colonne, tirage) if sort < 0.2 else None
                for ligne in lignes:
                    ligne[colonne.nom] = seule if sort < 0.2 else _any(colonne, tirage)
        tables[nom] = pa.Table.from_pylist(lignes, contenu.schema)
    publish(dossier, tables, absent)
    if tirage.random() < 0.7:
        with suppress(AppelIncorrect):  # nobody is left in the segment of an engagement
            rehearse(dossier)


def _any(colonne: Colonne, tirage: random.Random) -> object:
    match colonne.type:
        case Type.CODE:
            return tirage.choice(colonne.valeurs)
        case Type.CODE_ENTIER:
            return int(tirage.choice(colonne.valeurs))
        case Type.BOOLEEN:
            return tirage.random() < 0.5
        case Type.ENTIER:
            return tirage.randrange(1, 60)
        case Type.NOMBRE:
            return tirage.random() * (colonne.maximum if colonne.maximum == 1 else 3000)
        case _:
            return None


MAGASINS: dict[str, Callable[[Path], None]] = {
    f.__name__: f
    for f in (
        complet,
        sans_journal,
        vide,
        attributions_seules,
        sans_demandes,
        demandes_seules,
        sans_colonnes,
        sans_etiquettes,
        milieu_de_periode,
        reel_sans_connexion,
    )
}
