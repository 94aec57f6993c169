"""The stores that the walker plays in: whole, empty, with tables or columns missing, ending within a period."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.colonnes import Type
from mel_core.contrat.contours import publish, read
from mel_core.contrat.tables import TABLES
from mel_core.demo import generate, publish_contours
from mel_core.demo.reglages_demo import DU_SUPPORT, parametres_de
from mel_core.demo.repetition import rehearse
from mel_core.entrepot import Chargement, Entrepot
from mel_core.entrepot.importation import import_files
from mel_core.entrepot.publications import record
from mel_core.indicateurs.comptage import freeze
from mel_core.journal import Auteur, Journal, nouvel_identifiant, nouvel_op_id
from mel_core.seance.coordination import blocages, presences, seances_tenues
from mel_core.seance.coordination.signature import sign
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.horloge import aujourd_hui
from mel_core.socle.periodes import Seance
from tests.ecrans import metropole
from tests.marcheur.fichiers import FICHIERS
from tests.marcheur.tables import FIN, any_value, autres, contours, demandes, longue, whole

SEANCES = Path(__file__).with_name("seances.toml")
SEUILS = "".join(
    f'[[seuils_premier_quartile]]\nannee = {annee}\nseuil_eur_uc = 8000\nsource = "Essai"\n'
    for annee in range(2014, 2018)
)
PROPRES = "".join(
    f'[[cibles]]\nindicateur = "{indicateur}"\n{lieu} = "{code}"\nvaleur = {valeur}\ndepuis = 2016-01-01\n'
    f'source = "Charte d’essai"\n'
    for indicateur, lieu, code, valeur in (
        ("aci", "commune", metropole.ROUBAIX, "0.3"),
        ("aci", "bailleur", "B2", "0.5"),
        ("npru", "bailleur", "B1", "4\nen_nombre = true"),
        ("npru", "commune", metropole.ROUBAIX, "9\nen_nombre = true"),
        ("mutations_bloquees", "commune", metropole.ROUBAIX, "3\nen_nombre = true"),
        ("droit_commun", "bailleur", "B1", "0.4"),
    )
)
# What others refer to: rows are not taken away from them alone.
REFERENCES = ("quartiers", "residences")
DECOUPAGE = ("communes", "bailleurs")  # what the journal was written on
PORTEURS = (("code_bailleur", ("B1", "B2", "B3")), ("code_insee", tuple(metropole.VOLUMES)))


def publish_drawn(
    dossier: Path,
    tables: Mapping[str, pa.Table],
    absent: Collection[str] = (),
    nature: str = "fictive",
    objectifs: str = "",
    declarees: Mapping[str, dict[str, str]] | None = None,
) -> None:
    """`absent`: `table.column`s that no file had; `declarees`: those of labels of which something was declared.
    `objectifs`: besides those of the support, in TOML."""
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
        entrepot.publish(Chargement(given, columns, nature, (SEUILS + objectifs,), {**declarees} if declarees else {}))


def rehearse_in(dossier: Path) -> None:
    """A journal with blocages, decisions and an engagement, of a séance held and of one to prepare: of the last ones
    to sort, one is set aside, one is grouped with the first, and all are of one commune."""
    journal, auteur = Journal.du_dossier(dossier), Auteur("Camille Essai", "MEL")
    rehearse(Entrepot(dossier), journal, SEANCES)
    recus = [fiche for fiche, _ in blocages.find_all(journal, seance="2017S2", organisation=metropole.ROUBAIX)]
    ecarte, regroupe, porteur = [f for f in recus if f.contenu["etat"] == blocages.EtatBlocage.RECU][-3:]
    blocages.refuse(journal, ecarte, "Déjà traité à la séance précédente.", auteur, nouvel_op_id())
    blocages.merge(journal, porteur, [regroupe], auteur, nouvel_op_id())


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
    ici = {"seance": "2017S2", "ici": "ICI 2"}
    journal.write(presences.SEANCE, "2017S2-ICI 2", {"jour": "2018-03-15", **ici}, auteur, nouvel_op_id())
    journal.write(presences.OBJET, "2017S2-ICI 2", {"presents": ["MEL"], "lieu": "", **ici}, auteur, nouvel_op_id())
    sign(journal, entrepot, Seance.read("2017S2"), "vice-présidente", auteur, nouvel_op_id(), ici="ICI 2")
    for n in range(60):
        contenu = {"couche": "qpv", "bilan": langue.effectif(n, "contour lu", "contours lus")}
        journal.write("contours", nouvel_identifiant(), contenu, auteur, nouvel_op_id())


def publie_deux_fois(dossier: Path) -> None:
    """By files, so that one may go back; a séance has data of its own."""
    entrepot, journal = Entrepot(dossier), Journal.du_dossier(dossier)
    for nom, seance in (("court.zip", None), ("entier.zip", None), ("court.zip", Seance.read("2017S1"))):
        with tempfile.TemporaryDirectory() as ailleurs:
            (fichier := Path(ailleurs) / nom).write_bytes(FICHIERS[nom])
            importation = import_files(fichier, entrepot, nature="fictive", seance=seance, accepter=tuple(TABLES))
        record(journal, importation, Auteur("Camille Essai", "MEL"))


def demonstration(dossier: Path) -> None:
    """That of the product, with its séances: what only many rows show, as what is out of its limits."""
    with tempfile.TemporaryDirectory() as fichiers:
        generate(Path(fichiers))
        parametres = parametres_de(DU_SUPPORT)
        import_files(Path(fichiers), Entrepot(dossier), nature="fictive", parametres=parametres)
    publish_contours(dossier)
    rehearse(Entrepot(dossier), Journal.du_dossier(dossier))


def vise_par_lieu(dossier: Path) -> None:
    """Places have objectives of their own, some in number, and the next séance is to come."""
    publish_drawn(dossier, whole(), objectifs=PROPRES)
    rehearse_in(dossier)
    journal, auteur = Journal.du_dossier(dossier), Auteur("Camille Essai", "MEL")
    for ici, dans in (("ICI 1", 1), ("ICI 2", 20)):
        contenu = {"jour": (aujourd_hui() + timedelta(days=dans)).isoformat(), "seance": "2017S2", "ici": ici}
        journal.write(seances_tenues.OBJET, f"2017S2-{ici}", contenu, auteur, nouvel_op_id())


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


def etiquettes_declarees(dossier: Path) -> None:
    """No file has the labels: some households have them under another, none has the others."""
    dites = {"dalo": "aci", "pdalhpd": "aci", "mutation_bloquee": "", "npru": ""}
    declarees = dict.fromkeys(("attributions", "demandes"), dites)
    publish_drawn(dossier, whole(), [f"{t}.{nom}" for t in declarees for nom in dites], declarees=declarees)


def milieu_de_periode(dossier: Path) -> None:
    """Leases from the middle of a semester to the middle of another."""
    tables = whole()
    dates = tables["attributions"]["date_bail"]
    kept = pc.and_(pc.greater_equal(dates, date(2016, 9, 10)), pc.less_equal(dates, date(2017, 10, 12)))
    publish_drawn(dossier, {**tables, "attributions": tables["attributions"].filter(kept)})
    rehearse_in(dossier)


def un_bailleur_muet(dossier: Path) -> None:
    """One fills in what must be, and nothing else."""
    tables = {}
    for nom, contenu in whole().items():
        vides = dict.fromkeys(c.nom for c in TABLES[nom].colonnes if not (c.requise or c.reference))
        lignes = [
            {**ligne, **(vides if nom != "bailleurs" and ligne.get("code_bailleur") == "B1" else {})}
            for ligne in contenu.to_pylist()
        ]
        tables[nom] = pa.Table.from_pylist(lignes, contenu.schema)
    publish_drawn(dossier, tables)
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
                seule = any_value(colonne, tirage) if sort < 0.15 else None
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


ENTIERS = (complet.__name__, demonstration.__name__)
MAGASINS: dict[str, Callable[[Path], None]] = {
    f.__name__: f
    for f in (
        complet,
        demonstration,
        signe,
        publie_deux_fois,
        vise_par_lieu,
        sans_journal,
        vide,
        attributions_seules,
        sans_demandes,
        demandes_seules,
        sans_colonnes,
        sans_etiquettes,
        etiquettes_declarees,
        milieu_de_periode,
        un_bailleur_muet,
        reel_sans_connexion,
        reel_connecte,
    )
}
