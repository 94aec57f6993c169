"""What changed between two séances beside the decision: parameters in force, unknowns, revised data, recording."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pandas as pd

from mel_core import langue
from mel_core.coordination.decisions import Decision, Sens
from mel_core.coordination.temoins import COMPTES, DEMANDES, PART, Temoin, TemoinIndicateur, Valeur
from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.indicateurs import INDICATEURS
from mel_core.parametrage.versions import EN_VIGUEUR, versions
from mel_core.periodes import Periode, Seance
from mel_core.secret.dits import dire_compte
from mel_core.secret.regroupement import SEUIL
from mel_core.sql import blocs

_SQL = blocs("mel_core.coordination", "resultats.sql")
# Below these, a movement is not worth a sentence; assumed, to be adjusted with the co-pilots.
ECART_INCONNUS = 0.02
CHUTE_EVENEMENTS = 0.5
EVENEMENTS_MIN = 30
_AUCUNE = "aucune valeur"
SENS_DITS = {Sens.HAUSSE: "au moins", Sens.BAISSE: "au plus", Sens.BANDE: "autour de"}


def parametres(entrepot: Entrepot, avant: Collection[Seance], maintenant: Seance) -> tuple[str, ...]:
    """One sentence per parameter whose value in force is not the same at the end of `maintenant` and of a séance of
    `avant`: the latest one where it had that other value.
    """
    nouveaux, ecarts = _en_vigueur(entrepot, maintenant), dict[tuple[str, str], str]()
    for seance in sorted(avant, reverse=True):
        anciens = _en_vigueur(entrepot, seance)
        for nom in dict.fromkeys([*anciens, *nouveaux]):
            ancienne, nouvelle = (valeurs.get(nom, _AUCUNE) for valeurs in (anciens, nouveaux))
            if ancienne != nouvelle:
                phrase = f"{nom} : {ancienne} à la séance {seance}, {nouvelle} à la séance {maintenant}."
                ecarts.setdefault((nom, ancienne), phrase)
    return tuple(ecarts.values())


def _en_vigueur(entrepot: Entrepot, seance: Seance) -> dict[str, str]:
    """Parameters of one year (thresholds, ceilings) are left out: each year has its own, nothing is replaced."""
    with entrepot.ouvrir(Portee.mel(), seance) as lecteur:
        table = versions(lecteur, seance)
    table = table[(table["etat"] == EN_VIGUEUR) & ~table["parametre"].str.fullmatch(r".* \d{4}")]
    return dict(zip(table["parametre"], table["valeur"], strict=True))


def saisie(entrepot: Entrepot, avant: Seance, maintenant: Seance) -> tuple[str, ...]:
    """One sentence per bailleur that records far fewer events of the follow-up than before (or none any more).

    Those of before are counted in what served that séance too: a bailleur may have left every file since.
    """
    a, b = Periode.de(avant), Periode.de(maintenant)
    with entrepot.ouvrir(Portee.mel(), maintenant) as lecteur:
        table, relues = _evenements(lecteur, a, b), lecteur.instantane.identifiant
    with entrepot.ouvrir(Portee.mel(), avant) as ancien:
        if ancien.instantane.identifiant != relues and ancien.gel is None:  # erased, its rows count nothing any more
            table = _raccorder(_evenements(ancien, a, b), table)
    return tuple(
        f"{r.nom} a enregistré {dire_compte(r.maintenant, 'événement')} à la séance {maintenant}, "
        f"{langue.nombre(r.avant)} à la précédente : ce que l’on mesure chez ce bailleur a pu changer."
        for r in table.itertuples()
        if r.avant >= EVENEMENTS_MIN and r.maintenant < CHUTE_EVENEMENTS * r.avant
    )


def _raccorder(ancienne: pd.DataFrame, nouvelle: pd.DataFrame) -> pd.DataFrame:
    """`maintenant` of the latter, `avant` of the one that has the most; nothing where neither has the bailleur."""
    table = ancienne.merge(nouvelle, on="code_bailleur", how="outer", suffixes=("_ancien", ""))
    return pd.DataFrame(
        {
            "nom": table["nom"].fillna(table["nom_ancien"]),
            "avant": table[["avant", "avant_ancien"]].max(axis=1).astype(int),
            "maintenant": table["maintenant"].fillna(0).astype(int),
        }
    )


def _evenements(lecteur: Lecteur, avant: Periode, maintenant: Periode) -> pd.DataFrame:
    return lecteur.query(
        _SQL["evenements_par_bailleur"],
        avant_debut=avant.debut,
        avant_fin=avant.fin,
        debut=maintenant.debut,
        fin=maintenant.fin,
    )


def de_la_mesure(temoin: Temoin, alors: Valeur, relue: Valeur, maintenant: Valeur) -> Iterator[str]:
    """What makes both values of one figure less comparable. `relue`: the first one, read in the data of today."""
    if alors.valeur is not None and (phrase := _revision(alors, relue)):
        yield phrase
    if isinstance(temoin, TemoinIndicateur) and alors.n and maintenant.n:
        parts = [v.n_inconnus / v.n for v in (alors, maintenant)]
        if abs(parts[1] - parts[0]) >= ECART_INCONNUS:
            yield (
                f"La part des attributions inconnues pour « {INDICATEURS[temoin.nom].titre} » est passée de "
                f"{langue.part(parts[0])} à {langue.part(parts[1])}."
            )


def _revision(alors: Valeur, relue: Valeur) -> str:
    """How the value of then reads today; empty when it reads the same, on the same counts.

    A revision of a few rows is said without its figures: their difference would tell those households.
    """
    if relue.valeur is None:
        return (
            f"La valeur d’alors, {dire_projetable(alors)}, ne se relit plus dans les données d’aujourd’hui : ce que "
            "l’on compare a pu changer."
        )
    ecarts = [a - b for a, b in zip(_effectifs(relue), _effectifs(alors), strict=True)]
    if relue.valeur == alors.valeur and not any(ecarts):
        return ""
    # Which of them is not known: a parameter dated before both séances, added since, is the same at both.
    debut = "Les données ou un paramètre ont été révisés depuis"
    quoi = COMPTES[alors.quoi][1] if alors.unite != DEMANDES else "demandes"
    if any(0 < abs(ecart) < SEUIL for ecart in ecarts):
        return f"{debut}, pour moins de {SEUIL}{langue.INSECABLE}{quoi} : la valeur d’alors a changé."
    avant, apres = dire_projetable(alors), dire_projetable(relue)
    if avant == apres:
        return f"{debut} : la valeur d’alors a changé."
    return f"{debut} : la valeur d’alors, {avant}, se lit aujourd’hui {apres}."


def _effectifs(valeur: Valeur) -> tuple[int, ...]:
    """The counts that a sentence about this value gives: those counted, the others, all of them; or the demandes."""
    if valeur.unite == DEMANDES:
        return (int(valeur.valeur or 0),)
    return valeur.numerateur, valeur.n_connus - valeur.numerateur, valeur.n_connus


def dire_projetable(valeur: Valeur) -> str:
    """`61,3 % (27 sur 44)`, `27 mois`, `1 204 demandes`, or `—`; `moins de 11…` where a count would show a few people;
    with the months covered when they are not the whole period.

    The one way in which a screen or a document says a figure: no share, no median under the threshold, neither of those
    counted nor of the others.
    """
    dite = _dire_projetable(valeur)
    if valeur.valeur is None or valeur.est_entiere:
        return dite
    return f"{dite}, sur {langue.duree(valeur.mois_couverts, valeur.n_mois)}"


def _dire_projetable(valeur: Valeur) -> str:
    if valeur.valeur is None:
        return langue.ABSENT
    if valeur.unite == DEMANDES:
        return dire_compte(int(valeur.valeur), "demande")
    if 0 < valeur.n_connus < SEUIL:
        return dire_compte(valeur.n_connus, *COMPTES[valeur.quoi])
    if valeur.unite != PART:
        return dire_nombre(valeur.valeur, valeur.unite)
    comptees, total = valeur.numerateur, langue.nombre(valeur.n_connus)
    if 0 < comptees < SEUIL:
        return f"moins de {langue.sur(SEUIL, valeur.n_connus)}"
    if 0 < valeur.n_connus - comptees < SEUIL:
        toutes = "toutes" if valeur.quoi == "attribution" else "tous"
        return f"{toutes} sauf moins de {SEUIL}, sur{langue.INSECABLE}{total}"
    return f"{langue.part(valeur.valeur)} ({langue.sur(comptees, valeur.n_connus)})"


def dire_cible(decision: Decision) -> str:
    """`au moins 45 %`: the target and the way to it; empty when the decision has none."""
    if decision.temoin is None or decision.cible is None or decision.va_vers is None:
        return ""
    return f"{SENS_DITS[decision.va_vers]} {dire_nombre(decision.cible, decision.temoin.unite)}"


def dire_nombre(nombre: object, unite: str) -> str:
    """A value or a target in its unit: `50 %`, `27 mois`, `1 204 demandes`."""
    n = float(nombre)  # type: ignore[arg-type]
    if unite == PART:
        return langue.part(n)
    decimales = 0 if n == int(n) else 1
    nom = "mois" if unite == "mois" else langue.accorder(n, "demande")
    return f"{langue.nombre(n, decimales)}{langue.INSECABLE}{nom}"
