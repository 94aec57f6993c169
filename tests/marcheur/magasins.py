"""The stores that the walker plays in: whole, empty, with tables or columns missing, ending within a period."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.contours import publish, read
from mel_core.contrat.tables import (
    CRITERES_MUTATION,
    FINANCEMENTS,
    MOTIFS_DEMANDE,
    STATUTS_LOGEMENT,
    TABLES,
    TYPOLOGIES,
    Colonne,
    Type,
)
from mel_core.demo.repetition import rehearse
from mel_core.entrepot import Chargement, Entrepot
from mel_core.indicateurs.gel_indicateurs import freeze
from mel_core.journal import Auteur, Journal, nouvel_identifiant, nouvel_op_id
from mel_core.seance.coordination import blocages
from mel_core.seance.coordination.signature import sign
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance
from tests.ecrans import metropole
from tests.jeux import table

SEANCES = Path(__file__).with_name("seances.toml")
FIN = date(2017, 12, 31)
SEUILS = "".join(
    f'[[seuils_premier_quartile]]\nannee = {annee}\nseuil_eur_uc = 8000\nsource = "Essai"\n'
    for annee in range(2014, 2018)
)
N_DEMANDES = 500
TEXTES = {"typologie": TYPOLOGIES, "financement": FINANCEMENTS, "nom_qpv": ("Un quartier d’essai",)}
# What others refer to: rows are not taken away from them alone.
REFERENCES = ("quartiers", "residences")
DECOUPAGE = ("communes", "bailleurs")  # what the journal was written on
PORTEURS = (("code_bailleur", ("B1", "B2", "B3")), ("code_insee", tuple(metropole.VOLUMES)))


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
            dites = ("ATTRIBUE", "ATTRIBUE", "ATTRIBUE", "NON_ATTRIBUE")[2 * (bailleur == "B3") :]
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
            tires = [_any(TABLES[nom].colonne(champ.name), tirage) for _ in range(len(contenu))]
            contenu = contenu.set_column(rang, champ, pa.array(tires, champ.type))
    return contenu


def _any(colonne: Colonne, tirage: random.Random) -> object:
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


def publish_drawn(
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
    with entrepot.reserve():
        entrepot.publish(Chargement(given, columns, nature, (SEUILS,)))


def contours(*codes: str) -> bytes:
    """A GeoJSON of squares near Lille, of whatever these codes name."""
    carre = [[3.06, 50.63], [3.06, 50.64], [3.07, 50.64], [3.07, 50.63], [3.06, 50.63]]
    trace = {"type": "Polygon", "coordinates": [carre]}
    nommes = [dict.fromkeys(("code_quartier", "code_qpv", "ici", "nom"), code) for code in codes]
    entites = [{"type": "Feature", "properties": noms, "geometry": trace} for noms in nommes]
    return json.dumps({"type": "FeatureCollection", "features": entites}).encode()


def rehearse_in(dossier: Path) -> None:
    """A journal with blocages, decisions and an engagement, of a séance held and of one to prepare: of the last ones
    to sort, one is set aside, one is grouped with the first, and all are of one commune."""
    journal, auteur = Journal.du_dossier(dossier), Auteur("Camille Essai", "MEL")
    rehearse(Entrepot(dossier), journal, SEANCES)
    recus = [fiche for fiche, _ in blocages.find_all(journal, seance="2017S2", organisation=metropole.ROUBAIX)]
    ecarte, regroupe, porteur = [f for f in recus if f.contenu["etat"] == blocages.Etat.RECU][-3:]
    blocages.refuse(journal, ecarte, "Déjà traité à la séance précédente.", auteur, nouvel_op_id())
    blocages.merge(journal, porteur, [regroupe], auteur, nouvel_op_id())


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


def complet(dossier: Path) -> None:
    """Four years; one quartier has no contour."""
    publish_drawn(dossier, {**whole(), "attributions": longue(whole()["attributions"])})
    rehearse_in(dossier)
    quartiers = whole()["quartiers"]["code_quartier"].to_pylist()[1:]
    qpv = whole()["quartiers"]["code_qpv"].unique().drop_null().to_pylist()
    for couche, codes in {"quartiers": quartiers, "qpv": qpv, "ici": ["ICI 1", "ICI 2"]}.items():
        publish(dossier, read(contours(*codes), "c.geojson", couche), est_fictive=True)


def signe(dossier: Path) -> None:
    """The last séance is signed, the one before is frozen by the command line: what is written comes after. The journal
    has more than a page."""
    complet(dossier)
    entrepot, journal = Entrepot(dossier), Journal.du_dossier(dossier)
    freeze(entrepot, Seance.read("2017S1"))
    auteur = Auteur("Camille Essai", "MEL")
    sign(journal, entrepot, Seance.read("2017S2"), "vice-présidente", auteur, nouvel_op_id(), ici="ICI 2")
    for n in range(60):
        contenu = {"couche": "qpv", "bilan": langue.effectif(n, "contour lu", "contours lus")}
        journal.write("contours", nouvel_identifiant(), contenu, auteur, nouvel_op_id())


def sans_journal(dossier: Path) -> None:
    publish_drawn(dossier, whole())


def vide(dossier: Path) -> None:
    """Nothing was ever published."""


def attributions_seules(dossier: Path) -> None:
    publish_drawn(dossier, {nom: whole()[nom] for nom in ("bailleurs", "attributions")})


def sans_demandes(dossier: Path) -> None:
    publish_drawn(dossier, {**metropole.tables(), **autres()})


def demandes_seules(dossier: Path) -> None:
    publish_drawn(dossier, demandes())


def sans_colonnes(dossier: Path) -> None:
    """One optional column in three was in no file; which, the seed says."""
    tirage = random.Random(len(dossier.name))
    optional = [f"{t.nom}.{c.nom}" for t in TABLES.values() for c in t.colonnes if not c.requise and c.nom not in t.cle]
    publish_drawn(dossier, whole(), tirage.sample(optional, len(optional) // 3))


def sans_etiquettes(dossier: Path) -> None:
    labels = ("aci", "mutation_bloquee", "npru")
    publish_drawn(dossier, whole(), [f"{t}.{nom}" for t in ("attributions", "demandes") for nom in labels])
    rehearse_in(dossier)


def milieu_de_periode(dossier: Path) -> None:
    """Leases from the middle of a semester to the middle of another."""
    tables = whole()
    dates = tables["attributions"]["date_bail"]
    kept = pc.and_(pc.greater_equal(dates, date(2016, 9, 10)), pc.less_equal(dates, date(2017, 10, 12)))
    publish_drawn(dossier, {**tables, "attributions": tables["attributions"].filter(kept)})
    rehearse_in(dossier)


def reel_sans_connexion(dossier: Path) -> None:
    publish_drawn(dossier, whole(), nature="reelle")


def tire(dossier: Path) -> None:
    """Any tables and rows: few or many, columns that no file had, that are empty, for all or for a bailleur or a
    commune, or that never change. The name of the directory draws them."""
    tirage = random.Random(dossier.name)
    tables, absent = {}, []
    for nom, contenu in whole().items():
        if nom in DECOUPAGE:
            tables[nom] = contenu
            continue
        if tirage.random() < 0.1:
            continue
        part = 1 if nom in REFERENCES else tirage.choice((1, 1, 0.4, 0.05))
        if nom == "attributions" and tirage.random() < 0.5:
            contenu = longue(contenu)
        lignes = tirage.sample(contenu.to_pylist(), int(len(contenu) * part))
        if nom == "attributions" and tirage.random() < 0.3:
            gardees = tirage.sample(list(metropole.VOLUMES), 3)
            lignes = [ligne for ligne in lignes if ligne["code_insee"] in gardees]
        if nom == "attributions" and tirage.random() < 0.3:
            debut = FIN - timedelta(days=tirage.randrange(60, 600))
            lignes = [ligne for ligne in lignes if ligne["date_bail"] > debut]
        for colonne in TABLES[nom].colonnes:
            sort = tirage.random()
            if colonne.requise or colonne.reference or sort > 0.3:
                continue
            if sort < 0.1:
                absent.append(f"{nom}.{colonne.nom}")
            elif colonne.type is not Type.DATE:
                seule = _any(colonne, tirage) if sort < 0.15 else None
                cle, parmi = tirage.choice(PORTEURS) if sort > 0.2 else ("", ())
                est_touchee = {None, tirage.choice(parmi)} if cle in contenu.column_names else ()
                lignes = [
                    {**ligne, colonne.nom: seule} if not est_touchee or ligne[cle] in est_touchee else ligne
                    for ligne in lignes
                ]
        tables[nom] = pa.Table.from_pylist(lignes, contenu.schema)
    publish_drawn(dossier, tables, absent)
    if tirage.random() < 0.7:
        with suppress(AppelIncorrect):  # nobody is left in the segment of an engagement
            rehearse_in(dossier)


def reel_connecte(dossier: Path) -> None:
    """Its visitors log in (`Visite`)."""
    publish_drawn(dossier, whole(), nature="reelle")
    rehearse_in(dossier)


MAGASINS: dict[str, Callable[[Path], None]] = {
    f.__name__: f
    for f in (
        complet,
        signe,
        sans_journal,
        vide,
        attributions_seules,
        sans_demandes,
        demandes_seules,
        sans_colonnes,
        sans_etiquettes,
        milieu_de_periode,
        reel_sans_connexion,
        reel_connecte,
    )
}
