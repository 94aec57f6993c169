"""A segment's households frozen at a séance, and what became of each of them at the next: every one, exactly once."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.socle.sql import blocs

SQL = blocs(__file__, "cohorte.sql")
INCONNU = "inconnu"
COLONNES = ("pseudonyme", "commune_residence", "communes_souhaitees", "bailleur_actuel", "motif")


class Issue(StrEnum):
    """What became of a household, the first that holds: a bail outweighs everything recorded beside it."""

    RELOGE = "reloge"  # a bail signed in the interval, in the ICI of the engagement
    RELOGE_AILLEURS = "reloge_ailleurs"  # a bail signed in the interval, in another ICI of the Métropole
    RELOGE_SANS_BAIL = "reloge_sans_bail"  # struck off for an attribution, whose bail is not found in the interval
    INTROUVABLE = "introuvable"  # no longer in the data: erased, or never loaded again
    RADIE = "radie"  # struck off for another reason
    REFUS = "refus"  # still active; refused something in the interval
    PROPOSE = "propose"  # still active; a proposition or a commission in the interval
    EN_ATTENTE = "en_attente"  # still active; nothing recorded in the interval


TITRES = {
    Issue.RELOGE: "Relogés (bail signé)",
    Issue.RELOGE_AILLEURS: "Relogés ailleurs dans la MEL (bail signé)",
    Issue.RELOGE_SANS_BAIL: "Radiés pour attribution, bail non retrouvé",
    Issue.PROPOSE: "Proposés, sans bail",
    Issue.REFUS: "Ont refusé",
    Issue.EN_ATTENTE: "Attendent toujours, sans rien d’enregistré",
    Issue.RADIE: "Radiés sans bail",
    Issue.INTROUVABLE: "Introuvables dans ces données",
}

AVEC_BAIL = (Issue.RELOGE, Issue.RELOGE_AILLEURS)

# What the accounting may be split by → how it reads. Three communes that are never the same thing.
CLES = {
    "commune_residence": "commune de résidence à la séance",
    "commune_souhaitee": "commune souhaitée à la séance (un ménage compte dans chacune)",
    "commune_bail": "commune du bail signé",
    "bailleur_actuel": "bailleur actuel à la séance",
    "bailleur_bail": "bailleur du bail signé",
}

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
    """One row per outcome, in the order of TITRES, zeros included: `issue`, `n`, `part` (empty for an empty cohort).

    The counts add up to the cohort.
    """
    comptes = suivie["issue"].value_counts()
    n = [int(comptes.get(str(issue), 0)) for issue in TITRES]
    parts = [k / len(suivie) if len(suivie) else None for k in n]
    return pd.DataFrame({"issue": [str(i) for i in TITRES], "n": n, "part": parts})


def bilan_par(suivie: pd.DataFrame, cle: str) -> pd.DataFrame:
    """One row per code of `cle` (of CLES) × outcome that occurs: `cle`, `issue`, `n`, most households first.

    By `commune_souhaitee` a household counts in each of its wishes; by a key of the bail, only the housed count.
    """
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
    "liste_avant": "Liste de la séance précédente",
    "reloges": "Relogés, ou radiés pour attribution",
    "radies": "Radiés sans bail",
    "introuvables": "Introuvables dans ces données",
    "hors_regle": "Toujours actifs, ne répondent plus à la règle",
    "entres_dans_la_regle": "Demandes déjà là, entrées dans la règle",
    "demandes_nouvelles": "Demandes créées depuis",
    "liste_apres": "Liste d’aujourd’hui",
}
