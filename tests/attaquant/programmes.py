"""`python -m tests.attaquant.programmes --donnees D [--moi commune=59512]`: what the needs of mutations, the
products and the cotation of the 13h30 give back in Salle.

Two worlds, of the Métropole and its ICI heard together, at the last séances. `demandes`: those that are active, by the
ICI that they want, what housing they have, the typologies and the rooms that they want and need, the product that their
income opens to, whether they have points: `besoins_mutations`, `produits`, `cotation`. `baux`: the attributions, by
ICI, semester, access, typologie, financing and points: what mutations obtain, products, the cotation, the totals of the
bilan. Attacked too: who is counted of a line in the Métropole and not in an ICI, at a séance and not at another. The
attacker knows which crossings of the demandes hold nobody, more than is told, and how many points the last one housed
by points alone has; of a bailleur in a commune, a semester and an access, as most of its attributions are but for one
trait, others may be (`voisines`): no screen says that there is none, a nought being « 12 ou moins » like a one.

The two are judged together, for a profile: few counts are small, and of six 95 % are all of them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd

from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.entrepot.perimetre import icis, seances
from mel_core.indicateurs.suivi import besoins_mutations, cotation, produits
from mel_core.objectifs.reperes import Plafonds
from mel_core.secret.bail import SALLE
from mel_core.socle.periodes import Periode, Seance
from tests.attaquant.programme import REGLE, Entendus, add_options, compte, cote_a_cote, par_ligne, voisines
from tests.lecteurs import lue_par

_DEMANDES = """
select d.pseudonyme, coalesce(statut_logement, 'inconnu') as statut, array_to_string(typologies, '+') as typologies,
    coalesce(least(n_personnes, 6), 0) as taille, points is not null as a_des_points,
    list_contains(communes_souhaitees, $moi) or $moi in (code_insee_actuel, code_bailleur_actuel) as est_mienne,
    rang_ressources(
        d.revenu_entier, d.categorie, d.n_supplementaires, $plai, $plus, $pls, $plai_sup, $plus_sup, $pls_sup
    ) as rang,
    (
        select string_agg(distinct ici, '+' order by ici)
        from communes
        where list_contains(communes_souhaitees, code_insee)
    ) as icis
from demandes_actives($jour) d
"""
_BAUX = """
select a.ici, a.date_bail, a.mutation, a.typologie, a.financement, a.commune, a.bailleur, a.reservataire,
    coalesce(d.points, -1) as points
from attributions_qualifiees a
left join demandes d using (pseudonyme)
"""
SANS_POINTS = -1
_RANGS = (produits.INCONNU, *produits.AIDES, produits.AU_DELA)


@dataclass
class Ecoute:
    """What is said of one séance and one place (None: the Métropole), of the unknowns `groupes` that are there (`la`).

    `comptees`: by line, then by place and séance, who is counted.
    """

    lecteur: Lecteur
    periode: Periode
    ici: str | None
    groupes: pd.DataFrame
    la: np.ndarray
    monde: Entendus
    comptees: dict[str, dict[tuple[str, str], np.ndarray]]

    @property
    def ou(self) -> tuple[str, str]:
        return str(self.periode.fin), self.ici or "MEL"

    def nommer(self, quoi: str) -> str:
        return f"{' '.join(self.ou)} {quoi}"

    def hear(self, ou: np.ndarray, montre: object, vrai: object, quoi: str) -> None:
        self.monde.hear(ou, montre, vrai, self.nommer(quoi))
        self.comptees.setdefault(quoi, {})[self.ou] = ou

    def aim(self, ou: np.ndarray, quoi: str) -> None:
        self.monde.aim(ou, self.nommer(quoi))

    def hear_parts(self, poids: dict[str, np.ndarray], dites: dict[str, float], quoi: str) -> None:
        """The shares of several lines that add up to all of them; `poids`: how often each unknown counts there."""
        monde, total = self.monde, sum(poids.values(), np.zeros(len(self.monde.n)))
        for nom, siens in poids.items():
            part, autres = dites[nom], total - siens
            if pd.notna(part):
                monde.hear_poids(_non_nuls(siens - (part + 0.005) * total), haut=0)
                monde.hear_poids(_non_nuls(siens - (part - 0.005) * total), bas=0)
                monde.hear_poids(_non_nuls(total), bas=REGLE.classe_des)
                for x in (siens, autres):
                    monde.hear_poids(_non_nuls(x), bas=REGLE.tus + 1)
            elif monde.n @ total >= REGLE.classe_des + REGLE.base and monde.n @ siens > REGLE.tus:
                monde.hear_poids(_non_nuls(autres), haut=REGLE.tus)
            if total.max() <= 1:
                self.aim(autres > 0, f"{quoi}, autres que {nom}")

    def hear_mediane(self, ou: np.ndarray, dite: float) -> None:
        bornes = (REGLE.cote_des, np.inf) if pd.notna(dite) else (0, REGLE.cote_des - 1)
        self.monde.lignes.append(compte(np.flatnonzero(ou).tolist(), *bornes))


def _non_nuls(poids: np.ndarray) -> dict[int, float]:
    return {int(i): float(poids[i]) for i in np.flatnonzero(poids)}


def _entendre(
    lecteur: Lecteur, tenues: Sequence[Seance], groupes: pd.DataFrame, monde: Entendus, codes: str
) -> Iterator[tuple[Seance, Ecoute]]:
    """Place by place of each séance; then who tells two of them apart is attacked. `codes`: the column of the ICI."""
    comptees: dict[str, dict[tuple[str, str], np.ndarray]] = {}
    for seance in tenues:
        for ici in (None, *icis(lecteur)):
            la = np.array([ici is None or ici in str(c).split("+") for c in groupes[codes]])
            yield seance, Ecoute(lecteur, Periode.de(seance, "annee"), ici, groupes, la, monde, comptees)
    for quoi, par_ou in comptees.items():
        for (un, siennes), (autre, les_leurs) in permutations(par_ou.items(), 2):
            if un[0] == autre[0] or un[1] == autre[1]:
                monde.aim(siennes & ~les_leurs, f"{quoi}, {' '.join(un)} et pas {' '.join(autre)}")


def demandes(lecteur: Lecteur, tenues: Sequence[Seance], moi: str) -> tuple[pd.DataFrame, Entendus]:
    lues: pd.DataFrame | None = None
    par_seance = [f"rang_{s}" for s in tenues]
    for seance, colonne in zip(tenues, par_seance, strict=True):
        siennes = _read(lecteur, seance, moi).rename(columns={"rang": colonne}).astype({colonne: "Int64"})
        lues = siennes if lues is None else lues.merge(siennes, how="outer")
    assert lues is not None
    lues[par_seance] = lues[par_seance].fillna(-1).astype(int)  # -1: not active then
    groupes, monde = _grouper(lues.drop(columns="pseudonyme"))
    for seance, e in _entendre(lecteur, tenues, groupes, monde, "icis"):
        rangs = groupes[f"rang_{seance}"]
        e.la &= (rangs >= 0).to_numpy()
        _besoins(e)
        _demandeurs(e, rangs)
        if (lue := cotation.cotation(lecteur, e.periode, e.ici)) is not None:
            en_attente = e.la & groupes["a_des_points"].to_numpy(dtype=bool)
            x = lue_par(SALLE, cotation.render, lue).iloc[0]
            e.hear(en_attente, x["n_attente"], lue.n_attente, "attente à points")
            e.aim(e.la & ~en_attente, "attente sans points")
            e.hear_mediane(en_attente, x["mediane_attente"])
    return groupes, monde


def _grouper(lues: pd.DataFrame, possibles: pd.DataFrame | None = None) -> tuple[pd.DataFrame, Entendus]:
    """One row per unknown, `n` how many; nobody of the kinds `possibles` that have none."""
    groupes = lues.groupby(list(lues), as_index=False).size().rename(columns={"size": "n"})
    if possibles is not None:
        groupes = pd.concat([groupes, possibles.assign(n=0)]).drop_duplicates(list(lues), ignore_index=True)
    return groupes, Entendus(groupes["n"].to_numpy(dtype=int))


def _read(lecteur: Lecteur, seance: Seance, moi: str) -> pd.DataFrame:
    bornes: dict[str, object] = {}
    # Of a year whose ceilings are not known, nothing is said: any do.
    plafonds = produits._plafonds(lecteur, seance.fin) or (Plafonds((0,) * 6, 0, ""),) * 3
    for nom, p in zip(("plai", "plus", "pls"), plafonds, strict=True):
        bornes[nom] = [x * produits._UNITE + 1 for x in p.par_categorie]
        bornes[f"{nom}_sup"] = p.supplement * produits._UNITE
    lues = lecteur.query(_DEMANDES, jour=seance.fin, moi=moi, **bornes)
    return lues.fillna({"icis": "", "typologies": "", "est_mienne": False})


def _besoins(e: Ecoute) -> None:
    lus = besoins_mutations.besoins(e.lecteur, e.periode, e.ici)
    dites = lue_par(SALLE, besoins_mutations.render, lus.lignes)
    mutation = e.la & (e.groupes["statut"] == "HLM").to_numpy()
    voulues = [set(t.split("+")) - {""} for t in e.groupes["typologies"]]
    tailles = np.array([{0: "inconnu", 6: "T6P"}.get(n, f"T{n}") for n in e.groupes["taille"]])
    souhaits: dict[str, np.ndarray] = {}
    besoins: dict[str, np.ndarray] = {}
    for x, vraie in zip(par_ligne(dites), par_ligne(lus.lignes), strict=True):
        t = x["typologie"]
        veulent, ont_besoin = mutation & np.array([t in v for v in voulues]), mutation & (tailles == t)
        souhaits[t], besoins[t] = veulent.astype(float), ont_besoin.astype(float)
        e.hear(veulent, x["n_souhaits"], vraie["n_souhaits"], f"souhaits {t}")
        e.hear(ont_besoin, x["n_besoins"], vraie["n_besoins"], f"besoins {t}")
    par_typologie = dites.set_index("typologie")
    e.hear_parts(souhaits, par_typologie["part_souhaits"].to_dict(), "souhaits")
    e.hear_parts(besoins, par_typologie["part_besoins"].to_dict(), "besoins")
    for quoi, ou, vrai in (
        ("mutations", mutation, lus.n_mutations),
        ("sans typologie", mutation & np.array([not v for v in voulues]), lus.n_sans_typologie),
        ("sans taille", mutation & (tailles == "inconnu"), lus.n_sans_taille),
        ("sans statut", e.la & (e.groupes["statut"] == "inconnu").to_numpy(), lus.n_statuts_inconnus),
    ):
        e.hear(ou, SALLE.compte(vrai), vrai, quoi)


def _demandeurs(e: Ecoute, rangs: pd.Series) -> None:
    lus = produits.produits(e.lecteur, e.periode, e.ici)
    if not lus.est_connue:
        return
    dits, vrais = lue_par(SALLE, produits.render, lus.lignes).set_index("produit"), lus.lignes.set_index("produit")
    siens = {p: e.la & (rangs == i).to_numpy() for i, p in enumerate(_RANGS)}
    inconnus = lus.inconnus["n_demandeurs"]
    e.hear(siens.pop(produits.INCONNU), SALLE.compte(inconnus), inconnus, "demandeurs aux revenus inconnus")
    for p, ou in siens.items():
        e.hear(ou, dits.loc[p, "n_demandeurs"], vrais.loc[p, "n_demandeurs"], f"demandeurs {p}")
    poids = {p: ou.astype(float) for p, ou in siens.items()}
    e.hear_parts(poids, dits["part_demandeurs"].to_dict(), "demandeurs")


def baux(lecteur: Lecteur, tenues: Sequence[Seance]) -> tuple[pd.DataFrame, Entendus]:
    lues = lecteur.query(_BAUX)
    lues["semestre"] = [str(Seance.du(j.date())) for j in lues.pop("date_bail")]
    lues = lues[lues["semestre"].isin([str(x) for s in tenues for x in (s, s.precedente)])]
    autres = voisines(
        lues, ("commune", "bailleur", "semestre", "mutation"), ("typologie", "financement", "reservataire")
    )
    groupes, monde = _grouper(lues, autres)
    for seance, e in _entendre(lecteur, tenues, groupes, monde, "ici"):
        e.la &= groupes["semestre"].isin([str(seance), str(seance.precedente)]).to_numpy()
        _bail(e)
    return groupes, monde


def _bail(e: Ecoute) -> None:
    mutation = e.la & (e.groupes["mutation"] == "mutation").to_numpy()
    for quoi, ou in (("attributions", e.la), ("mutations", mutation), ("premiers accès", e.la & ~mutation)):
        n = int(e.monde.n[ou].sum())
        e.hear(ou, SALLE.compte(n), n, quoi)
    obtenus = besoins_mutations.besoins(e.lecteur, e.periode, e.ici).lignes
    lus = produits.produits(e.lecteur, e.periode, e.ici)
    est_nomme = e.groupes["financement"].isin([*produits.AIDES, produits.INCONNU])
    financements = e.groupes["financement"].where(est_nomme, produits.AUTRE)
    for cle, colonne, dits, vrais, codes, la in (
        (
            "typologie",
            "obtenus",
            lue_par(SALLE, besoins_mutations.render, obtenus),
            obtenus,
            e.groupes["typologie"],
            mutation,
        ),
        ("produit", "attributions", lue_par(SALLE, produits.render, lus.lignes), lus.lignes, financements, e.la),
    ):
        poids, parts = {}, {}
        for x, vrai in zip(par_ligne(dits), vrais[f"n_{colonne}"], strict=True):
            if pd.notna(vrai):
                siens = la & (codes == x[cle]).to_numpy()
                e.hear(siens, x[f"n_{colonne}"], vrai, f"{colonne} {x[cle]}")
                poids[x[cle]], parts[x[cle]] = siens.astype(float), x[f"part_{colonne}"]
        e.hear_parts(poids, parts, colonne)
    sans, inconnus = e.la & (financements == produits.INCONNU).to_numpy(), lus.inconnus["n_attributions"]
    e.hear(sans, SALLE.compte(inconnus), inconnus, "sans financement")
    if (lue := cotation.cotation(e.lecteur, e.periode, e.ici)) is not None:
        _cotation(e, lue)


def _cotation(e: Ecoute, lue: cotation.Cotation) -> None:
    x, points = lue_par(SALLE, cotation.render, lue).iloc[0], e.groupes["points"].to_numpy(dtype=float)
    connus = e.la & (points != SANS_POINTS)
    # How many points make as many of those housed be among the first.
    seuils = sorted({float(p) for p in points[connus]}, reverse=True)
    sont_en_tete = (connus & (points >= p) for p in (np.inf, *seuils))
    en_tete = next(la for la in sont_en_tete if e.monde.n[la].sum() == lue.n_en_tete)
    e.hear(e.la, x["n_attributions"], lue.n_attributions, "cotation, attributions")
    e.hear(connus, x["n_connus"], lue.n_connus, "cotation, à points")
    e.hear(en_tete, x["n_en_tete"], lue.n_en_tete, "cotation, en tête")
    e.aim(e.la & ~connus, "cotation, sans points")
    quoi = e.nommer("cotation, pas en tête")
    e.monde.hear_part(en_tete, connus, x["part_en_tete"], quoi, est_dite_si_elle_peut=True)
    e.hear_mediane(connus, x["mediane_attribues"])


def principal(arguments: list[str]) -> int:
    lecteur = argparse.ArgumentParser(prog="python -m tests.attaquant.programmes")
    lecteur.add_argument("--donnees", type=Path, required=True)
    lecteur.add_argument("--moi", default="", help="qui connaît ses propres chiffres : commune=59512, bailleur=B1, …")
    lecteur.add_argument("--seances", type=int, default=2, help="les dernières entendues")
    add_options(lecteur)
    options = lecteur.parse_args(arguments)
    cle, _, code = options.moi.partition("=")
    with Entrepot(options.donnees).open(Portee.mel()) as ouvert:
        tenues = sorted((Seance.read(str(s)) for s in seances(ouvert)), reverse=True)[: options.seances]
        lus = {"demandes": demandes(ouvert, tenues, code), "baux": baux(ouvert, tenues)}
    for nom, (groupes, monde) in lus.items():
        if nom == "demandes":  # those that want the commune, or live in it; those whom the bailleur houses
            monde.know(groupes["est_mienne"].to_numpy(dtype=bool))
        elif cle in groupes:
            monde.know(groupes[cle].isin(code.split("+")).to_numpy())  # the État is two réservataires
    ensemble = cote_a_cote([monde for _, monde in lus.values()])
    nom = f"demandes et baux{f', {options.moi}' if options.moi else ''}"
    return 0 if ensemble.attack(nom, options) else 1


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
