"""A segment's households frozen at a séance, and what became of each of them at the next; where the list is kept.

Frozen lists are in the store folder, beside the snapshots: named by their content, erasable one household at a time.
The journal only knows the name. A line is `{"sel", "ligne"}`, its digest sha256(sel ‖ line); the name is the digest of
the digests. Erasing a household leaves its digest alone: the name still proves what was frozen, and nobody is in it.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections import Counter
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.indicateurs.definitions import Methode
from mel_core.socle.appellations import Appele
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.partage import partage
from mel_core.socle.sql import blocs

SQL = blocs(__file__, "cohortes.sql")
INCONNU = "inconnu"
COLONNES = ("pseudonyme", "commune_residence", "communes_souhaitees", "bailleur_actuel", "motif")


class Issue(Appele):
    """What became of a household, in the order in which it is shown; the first that holds is `_issues`'s."""

    RELOGE = "reloge", "Relogés (bail signé)"  # in the interval, in the ICI of the engagement
    RELOGE_AILLEURS = "reloge_ailleurs", "Relogés ailleurs dans la MEL (bail signé)"  # in the interval, in another ICI
    RELOGE_SANS_BAIL = "reloge_sans_bail", "Radiés pour attribution, bail non retrouvé"  # not in the interval
    PROPOSE = "propose", "Proposés, sans bail"  # still active; a proposition or a commission in the interval
    REFUS = "refus", "Ont refusé"  # still active; refused something in the interval
    EN_ATTENTE = "en_attente", "Attendent toujours, sans rien d’enregistré"  # still active; nothing in the interval
    RADIE = "radie", "Radiés sans bail"  # struck off for another reason
    INTROUVABLE = "introuvable", "Introuvables sous leur numéro d’alors"  # erased, or never loaded again


COHORTE = Methode(
    "Chaque ménage du segment, figé par son pseudonyme le jour de l’engagement, est cherché dans toute la Métropole à "
    "la séance suivante et compté une seule fois. « Relogé » : bail signé dans l’ICI de l’engagement entre la date de "
    "référence et l’échéance. « Tenu » : autant de relogés qu’annoncé.",
    "les ménages figés, tous comptés",
    "rien : un ménage que son numéro ne retrouve plus (effacé, ou renuméroté) est « introuvable », jamais oublié",
)
AVEC_BAIL = (Issue.RELOGE, Issue.RELOGE_AILLEURS)

# What the accounting may be split by → how it reads. Three communes that are never the same thing.
CLES = {
    "commune_residence": "commune de résidence à la séance",
    "commune_souhaitee": "commune souhaitée à la séance (un ménage compte dans chacune)",
    "commune_bail": "commune du bail signé",
    "bailleur_actuel": "bailleur actuel à la séance",
    "bailleur_bail": "bailleur du bail signé",
}
CROISE = "cellule_bail"  # and by both of the bail: their codes, a space between

# How a household leaves the list, by item of the movement (see `decompose`).
SORTIES = {
    "reloges": (*AVEC_BAIL, Issue.RELOGE_SANS_BAIL),
    "radies": (Issue.RADIE,),
    "introuvables": (Issue.INTROUVABLE,),
    "hors_regle": (Issue.REFUS, Issue.PROPOSE, Issue.EN_ATTENTE),
}


def pin(lignes: pd.DataFrame) -> pd.DataFrame:
    """The cohort of a list (`mel_core.segments.find_all`): one row per household, by pseudonym.

    `pseudonyme`, `commune_residence` and `bailleur_actuel` (`inconnu` when the demande does not say),
    `communes_souhaitees` (INSEE codes joined by `|`, `inconnu` when none is given), `motif`: why it was in the list.
    """
    cohorte = pd.DataFrame(
        {
            "pseudonyme": lignes["pseudonyme"],
            "commune_residence": lignes["code_insee_actuel"],
            "communes_souhaitees": lignes["communes_souhaitees"].replace("", None),
            "bailleur_actuel": lignes["code_bailleur_actuel"],
            "motif": lignes["motif"],
        },
        columns=list(COLONNES),
    )
    texte = cohorte.astype("object").where(cohorte.notna(), INCONNU)
    return texte.sort_values("pseudonyme", ignore_index=True)


def follow(lecteur: Lecteur, cohorte: pd.DataFrame, avant: date, apres: date, ici: str = "") -> pd.DataFrame:
    """What became of each household of `cohorte` (see `pin`) from the day after `avant` up to `apres`.

    Same rows, with `issue` (of Issue), `motif_radiation` (`inconnu` when it was not given; empty unless struck off),
    `date_bail`, `commune_bail`, `bailleur_bail` (empty without a bail), `est_trouvee`: whether the data know it. The
    reader must see the whole Métropole: a household may be housed anywhere; out of `ici` (when given) it is
    `reloge_ailleurs`. A household of which nothing is found is `introuvable`, never dropped.
    """
    faits = lecteur.query(SQL["devenir"], pseudonymes=cohorte["pseudonyme"].tolist(), avant=avant, apres=apres)
    suivie = cohorte.merge(faits, on="pseudonyme", how="left", validate="one_to_one")
    suivie["issue"] = _issues(suivie, ici)
    est_radie = suivie["issue"] == Issue.RADIE
    suivie["motif_radiation"] = suivie["motif_radiation"].fillna(INCONNU).where(est_radie)
    faits_dits = ["issue", "motif_radiation", "date_bail", "commune_bail", "bailleur_bail", "est_trouvee"]
    return suivie[[*cohorte.columns, *faits_dits]]


def _issues(suivie: pd.DataFrame, ici: str) -> pd.Series:
    """By ascending precedence: each later line overwrites those before it."""
    radiee = suivie["est_radiee"].astype(bool)
    est_ailleurs = suivie["ici_bail"].ne(ici).fillna(True).astype(bool) & bool(ici)
    issues = pd.Series(str(Issue.EN_ATTENTE), index=suivie.index, dtype="object")
    for masque, issue in (
        (suivie["est_propose"].astype(bool), Issue.PROPOSE),
        (suivie["est_refus"].astype(bool), Issue.REFUS),
        (radiee, Issue.RADIE),
        (~suivie["est_connue"].astype(bool), Issue.INTROUVABLE),
        (radiee & (suivie["motif_radiation"] == "RADATT"), Issue.RELOGE_SANS_BAIL),
        (suivie["date_bail"].notna(), Issue.RELOGE),
        (suivie["date_bail"].notna() & est_ailleurs, Issue.RELOGE_AILLEURS),
    ):
        issues[masque] = str(issue)
    return issues


def bilan(suivie: pd.DataFrame) -> pd.DataFrame:
    """One row per outcome, in the order of `Issue`, zeros included: `issue`, `n`, `part` (empty for an empty cohort).

    The counts add up to the cohort.
    """
    comptes = suivie["issue"].value_counts()
    n = [int(comptes.get(str(issue), 0)) for issue in Issue]
    parts = [k / len(suivie) if len(suivie) else None for k in n]
    return pd.DataFrame({"issue": [str(i) for i in Issue], "n": n, "part": parts})


def bilan_par(suivie: pd.DataFrame, cle: str) -> pd.DataFrame:
    """One row per code of `cle` (of CLES, or CROISE) × outcome that occurs: `cle`, `issue`, `n`, most households first.

    By `commune_souhaitee` a household counts in each of its wishes; by a key of the bail, only the housed count.
    """
    if cle == CROISE:
        suivie = suivie.assign(**{CROISE: suivie["commune_bail"] + " " + suivie["bailleur_bail"]})
    colonne = {"commune_souhaitee": "communes_souhaitees"}.get(cle, cle)
    lignes = suivie[[colonne, "issue"]].rename(columns={colonne: "cle"})
    if cle == "commune_souhaitee":
        lignes = lignes.assign(cle=lignes["cle"].str.split("|")).explode("cle")
    lignes = lignes[lignes["cle"].notna()]
    comptes = lignes.groupby(["cle", "issue"], as_index=False).size().rename(columns={"size": "n"})
    return comptes.sort_values(["n", "cle", "issue"], ascending=[False, True, True], ignore_index=True)


def decompose(suivie: pd.DataFrame, nouvelle: pd.DataFrame, avant: date) -> pd.DataFrame:
    """From the old list to the new one, line by line: a shrinking list may owe it to strike-offs alone.

    `nouvelle`: the segment at the next séance, one row per household, with `pseudonyme` and `date_creation`.

    One row per item, zeros included: `poste`, `sens` (+1 or −1), `n`. The list of `avant`, less what leaves, plus what
    enters, is the new list: the first row plus the sum of `sens` × `n` of the others, save the last, which it equals.
    """
    anciens, presents = set(suivie["pseudonyme"]), set(nouvelle["pseudonyme"])
    partis = suivie[~suivie["pseudonyme"].isin(presents)]["issue"]
    entres = nouvelle[~nouvelle["pseudonyme"].isin(anciens)]
    recents = int((pd.to_datetime(entres["date_creation"]) > pd.Timestamp(avant)).sum())
    lignes = [
        ("liste_avant", 1, len(suivie)),
        *((poste, -1, int(partis.isin([str(i) for i in issues]).sum())) for poste, issues in SORTIES.items()),
        ("entres_dans_la_regle", 1, len(entres) - recents),
        ("demandes_nouvelles", 1, recents),
        ("liste_apres", 1, len(nouvelle)),
    ]
    return pd.DataFrame(lignes, columns=["poste", "sens", "n"])


POSTES = {
    "liste_avant": "Liste au {}",
    "reloges": "Relogés, ou radiés pour attribution",
    "radies": "Radiés sans bail",
    "introuvables": "Introuvables sous leur numéro d’alors",
    "hors_regle": "Toujours actifs, ne répondent plus à la règle",
    "entres_dans_la_regle": "Demandes déjà là, entrées dans la règle",
    "demandes_nouvelles": "Demandes créées depuis",
    "liste_apres": "Liste au {}",
}


DOSSIER = "cohortes"
EFFACE = "effacé"
_NOM = re.compile(r"[0-9a-f]{64}")


def keep(dossier: Path, cohorte: pd.DataFrame) -> str:
    """Write `cohorte` (see `pin`), durable when it returns. Its name, for the journal."""
    lignes = []
    for ligne in cohorte[list(COLONNES)].to_dict("records"):
        sel = secrets.token_hex(16)
        lignes.append({"empreinte": _empreinte(sel, ligne), "sel": sel, "ligne": ligne})
    nom = _nom(lignes)
    _write(dossier, nom, lignes)
    return nom


def reread(dossier: Path, nom: str) -> pd.DataFrame:
    """The cohort, its erased households as rows that say nothing (`effacé` and a digest in place of a pseudonym).

    Raises `ErreurUtilisateur` when it is not there any more, or is not what its name says.
    """
    lignes = _read(dossier, nom)
    rangees = [
        ligne["ligne"] or {**dict.fromkeys(COLONNES, EFFACE), "pseudonyme": f"{EFFACE} {ligne['empreinte'][:16]}"}
        for ligne in lignes
    ]
    return pd.DataFrame(rangees, columns=list(COLONNES)).astype("object")


def withdraw(dossier: Path, nom: str) -> None:
    """Remove a cohort that no engagement names; nothing when it is not there."""
    if _NOM.fullmatch(nom):
        partage(dossier).remove(_fichier(nom))


def erase(dossier: Path, pseudonymes: Collection[str]) -> int:
    """Erase these households from every cohort kept, and what a cut left of one. How many lines were erased."""
    voulus, effaces = set(pseudonymes), 0
    for nom in _cohortes(dossier):
        lignes = _read(dossier, nom)
        vises = [ligne for ligne in lignes if ligne["ligne"] and ligne["ligne"]["pseudonyme"] in voulus]
        for ligne in vises:
            ligne.update(sel=None, ligne=None)
        if vises:
            _write(dossier, nom, lignes)
        effaces += len(vises)
    for reste in (dossier / DOSSIER).glob(".*"):
        if not voulus.isdisjoint(reste.read_text(encoding="utf-8", errors="replace").split('"')):
            reste.unlink(missing_ok=True)
    return effaces


def menages(dossier: Path) -> Counter[str]:
    """The pseudonyms of every cohort kept, with the number of their lines."""
    comptes: Counter[str] = Counter()
    for nom in _cohortes(dossier):
        comptes.update(x["ligne"]["pseudonyme"] for x in _read(dossier, nom) if x["ligne"])
    return comptes


def _cohortes(dossier: Path) -> list[str]:
    noms = partage(dossier).names(f"{DOSSIER}/")
    return [nom.removeprefix(f"{DOSSIER}/").removesuffix(".json") for nom in noms if nom.endswith(".json")]


def _fichier(nom: str) -> str:
    return f"{DOSSIER}/{nom}.json"


def _read(dossier: Path, nom: str) -> list[dict[str, Any]]:
    if not _NOM.fullmatch(nom):
        raise ErreurUtilisateur("Le nom de la cohorte ne se lit pas : rouvrir l’engagement depuis la liste.")
    if (octets := partage(dossier).read(_fichier(nom))) is None:
        raise ErreurUtilisateur(
            "La liste figée de cet engagement n’est plus dans le dossier de données : la restaurer depuis une "
            "sauvegarde, ou constater l’engagement sans elle."
        )
    try:
        lignes: list[dict[str, Any]] = json.loads(octets)
    except ValueError:
        raise _alteree() from None
    pleines = (ligne for ligne in lignes if ligne["ligne"] is not None)
    if _nom(lignes) != nom or any(_empreinte(x["sel"], x["ligne"]) != x["empreinte"] for x in pleines):
        raise _alteree()
    return lignes


def _alteree() -> ErreurUtilisateur:
    return ErreurUtilisateur(
        "La liste figée de cet engagement a été modifiée depuis : la restaurer depuis une sauvegarde avant de conclure."
    )


def _empreinte(sel: str, ligne: dict[str, str]) -> str:
    canonique = json.dumps(ligne, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(bytes.fromhex(sel) + canonique.encode()).hexdigest()


def _nom(lignes: list[dict[str, Any]]) -> str:
    return hashlib.sha256("\n".join(ligne["empreinte"] for ligne in lignes).encode()).hexdigest()


def _write(dossier: Path, nom: str, lignes: list[dict[str, Any]]) -> None:
    partage(dossier).write(_fichier(nom), json.dumps(lignes, ensure_ascii=False).encode())
