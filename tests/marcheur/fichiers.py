"""The files that a person gives to the application, some by mistake or to harm."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

from mel_core.contrat.tables import TABLES
from tests.marcheur.tables import contours, whole

# Codes that nobody knows, a state spelt otherwise, an amount that reads two ways, a label that covers others, a line
# that may be a total: each kind of question is asked.
DEMANDES = """numero_unique;date_creation;etat;n_personnes;motif;typologies;revenu_fiscal;ACI (dont DALO);Composition
999000000000000001;2014-01-01;En cours;2;divorce;T2;12.500;oui;couple
999000000000000002;2017-01-01;ACTIVE;2;99;T2|T9;8.100;;seul
Total;hier;ACTIVE;2;99;T2;8.100;;seul
"""
# More wrong lines than are shown.
FAUTIVES = "numero_unique;date_creation;etat;n_personnes\n" + "".join(
    f"9991{n};hier;ACTIVE;beaucoup\n" for n in range(600)
)
# Columns that nothing asks for, which may be those that lack.
EVENEMENTS = """id_evenement;numero_unique;type;date_survenance;Bailleur de la résidence;Décision CAL;Rang proposé
E1;999000000000000001;PASSAGE_CAL;2017-05-01;B1;accord;premier
E2;999000000000000002;VISITE;2017-06-01;B2;;
"""


def _ecrit(valeur: Any) -> Any:
    """As an office writes it in a cell."""
    match valeur:
        case bool():
            return "oui" if valeur else "non"
        case list():
            return "|".join(valeur)
        case _:
            return valeur


def _jeu(n: int, est_pur: bool = False) -> bytes:
    """Tables of at most `n` rows that an import takes as they are; `est_pur`: without a remark."""
    tampon, laisses = io.BytesIO(), set[str]()
    with zipfile.ZipFile(tampon, "w") as archive:
        for nom, contenu in whole().items():
            texte = io.StringIO()
            lignes = csv.writer(texte, delimiter=";")
            lignes.writerow("numero_unique" if c == "pseudonyme" else c for c in contenu.column_names)
            for ligne in contenu.to_pylist()[:n]:
                qui = ligne.get("pseudonyme")
                if est_pur and (
                    qui in laisses
                    or any(ligne.get(c, "") in (None, "hors_mel") for c in ("revenu_fiscal", "code_insee_actuel"))
                ):
                    laisses.add(qui)
                    continue
                lignes.writerow(map(_ecrit, ligne.values()))
            archive.writestr(f"{nom}.csv", texte.getvalue())
    return tampon.getvalue()


def _maigre() -> bytes:
    """What must be there and a column of which nobody says what it gives, in each table: each column that may be is a
    question."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        for nom, contenu in whole().items():
            noms = {"numero_unique": "pseudonyme"} if "pseudonyme" in contenu.column_names else {}
            requises = [c.nom for c in TABLES[nom].colonnes if c.requise or c.nom in TABLES[nom].cle]
            texte = io.StringIO()
            lignes = csv.writer(texte, delimiter=";")
            lignes.writerow([*requises, "Divers"])
            lignes.writerows([*(_ecrit(x[noms.get(c, c)]) for c in requises), "x"] for x in contenu.to_pylist()[:20])
            archive.writestr(f"{nom}.csv", texte.getvalue())
    return tampon.getvalue()


def _archives() -> dict[str, bytes]:
    """Files that a person gives, some by mistake or to harm."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        archive.writestr("bailleurs.csv", "code_bailleur;nom\nB1;Bailleur d’essai\n")
        archive.writestr("attributions.csv", "id_attribution;numero_unique\nA1;9990001\n")
    bon = tampon.getvalue()
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        archive.writestr("../bailleurs.csv", "code_bailleur;nom\nB1;x\n")
    return {
        "entier.zip": _jeu(5000),
        "court.zip": _jeu(60, est_pur=True),
        "maigre.zip": _maigre(),
        "jeu.zip": bon,
        "coupe.zip": bon[: len(bon) // 2],
        "remonte.zip": tampon.getvalue(),
        "papier.xlsx": b"%PDF-1.7 rien",
        "vide.csv": b"",
        "bailleurs.csv": b"code_bailleur;nom\nB1;Essai\nB1;Autre\n;Sans code\n",
        "residences.csv": b"code_residence;code_insee\n",
        "attributions.csv": b"id;mauvais\nentetes\n",
        "contours.geojson": contours("593500101", "593500101", "QP059001", "ICI 1"),
        "mapping.toml": b'[demandes.colonnes]\nnumero_unique = "N\xc2\xb0 unique"\n',
        "photo.png": b"\x89PNG\r\n\x1a\n",
        "illisible.csv": b"\xff\xfe\x00bizarre",
        "demandes.csv": DEMANDES.encode(),
        "demandes fautives.csv": FAUTIVES.encode(),
        "evenements.csv": EVENEMENTS.encode(),
        "entetes.csv": b"N\xc2\xb0 unique;Etat de la demande\n1;Active\n",
    }


FICHIERS = _archives()
BONS = (
    "entier.zip",
    "court.zip",
    "maigre.zip",
    "demandes.csv",
    "demandes fautives.csv",
    "evenements.csv",
    "contours.geojson",
    "mapping.toml",
)  # for who means to send them
