"""What the incomes of the applicants open to them, beside what is built, let and standing, by product: PLAI, PLUS, PLS
(deck of 2017: *répartition des ménages par plafond de ressources et production récente par produit*)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from mel_core.contrat.tables import FINANCEMENTS
from mel_core.entrepot import Lecteur
from mel_core.indicateurs import suivi
from mel_core.indicateurs.besoins import Manque, toutes
from mel_core.indicateurs.manques import DEMANDES, sans_reponse
from mel_core.indicateurs.suivi.besoins_mutations import SQL, share_out
from mel_core.objectifs.reperes import ESTIME, OFFICIEL, Plafonds, plafonds_du_produit
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.periodes import Periode
from mel_core.socle.valeurs import Duree

AU_DELA, AUTRE, INCONNU = "AU_DELA", "AUTRE", "inconnu"
AIDES = ("PLAI", "PLUS", "PLS")
PRODUITS = (*AIDES, AU_DELA, AUTRE)
TITRES = {"PLAI": "PLAI", "PLUS": "PLUS", "PLS": "PLS", AU_DELA: "au-delà du PLS", AUTRE: "autre financement"}
SERIES = ("n_demandeurs", "n_programmes", "n_attributions", "n_logements")
MENAGES = ("n_demandeurs", "n_attributions")  # the two others are of dwellings
_UNITE = 10**8  # of `revenu_entier`, in a euro
_BESOINS = (
    (DEMANDES, *toutes("demandes", "revenu_fiscal")),
    toutes("programmation", "n_plus", "n_plai", "n_pls"),
    toutes("attributions", "financement"),
    toutes("residences", "financement"),
)
_LIGNES = {"n_demandeurs": (*AIDES, AU_DELA), "n_programmes": AIDES} | dict.fromkeys(
    ("n_attributions", "n_logements"), (*AIDES, AUTRE)
)


@dataclass(frozen=True)
class Produits:
    """`lignes`: one row per product (`AU_DELA`: over the ceiling of the PLS; `AUTRE`: another financing), with what is
    known: `n_demandeurs` whose income is under its ceiling and over that of the one before, `n_programmes` dwellings of
    the operations that give their three products, `n_attributions` of 12 months, `n_logements` of the stock. Empty
    where it is unknown, or has no such row.

    `inconnus`: by column, those left out (income, or product, not said). `annee`: of the ceilings; `est_connue` when
    all three are known, `est_estimee` when some are estimated.
    """

    lignes: pd.DataFrame
    inconnus: dict[str, int]
    annee: int
    est_connue: bool
    est_estimee: bool
    manques: tuple[Manque, ...]


def produits(lecteur: Lecteur, periode: Periode, ici: str | None = None) -> Produits:
    """The demandes are those active on the last day of `periode` that want a commune of `ici` (None: all of them)."""
    plafonds = _plafonds(lecteur, periode.fin)
    revenus, programme, baux, parc = (sans_reponse(lecteur, besoins) for besoins in _BESOINS)
    operations = suivi.operations(lecteur, ici)
    completes = operations.dropna(subset=[f"n_{p.lower()}" for p in AIDES])
    quand = {"ici": ici, "debut": periode.debut, "jour": periode.fin}
    comptes: dict[str, dict[str, int]] = {
        "n_demandeurs": _demandeurs(lecteur, plafonds, periode.fin, ici) if plafonds and not revenus else {},
        "n_programmes": {p: int(completes[f"n_{p.lower()}"].sum()) for p in AIDES} if len(completes) else {},
        "n_attributions": {} if baux else _par_produit(lecteur.query(SQL["attributions_par_produit"], **quand)),
        "n_logements": {} if parc else _par_produit(lecteur.query(SQL["parc_par_produit"], ici=ici)),
    }
    lignes = pd.DataFrame({"produit": PRODUITS}).assign(
        **{c: [n.get(p, 0) if n and p in _LIGNES[c] else None for p in PRODUITS] for c, n in comptes.items()}
    )
    return Produits(
        lignes.astype(dict.fromkeys(SERIES, "Int64")),
        {c: n.get(INCONNU, 0) for c, n in comptes.items()} | {"n_programmes": len(operations) - len(completes)},
        periode.fin.year,
        plafonds is not None,
        any(p.statut == ESTIME for p in plafonds or ()),
        (*revenus, *programme, *baux, *parc),
    )


def _plafonds(lecteur: Lecteur, jour: date) -> tuple[Plafonds, ...] | None:
    """PLAI, PLUS and PLS of the year of `jour`; None unless all three are known."""
    lus = lecteur.query(SQL["plafonds_plus"], jour=jour)
    plai, pls = (plafonds_du_produit(p, jour.year) for p in ("PLAI", "PLS"))
    if plai is None or pls is None or len(lus) != len(plai.par_categorie):
        return None
    plus = Plafonds(tuple(map(int, lus["plafond_eur"])), int(lus["supplement_eur"].iloc[-1]), OFFICIEL)
    return plai, plus, pls


def _demandeurs(lecteur: Lecteur, plafonds: tuple[Plafonds, ...], jour: date, ici: str | None) -> dict[str, int]:
    bornes: dict[str, object] = {}
    for nom, p in zip(("plai", "plus", "pls"), plafonds, strict=True):
        # A ceiling lets in who reaches it: the bound is one unit over.
        bornes |= {nom: [x * _UNITE + 1 for x in p.par_categorie], f"{nom}_sup": p.supplement * _UNITE}
    lus = lecteur.query(SQL["menages_par_plafond"], ici=ici, jour=jour, **bornes)
    return {(INCONNU, *AIDES, AU_DELA)[rang]: int(n) for rang, n in zip(lus["rang"], lus["n"], strict=True)}


def _par_produit(lues: pd.DataFrame) -> dict[str, int]:
    """Any financing that the contract does not name is another one."""
    connus = lues["produit"].where(lues["produit"].isin([*FINANCEMENTS, INCONNU]), AUTRE)
    return {str(p): int(n) for p, n in lues["n"].groupby(connus).sum().items()}


def render(lignes: pd.DataFrame) -> pd.DataFrame:
    """The rows of `Produits` as they are read, with their shares (see `share_out`)."""
    return share_out(lignes, SERIES, MENAGES)


def say(ou: str, lus: Produits, dites: pd.DataFrame, duree: Duree) -> str:
    """What share of the applicants are under the ceiling of the PLAI, beside those that are programmed and let."""
    plai = dites.set_index("produit").loc["PLAI"]
    suites = [
        f"**{langue.part(plai[colonne])}** {quoi}"
        for colonne, quoi in (
            ("part_programmes", "des logements programmés"),
            ("part_attributions", f"des attributions de {duree}"),
        )
        if pd.notna(plai[colonne])
    ]
    en_face = (
        f"le PLAI fait {' et '.join(suites)}" if suites else "aucun produit n’est donné pour le programme ni les baux"
    )
    if pd.isna(plai["part_demandeurs"]):
        pourquoi = "leur part n’est pas dite" if lus.est_connue else f"aucun plafond PLAI n’est connu en {lus.annee}"
        return f"Dans {ou}, les revenus des demandeurs ne se lisent pas ({pourquoi}) ; {en_face}."
    return (
        f"Dans {ou}, **{langue.part(plai['part_demandeurs'])}** des demandeurs aux revenus connus sont sous le plafond "
        f"du PLAI ; {en_face}."
    )


def reserve(lus: Produits) -> str:
    """Where the ceilings come from, and what is left out."""
    estimee = f", estimés pour le PLAI en {lus.annee} (à 3 € près, à confirmer par arrêté)" if lus.est_estimee else ""
    dits = [f"Plafonds de ressources de {lus.annee}{estimee}, PLS : 1,3 fois le PLUS."] if lus.est_connue else []
    for colonne, quoi in (
        ("n_demandeurs", ("demandeur", "aux revenus inconnus")),
        ("n_attributions", ("attribution", "sans financement donné")),
    ):
        if n := lus.inconnus[colonne]:
            dits.append(f"{langue.effectif(reader().compte(n), quoi[0])} {quoi[1]}.")
    if n := lus.inconnus["n_programmes"]:
        dits.append(f"{langue.effectif(n, 'opération')} sans ses trois produits.")
    return " ".join(dits)


DEFINITION = (
    "Demandeurs : demandes actives aux revenus connus, au plus au plafond du produit et au-dessus du précédent, qui "
    "souhaitent une commune de l’ICI (le support de 2017 comptait tous les ménages, locataires et propriétaires). "
    "Plafonds : PLUS, arrêté de l’année ; PLAI, arrêté, en partie estimé depuis 2023 ; PLS, 1,3 fois le PLUS ; une "
    "année sans plafond PLAI ne se juge pas. Programmés : opérations qui donnent PLUS, PLAI et PLS. Attributions : "
    "baux de 12 mois. Parc : logements des résidences, selon leur financement."
)
