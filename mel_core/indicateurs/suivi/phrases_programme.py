"""The sentences of what the programme answers: the typologies of the mutations, the products that incomes open to.

Pure: figures as they are read in, French out.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mel_core.indicateurs.besoins import Manque
from mel_core.indicateurs.suivi.besoins_mutations import Besoins
from mel_core.indicateurs.suivi.produits import AU_DELA, AUTRE, Produits
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.appellations import TYPOLOGIES_DITES

PRODUITS = {"PLAI": "PLAI", "PLUS": "PLUS", "PLS": "PLS", AU_DELA: "au-delà du PLS", AUTRE: "autre financement"}
REGLE_DU_BESOIN = "une pièce par personne, T6 et plus à partir de six"


def besoins(ou: str, lus: Besoins, dites: pd.DataFrame) -> str:
    """Which typology the programme is furthest behind in, of those whose shares are said."""
    if pd.isna(lus.n_mutations):
        return f"Dans {ou}, les demandes de mutation ne se comptent pas : le statut du logement n’est pas donné."
    n = reader().compte(lus.n_mutations)
    debut = (
        f"Dans {ou}, **{langue.effectif(n, 'demande de mutation', 'demandes de mutation')}** "
        f"{langue.agree(n, 'attend', 'attendent')}"
    )
    ecarts = (dites["part_souhaits"] - dites["part_programmes"]).dropna()
    if len(ecarts):
        x = dites.loc[ecarts.idxmax()]
        if ecarts.max() <= 0:
            return f"{debut} : aucune typologie n’est moins programmée que souhaitée."
        return (
            f"{debut} : c’est en **{TYPOLOGIES_DITES[x['typologie']]}** que le programme est le plus en retard, "
            f"**{langue.part(x['part_souhaits'])}** de leurs souhaits et **{langue.part(x['part_programmes'])}** des "
            f"{_programmes(dites)}."
        )
    if dites["part_souhaits"].notna().any():
        x = dites.loc[dites["part_souhaits"].idxmax()]
        le = "la" if x["typologie"] == "C" else "le"
        voulu = (
            f"{le} **{TYPOLOGIES_DITES[x['typologie']]}** fait **{langue.part(x['part_souhaits'])}** de leurs souhaits"
        )
        return f"{debut} : {voulu}, et le programme ne dit pas ses typologies."
    return f"{debut} ; la part de chaque typologie n’est pas dite."


def _programmes(dites: pd.DataFrame) -> str:
    return langue.effectif(int(dites["n_programmes"].sum()), "logement programmé", "logements programmés")


def reserve_besoins(lus: Besoins) -> str:
    """The assumption, and what is left out."""
    dits = [f"Besoin au plus juste, hypothèse : {REGLE_DU_BESOIN}. Un souhait compte dans chaque typologie."]
    if lus.n_completes < lus.n_operations and lus.n_completes:
        muettes = lus.n_operations - lus.n_completes
        disent = langue.agree(muettes, "ne dit pas ses", "ne disent pas leurs")
        dits.append(f"{langue.effectif(muettes, 'opération')} sur {lus.n_operations} {disent} typologies.")
    for n, quoi in (
        (lus.n_sans_typologie, "sans typologie souhaitée"),
        (lus.n_sans_taille, "sans taille du ménage"),
        (lus.n_statuts_inconnus, "sans statut du logement, hors du compte"),
    ):
        if pd.notna(n) and n:
            dits.append(f"{langue.effectif(reader().compte(n), 'demande')} {quoi}.")
    return " ".join(dits)


def produits(ou: str, lus: Produits, dites: pd.DataFrame, duree: str) -> str:
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


def reserve_produits(lus: Produits) -> str:
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


DEFINITION_PRODUITS = (
    "Demandeurs : demandes actives aux revenus connus, au plus au plafond du produit et au-dessus du précédent, qui "
    "souhaitent une commune de l’ICI (le support de 2017 comptait tous les ménages, locataires et propriétaires). "
    "Plafonds : PLUS, arrêté de l’année ; PLAI, arrêté, en partie estimé depuis 2023 ; PLS, 1,3 fois le PLUS ; une "
    "année sans plafond PLAI ne se juge pas. Programmés : opérations qui donnent PLUS, PLAI et PLS. Attributions : "
    "baux de 12 mois. Parc : logements des résidences, selon leur financement."
)
SUPPORT_PRODUITS = (
    "Support de 2017 : 30 % de l’ensemble des ménages de la Métropole sont éligibles au PLAI. De son graphique "
    "(Filocom 2013), 27, 16 et 26 % se lisent sans leur légende ; le reste, et la production de 2012-2013, sont perdus."
)


def manquants(absents: Sequence[Manque]) -> str:
    """The columns that no file had, by table, and what to do; an empty text when there is none."""
    par_table: dict[str, list[str]] = {}
    for manque in absents:
        par_table.setdefault(manque.table, []).extend(manque.colonnes)
    return " ".join(
        f"Aucun fichier n’a donné {langue.liste([f'« {c} »' for c in dict.fromkeys(colonnes)])} (table « {nom} ») : "
        "l’ajouter depuis Préparer › Imports."
        for nom, colonnes in par_table.items()
    )
