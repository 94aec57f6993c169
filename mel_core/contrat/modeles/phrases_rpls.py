"""What the report says of dwellings added up by résidence."""

from __future__ import annotations

from collections.abc import Iterator

from mel_core.contrat.modeles.rpls_dates import premier_janvier
from mel_core.contrat.modeles.rpls_somme import Somme
from mel_core.socle.langue import effectif, liste, nombre

_ECARTE = "sans commune, sans bailleur ou sans rien qui rattache à une résidence"
_LIGNES_DITES = 5
_TITRES = {"residence": "code_residence", "programme": "programme", "convention": "convention", "voie": "adresse"}


def describe(somme: Somme) -> Iterator[str]:
    """The reconciliation, then each choice that was made, one sentence each."""
    residences = list(somme.residences.values())
    parts = [
        (somme.hors_mel, "hors de la MEL", "hors de la MEL"),
        (somme.sortis, "sorti du patrimoine", "sortis du patrimoine"),
        (somme.doublons, "en double", "en double"),
        (len(somme.ecartes), _ECARTE, _ECARTE),
    ]
    restes = "".join(f" + {effectif(n, un, plusieurs)}" for n, un, plusieurs in parts if n)
    yield (
        f"RPLS : {effectif(somme.lus, 'logement lu', 'logements lus')} = {nombre(sum(r.n for r in residences))} "
        f"regroupés en {effectif(len(residences), 'résidence')}{restes} : à comparer au parc annoncé."
    )
    if somme.ecartes:
        dites = liste([str(ligne) for ligne in somme.ecartes[:_LIGNES_DITES]])
        reste = "…" if len(somme.ecartes) > _LIGNES_DITES else ""
        yield f"{effectif(len(somme.ecartes), 'logement')} {_ECARTE} (lignes {dites}{reste}) : compléter ces lignes."
    par = ", ".join(f"{_TITRES[c]} : {nombre(n)}" for c, n in somme.par.most_common())
    yield (
        "RPLS ne nomme pas les résidences : chez un même bailleur et dans une même commune (et un même IRIS quand il "
        "est donné), les logements sont regroupés par programme, à défaut par convention, à défaut par adresse "
        f"({par}) : ajouter une colonne code_residence pour en décider autrement."
    )
    if "financement" in somme.presents:
        egales = sum(bool(r.financements) and not r.financement for r in residences)
        yield (
            "Le financement d’une résidence est celui du plus grand nombre de ses logements (FINAN), inconnu en cas "
            f"d’égalité ({effectif(egales, 'résidence')}) ; HBM, PLR, HLM/O et PLA se lisent PLUS : le vérifier."
        )
    yield _say_vacance(somme)
    if sans := sum(r.quartier == "inconnu" for r in residences):
        yield (
            f"L’IRIS manque à {effectif(sans, 'résidence')} de communes qui en ont plusieurs, leur quartier est "
            "inconnu : ajouter une colonne IRIS à l’export."
        )


def _say_vacance(somme: Somme) -> str:
    if "mode" not in somme.presents:
        return "La colonne MODE manque, n_vacants et n_vacants_3_mois sont inconnus : l’ajouter à l’export."
    if not somme.sait_3_mois:
        return (
            "n_vacants compte les logements proposés et vacants (MODE 2) ; le fichier ne dit pas depuis quand "
            "(DATE_DEP_DERLOCAT ou duree_vacance), n_vacants_3_mois est inconnu : ajouter la colonne à l’export."
        )
    jour = premier_janvier(somme.vacance)
    quand = (
        f"au 1er janvier {jour[:4]} (le millésime, sinon le premier qui suit toutes les dates)" if jour else "en durée"
    )
    return (
        "n_vacants compte les logements proposés et vacants (MODE 2), n_vacants_3_mois ceux qui le sont depuis 3 mois "
        f"{quand} : vérifier le millésime."
    )
