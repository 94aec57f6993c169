"""The month that a place of the reception network enters itself (the deck's *espace collaboratif*), beside what files
bring. Pure: the journal keeps what is entered, the screen reads it.

What a place entered is what it says of a month: it takes the place of what a file says, and what it left empty is left
to the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from mel_core.indicateurs.suivi.reseau import EN_LIGNE, ENREGISTREMENTS, MESURES
from mel_core.journal import Inscrit
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur

OBJET = "accueil"
RELAIS = "RELAIS"
COMPTES = (*MESURES, EN_LIGNE)
_DU_LIEU = ("nom", "type_lieu", "porteur", "commune", "nom_commune", "ici")
MAXIMUM = 100_000  # in a month, in one place
_MOIS_D_HABITUDE, _ECART_PERMIS = 3, 20  # months that make a habit; how far beyond three times it nobody is asked


@dataclass(frozen=True)
class MoisSaisi(Inscrit):
    """What the place `lieu` says of `mois` (« 2017-09 »): counts, None where it says nothing."""

    lieu: str
    mois: str
    n_pre_accueil: int | None = None
    n_enregistrements: int | None = None
    n_enregistrements_en_ligne: int | None = None
    n_entretiens: int | None = None

    @property
    def identifiant(self) -> str:
        """Its name in the journal."""
        return f"{self.lieu} {self.mois}"


def verify(saisi: MoisSaisi, type_lieu: str, aujourd_hui: date) -> None:
    """Raises `ErreurUtilisateur`, one sentence, when the month does not hold together."""
    dits = {c: v for c in COMPTES if (v := getattr(saisi, c)) is not None}
    if not dits:
        raise ErreurUtilisateur("Aucun nombre n’est saisi : en donner un au moins, puis enregistrer.")
    if any(not 0 <= v <= MAXIMUM for v in dits.values()):
        raise ErreurUtilisateur(
            f"Un nombre du mois n’est pas entre 0 et {langue.nombre(MAXIMUM)} : le corriger, puis enregistrer."
        )
    if saisi.mois > f"{aujourd_hui:%Y-%m}":
        raise ErreurUtilisateur("Ce mois n’a pas commencé : en choisir un autre.")
    if type_lieu == RELAIS and set(dits) - {"n_pre_accueil"}:
        raise ErreurUtilisateur(
            "Un relais d’information ne fait que le pré-accueil : laisser vides les enregistrements et les entretiens."
        )
    en_ligne, tous = dits.get(EN_LIGNE), dits.get(ENREGISTREMENTS)
    if en_ligne is not None and (tous is None or en_ligne > tous):
        combien = "aucun n’est donné" if tous is None else f"{langue.nombre(tous)} en tout"
        raise ErreurUtilisateur(
            f"Les enregistrements en ligne ({langue.nombre(en_ligne)}) font partie des enregistrements ({combien}) : "
            "corriger l’un des deux."
        )


def ouverts(accueil: pd.DataFrame, sien: tuple[str, str] | None) -> pd.DataFrame:
    """The places whose month may be entered, one row each, by name: those that it runs for a commune (`sien`: the cut
    and the code of whoever enters), none for another place, all of them for who is of no place (a co-pilot)."""
    lieux = accueil.sort_values("mois").drop_duplicates("lieu", keep="last").sort_values(["nom", "lieu"])
    if sien is None:
        return lieux
    coupe, code = sien
    return lieux[(lieux["porteur"] == "COMMUNE") & (lieux["commune"] == code) & (coupe == "commune")]


def merge(accueil: pd.DataFrame, saisies: Iterable[MoisSaisi], dernier: str) -> pd.DataFrame:
    """The rows of `suivi.accueil` with the months entered up to `dernier` (« 2017-12 ») of the places that it knows,
    then `est_saisi` and `est_corrige` (a number of a file that an entry changed)."""
    connus = accueil.sort_values("mois").drop_duplicates("lieu", keep="last").set_index("lieu")
    lignes = {(x["lieu"], x["mois"]): x for x in accueil.to_dict("records")}
    for ligne in lignes.values():
        ligne |= {"est_saisi": False, "est_corrige": False}
    for saisi in saisies:
        if saisi.lieu not in connus.index or saisi.mois > dernier:
            continue
        depart = {"lieu": saisi.lieu, "mois": saisi.mois, **dict.fromkeys(COMPTES, float("nan")), "est_corrige": False}
        depart |= {c: connus.loc[saisi.lieu, c] for c in _DU_LIEU if c in connus}
        ligne = lignes.setdefault((saisi.lieu, saisi.mois), depart)
        for compte in COMPTES:
            valeur = getattr(saisi, compte)
            if valeur is not None:
                ligne["est_corrige"] |= bool(pd.notna(ligne[compte]) and ligne[compte] != valeur)
                ligne[compte] = valeur
        ligne["est_saisi"] = True
    ordre = [*accueil.columns, "est_saisi", "est_corrige"]
    fondues = pd.DataFrame(list(lignes.values()), columns=ordre)
    return fondues.sort_values(["lieu", "mois"], ignore_index=True)


def par_des_relais(accueil: pd.DataFrame) -> pd.Series:
    """By name of the relais that registers or interviews, which a relais does not do: how many it says in all."""
    leurs = accueil[accueil["type_lieu"] == RELAIS]
    sommes = leurs.groupby("nom")[[ENREGISTREMENTS, "n_entretiens"]].sum().sum(axis=1)
    return sommes[sommes > 0].astype(int)


def sans_les_relais(accueil: pd.DataFrame) -> pd.DataFrame:
    """The same rows, what relais register or interview left out: it is counted apart (`par_des_relais`)."""
    est_relais, leurs = accueil["type_lieu"] == RELAIS, (ENREGISTREMENTS, EN_LIGNE, "n_entretiens")
    return accueil.assign(**{c: accueil[c].mask(est_relais & accueil[c].gt(0)) for c in leurs})


def loin_de_l_habitude(saisi: MoisSaisi, accueil: pd.DataFrame) -> str:
    """What is so far from the place's usual month (median of the others, three at least) that it is to be confirmed, in
    one sentence; empty when nothing is."""
    autres = accueil[(accueil["lieu"] == saisi.lieu) & (accueil["mois"] != saisi.mois)]
    for compte in COMPTES:
        valeur, connus = getattr(saisi, compte), autres[compte].dropna()
        if valeur is None or len(connus) < _MOIS_D_HABITUDE:
            continue
        usuel = float(connus.median())
        if max(valeur - 3 * usuel, usuel - 3 * valeur) > _ECART_PERMIS:
            return (
                f"Ce lieu compte {langue.nombre(usuel)} par mois d’habitude, et {langue.nombre(valeur)} est saisi : "
                "corriger, ou confirmer ce volume puis enregistrer."
            )
    return ""
