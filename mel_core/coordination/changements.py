"""What changed between two séances beside the decision: parameters in force, unknowns, revised data, recording."""

from __future__ import annotations

from collections.abc import Iterator

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
SENS_DITS = {Sens.HAUSSE: "au moins", Sens.BAISSE: "au plus", Sens.BANDE: "autour de"}


def parametres(entrepot: Entrepot, avant: Seance, maintenant: Seance) -> tuple[str, ...]:
    """One sentence per parameter whose value in force is not the same at the end of each séance."""
    anciens, nouveaux = (_en_vigueur(entrepot, s) for s in (avant, maintenant))
    return tuple(
        f"{nom} : {anciens.get(nom, langue.ABSENT)} à la séance {avant}, "
        f"{nouveaux.get(nom, langue.ABSENT)} à la séance {maintenant}."
        for nom in dict.fromkeys([*anciens, *nouveaux])
        if anciens.get(nom) != nouveaux.get(nom)
    )


def _en_vigueur(entrepot: Entrepot, seance: Seance) -> dict[str, str]:
    """Parameters of one year (thresholds, ceilings) are left out: each year has its own, nothing is replaced."""
    with entrepot.ouvrir(Portee.mel(), seance) as lecteur:
        table = versions(lecteur, seance)
    table = table[(table["etat"] == EN_VIGUEUR) & ~table["parametre"].str.fullmatch(r".* \d{4}")]
    return dict(zip(table["parametre"], table["valeur"], strict=True))


def saisie(entrepot: Entrepot, avant: Seance, maintenant: Seance) -> tuple[str, ...]:
    """One sentence per bailleur that records far fewer events of the follow-up than before (or none any more)."""
    a, b = Periode.de(avant), Periode.de(maintenant)
    with entrepot.ouvrir(Portee.mel(), maintenant) as lecteur:
        table = _evenements(lecteur, a, b)
    return tuple(
        f"{r.nom} a enregistré {langue.effectif(r.maintenant, 'événement')} à la séance {maintenant}, "
        f"{langue.nombre(r.avant)} à la précédente : ce que l’on mesure chez ce bailleur a pu changer."
        for r in table.itertuples()
        if r.avant >= EVENEMENTS_MIN and r.maintenant < CHUTE_EVENEMENTS * r.avant
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
    # Which of them is not known: a parameter dated before both séances, added since, is the same at both.
    if relue.valeur is not None and alors.valeur is not None and relue.valeur != alors.valeur:
        avant, apres = dire_projetable(alors), dire_projetable(relue)
        yield (
            f"Les données ou un paramètre ont été révisés depuis : la valeur d’alors, {avant}, se lit aujourd’hui "
            f"{apres}."
            if avant != apres
            else "Les données ou un paramètre ont été révisés depuis : la valeur d’alors a changé."
        )
    if isinstance(temoin, TemoinIndicateur) and alors.n and maintenant.n:
        parts = [v.n_inconnus / v.n for v in (alors, maintenant)]
        if abs(parts[1] - parts[0]) >= ECART_INCONNUS:
            yield (
                f"La part des attributions inconnues pour « {INDICATEURS[temoin.nom].titre} » est passée de "
                f"{langue.part(parts[0])} à {langue.part(parts[1])}."
            )


def dire_projetable(valeur: Valeur) -> str:
    """`61,3 % (27 sur 44)`, `27 mois`, `1 204 demandes`, or `—`; `moins de 11…` where a count would show a few people.

    The one way in which a screen or a document says a figure: no share, no median under the threshold, neither of those
    counted nor of the others.
    """
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
        return langue.cible(n)
    decimales = 0 if n == int(n) else 1
    nom = "mois" if unite == "mois" else langue.accorder(n, "demande")
    return f"{langue.nombre(n, decimales)}{langue.INSECABLE}{nom}"
