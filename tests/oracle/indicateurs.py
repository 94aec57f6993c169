"""The thirteen indicators, every cut and their crosses, both periods (contract §4): lists of dicts in and out.

Numbers are exact (`int`, `Fraction`); None is unknown; a column missing from a file is a key absent from every row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tests.oracle.mesures import PLANCHER, SENS_PAR_FRAGILITE, direction, ecart_attributions, quantile, verdict, wilson
from tests.oracle.occupation import occupants
from tests.oracle.parametres import EMBARQUES, Cible, Parametres, bornes_de
from tests.oracle.qualification import INCONNU, LABELS, Ligne, Reference, Tables, non, ou, qualifier

CLASSES = ("tres_modeste", "modeste", "intermediaire", "eleve", INCONNU)
MODESTES = frozenset(CLASSES[:2])
QUARTILE = frozenset({"q1_hors_qpv", "autres_en_qpv"})
COUPES_ACI = frozenset({"commune", "bailleur"})


@dataclass(frozen=True)
class Regle:
    """Who is counted, and what each one answers: true, false or unknown."""

    reponse: Callable[[Ligne], bool | None]
    population: Callable[[Ligne], bool] = lambda _: True


def _dans(ligne: Ligne, classes: frozenset[str]) -> bool | None:
    return None if ligne["classe"] == INCONNU else ligne["classe"] in classes


def _en_qpv(ligne: Ligne) -> bool:
    return ligne["qpv"] not in {"hors_qpv", INCONNU}


def _est_en_flux(ligne: Ligne) -> bool:
    """Neither a mutation nor a relogement NPRU; what its file does not say is not known to be one."""
    return ligne["mutation"] == "premier_acces" and ligne["est_npru"] is not True


def _est_de(ligne: Ligne, reservataire: str) -> bool | None:
    if ligne["est_npru"] is None or ligne["reservataire"] == INCONNU:
        return None
    return ligne["reservataire"] == reservataire


REGLES = {
    "equilibre": Regle(lambda x: _dans(x, MODESTES)),
    "aci": Regle(lambda x: x["est_aci"], lambda x: x["mutation"] == "premier_acces"),
    "mutations_bloquees": Regle(lambda x: x["est_mutation_bloquee"]),
    "npru": Regle(lambda x: x["est_npru"]),
    "droit_commun": Regle(lambda x: x["est_droit_commun"]),
    "bas_revenus": Regle(lambda x: _dans(x, frozenset({"tres_modeste"}))),
    "actifs": Regle(lambda x: x.get("actif")),
    "q1_hors_qpv": Regle(
        lambda x: None if x["est_npru"] is None else ou(x["est_premier_quartile"], x["est_npru"]),
        lambda x: x["qpv"] == "hors_qpv",
    ),
    "autres_en_qpv": Regle(lambda x: non(x["est_premier_quartile"]), _en_qpv),
    "entrants_occupants": Regle(lambda x: _dans(x, MODESTES)),
}
INDICATEURS = (*REGLES, "ressources", "flux", "delais")
RESERVATAIRES = ("COLTER", "COLACT", "PPRIOR", "PFONCT", "AUTRES", "AUCUN")
# The label columns without which a row is unknown.
LABELS_REQUIS = {
    "aci": {"aci", "dalo", "pdalhpd"},
    "mutations_bloquees": {"mutation_bloquee"},
    "npru": {"npru"},
    "droit_commun": set(LABELS),
    "q1_hors_qpv": {"npru"},
    "flux": {"npru"},
}


def oracle(
    tables: Tables,
    nom: str,
    seance: str,
    periode: str = "semestre",
    par: tuple[str, ...] = (),
    filtres: dict[str, str] | None = None,
    parametres: Parametres = EMBARQUES,
) -> list[Ligne]:
    """One dict per cell: its key by cut, then every column of contract §4."""
    filtres = filtres or {}
    debut, fin = bornes_de(seance, periode)
    reference = Reference.de(tables, parametres)
    population = REGLES[nom].population if nom in REGLES else _est_en_flux if nom == "flux" else lambda _: True
    if nom == "flux":  # its own cut, whether it is asked or not
        par = tuple(coupe for coupe in par if coupe != "reservataire")
    cellules: dict[tuple[str, ...], list[Ligne]] = {} if par else {(): []}
    for brute in tables["attributions"]:
        if not debut <= brute["date_bail"] <= fin:
            continue
        ligne = qualifier(brute, reference)
        if population(ligne) and all(ligne[coupe] == valeur for coupe, valeur in filtres.items()):
            cellules.setdefault(tuple(ligne[coupe] for coupe in par), []).append(ligne)

    contexte = _Contexte(nom, par, filtres, reference, parametres, range(debut.year, fin.year + 1))
    cible = parametres.cible(nom, fin)
    mois = mois_couverts([brute["date_bail"] for brute in tables["attributions"]], debut, fin)
    est_entiere = len(mois) == len(mois_de(debut, fin))
    resultat: list[Ligne] = []
    for valeurs, lignes in cellules.items():
        cle = dict(zip(par, valeurs, strict=True))
        for mesures in contexte.mesurer(cle, lignes, cible):
            if not est_entiere:
                mesures["verdict"] = None
            derniere = {"cible_de": mesures.pop("cible_de"), "mois_couverts": len(mois)}
            resultat.append({**cle, **mesures, **derniere})
    return resultat


def mois_de(debut: date, fin: date) -> list[tuple[int, int]]:
    """The calendar months from one day to another, as (year, month), sought by trying each one."""
    return [
        (annee, mois)
        for annee in range(debut.year, fin.year + 1)
        for mois in range(1, 13)
        if (debut.year, debut.month) <= (annee, mois) <= (fin.year, fin.month)
    ]


def mois_couverts(baux: list[date], debut: date, fin: date) -> list[tuple[int, int]]:
    """The months of a period between the first and the last bail that the table holds."""
    return [mois for mois in mois_de(debut, fin) if mois in set(mois_de(min(baux), max(baux)))] if baux else []


@dataclass(frozen=True)
class _Contexte:
    nom: str
    par: tuple[str, ...]
    filtres: dict[str, str]
    reference: Reference
    parametres: Parametres
    annees: range

    def mesurer(self, cle: dict[str, str], lignes: list[Ligne], cible: Cible | None) -> Iterable[Ligne]:
        """The columns of one cell; several dicts for `ressources`, which adds the cut `classe`."""
        if self.nom == "ressources":
            for classe in CLASSES:
                yield {"classe": classe, **_count([x["classe"] == classe for x in lignes])}
            return
        if self.nom == "flux":
            for code in RESERVATAIRES:
                mesures = {"reservataire": code, **_count([_est_de(x, code) for x in lignes])}
                self._say_les_absents(mesures, lignes)
                yield mesures
            return
        if self.nom == "delais":
            yield _delais(lignes)
            return
        reponse = REGLES[self.nom].reponse
        mesures = _count([reponse(x) for x in lignes])
        if self.nom == "equilibre":
            _viser_equilibre(mesures, lignes, cible)
        elif self.nom == "entrants_occupants":
            _viser_occupants(mesures, occupants(cle, self.reference, self.filtres))
        elif cible is not None and (self.nom != "aci" or set(self.par) <= COUPES_ACI):
            _aim(mesures, PLANCHER, cible)
        if self.nom in QUARTILE:
            mesures["motif"] = None
        if self.nom in LABELS_REQUIS:
            self._say_les_absents(mesures, lignes)
        if self.nom in QUARTILE:
            self._taire_sans_seuil(mesures)
        yield mesures

    def _say_les_absents(self, mesures: Ligne, lignes: list[Ligne]) -> None:
        absents = set().union(*(x["labels_absents"] & LABELS_REQUIS[self.nom] for x in lignes))
        mesures["motif"] = "colonne_absente" if absents and mesures["n_connus"] == 0 else None
        mesures["colonnes_absentes"] = "|".join(sorted(absents)) or None

    def _taire_sans_seuil(self, mesures: Ligne) -> None:
        """A year of the period without a threshold: the counts and their bounds stay, no share is derived."""
        absent = any(annee not in self.parametres.seuils for annee in self.annees)
        if absent:
            mesures["motif"] = "seuil_absent"
            derivees = ("part", "ic_bas", "ic_haut")
            mesures.update(
                dict.fromkeys((*derivees, "ecart_points", "ecart_attributions", "verdict", "sens", *PAR_SENS))
            )


PAR_SENS = {"ecart_trop": "trop", "ecart_manque": "manque"}  # the gap by its direction


def _count(reponses: list[bool | None]) -> Ligne:
    """Counts, shares and interval; the columns of the target are left empty."""
    n, k, n_inconnus = len(reponses), reponses.count(True), reponses.count(None)
    n_connus = n - n_inconnus
    ic = wilson(k, n_connus) if n_connus else (None, None)
    return {
        "n": n,
        "n_connus": n_connus,
        "n_inconnus": n_inconnus,
        "numerateur": k,
        "part": Fraction(k, n_connus) if n_connus else None,
        "part_min": Fraction(k, n) if n else None,
        "part_max": Fraction(k + n_inconnus, n) if n else None,
        "ic_bas": ic[0],
        "ic_haut": ic[1],
        "cible": None,
        "ecart_points": None,
        "ecart_attributions": None,
        "verdict": None,
        "sens": None,
        "cible_de": None,
        "ecart_trop": None,
        "ecart_manque": None,
    }


def _aim(mesures: Ligne, sens: str, cible: Cible) -> None:
    mesures["cible"], mesures["cible_de"] = cible.valeur, "ensemble"
    if mesures["part"] is None:
        return
    k, n = mesures["numerateur"], mesures["n_connus"]
    mesures["ecart_points"] = 100 * (mesures["part"] - cible.valeur)
    mesures["ecart_attributions"] = ecart_attributions(sens, k, n, cible.valeur, cible.bande)
    mesures["verdict"] = verdict(sens, k, n, cible.valeur, cible.bande)
    mesures["sens"] = direction(sens, k, n, cible.valeur, cible.bande)
    for nom, voulu in PAR_SENS.items():
        mesures[nom] = mesures["ecart_attributions"] if mesures["sens"] == voulu else 0


def _viser_equilibre(mesures: Ligne, lignes: list[Ligne], cible: Cible | None) -> None:
    """One class of fragilité has its own target; several are summed, without a verdict; all `inconnu` have none."""
    mesures["n_trop"] = mesures["n_manque"] = None
    fragilites = {x["fragilite"] for x in lignes}
    if cible is None or fragilites <= {INCONNU}:
        return
    if len(fragilites) == 1:
        _aim(mesures, SENS_PAR_FRAGILITE[next(iter(fragilites))], cible)
    else:
        mesures["cible"], mesures["cible_de"] = cible.valeur, "ensemble"
    if mesures["part"] is None:
        return
    mesures["ecart_points"] = 100 * (mesures["part"] - cible.valeur)
    ecarts = _ecarts_equilibre(lignes, ("fragilite",), cible)
    mesures["ecart_attributions"] = sum(ecart for _, ecart in ecarts)
    sens = {direction for direction, _ in ecarts if direction is not None}
    mesures["sens"] = sens.pop() if len(sens) == 1 else None
    for nom, voulu in PAR_SENS.items():
        mesures[nom] = sum(ecart for direction, ecart in ecarts if direction == voulu)
    par_quartier = _ecarts_equilibre(lignes, ("quartier", "fragilite"), cible)
    for nom, voulu in (("n_trop", "trop"), ("n_manque", "manque")):
        mesures[nom] = sum(ecart for direction, ecart in par_quartier if direction == voulu)


def _ecarts_equilibre(lignes: list[Ligne], par: tuple[str, ...], cible: Cible) -> list[tuple[str | None, int]]:
    """The direction and the gap of each group of `par` of a known class, against the target of its class."""
    groupes: dict[tuple[str, ...], list[Ligne]] = {}
    for x in lignes:
        if x["fragilite"] != INCONNU:
            groupes.setdefault(tuple(x[coupe] for coupe in par), []).append(x)
    ecarts = []
    for siennes in groupes.values():
        reponses = [_dans(x, MODESTES) for x in siennes]
        sens, k, n = SENS_PAR_FRAGILITE[siennes[0]["fragilite"]], reponses.count(True), len(reponses)
        n -= reponses.count(None)
        ecart = ecart_attributions(sens, k, n, cible.valeur, cible.bande)
        ecarts.append((direction(sens, k, n, cible.valeur, cible.bande), ecart))
    return ecarts


def _viser_occupants(mesures: Ligne, comptes: tuple[int, int] | None) -> None:
    """Nobody known is unknown."""
    modestes, connus = comptes if comptes and comptes[1] else (None, None)
    part = Fraction(modestes, connus) if modestes is not None and connus else None
    mesures |= {"n_occupants_modestes": modestes, "n_occupants": connus, "part_occupants": part, "cible": part}
    if part is not None and mesures["part"] is not None:
        mesures["ecart_points"] = 100 * (mesures["part"] - part)


def _delais(lignes: list[Ligne]) -> dict[str, Any]:
    delais = [x["delai_mois"] for x in lignes if x["delai_mois"] is not None]
    mesures = dict.fromkeys(_count([]))
    return {
        **mesures,
        "n": len(lignes),
        "n_connus": len(delais),
        "n_inconnus": len(lignes) - len(delais),
        "moyenne_mois": Fraction(sum(delais), len(delais)) if delais else None,
        "mediane_mois": quantile(delais, Fraction(1, 2)) if delais else None,
        "p90_mois": quantile(delais, Fraction(9, 10)) if delais else None,
    }
