"""What the screens of 9h30 ask: a measure, at a séance, over an ICI; and the lines that may be shown."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

from mel_core.indicateurs import phrases_constats, phrases_vues
from mel_core.indicateurs.catalogue import ACI as ACI
from mel_core.indicateurs.catalogue import EQUILIBRE as EQUILIBRE
from mel_core.indicateurs.catalogue import MESURES
from mel_core.indicateurs.definitions import MesureBilan
from mel_core.indicateurs.mesures import Objectif
from mel_core.socle import langue
from mel_core.socle.periodes import Seance
from pages.commun import donnees
from pages.commun.choix_perimetre import Perimetre


class Cle(NamedTuple):
    """What is asked of a measure (`code`, of MESURES): in this snapshot, at this séance, over this ICI (None: the whole
    Métropole). Each answer is kept by who is asked: none is held here."""

    identifiant: str
    seance: str
    code: str
    ici: str | None

    @property
    def mesure(self) -> MesureBilan:
        return MESURES[self.code]

    @property
    def ou(self) -> tuple[str, str]:
        """The snapshot and the séance."""
        return self.identifiant, self.seance

    @property
    def objectif(self) -> Objectif | None:
        """That of the whole, in force at the end of the séance."""
        return donnees.objectif(*self.ou, self.mesure.indicateur)

    @property
    def bande(self) -> Fraction:
        """How far from it one that is held to a band may be."""
        return objectif.bande if (objectif := self.objectif) else Fraction(0)

    @property
    def objectifs(self) -> list[Objectif]:
        """That of the whole, then those of a place."""
        return donnees.objectifs(*self.ou, self.mesure.indicateur)

    @property
    def communes(self) -> dict[str, str]:
        """Code → name of those of the scope."""
        return donnees.communes_de(*self.ou, self.ici)

    def dites(self, *par: str, indicateur: str = "", etendue: str = "annee") -> pd.DataFrame:
        """Its cells by these cuts, or those of another `indicateur`, as they are read now."""
        return donnees.dites(*self.ou, indicateur or self.mesure.indicateur, etendue, par, self.ici)

    def exactes(self, *par: str) -> pd.DataFrame:
        """The same, exact: what an engine works out of, and never shown."""
        return donnees.cellules(*self.ou, self.mesure.indicateur, "annee", par, self.ici)

    @property
    def servie_avant(self) -> Cle:
        """The same of the séance before: each by the snapshot that serves it, a frozen one keeps its own."""
        avant = Seance.read(self.seance).precedente
        return self._replace(identifiant=donnees.instantane(avant, self.ici).identifiant, seance=str(avant))


def cle_de(perimetre: Perimetre, code: str) -> Cle:
    return Cle(perimetre.instantane.identifiant, str(perimetre.seance), code, perimetre.ici)


def say_en_nombre(choisi: Perimetre, indicateur: str) -> str:
    """Each place of the scope that is held to a number a year, against it (a bailleur, over the whole Métropole)."""
    ou, dits, noms = (choisi.instantane.identifiant, str(choisi.seance)), [], choisi.communes | choisi.bailleurs
    for objectif in donnees.objectifs(*ou, indicateur):
        lieu = dict(objectif.lieu)
        est_d_ici = lieu.get("commune", "") in ("", *choisi.communes)
        if not objectif.en_nombre or not lieu or "reservataire" in lieu or not est_d_ici:
            continue
        ici = choisi.ici if "commune" in lieu else None
        lignes = donnees.dites(*ou, indicateur, "annee", tuple(lieu), ici)
        for coupe, code in lieu.items():
            lignes = lignes[lignes[coupe] == code]
        nom = " · ".join(noms.get(code, code) for code in lieu.values())
        ligne = next(iter(par_ligne(lignes)), None)
        dits.append(phrases_vues.objectif_en_nombre(nom, ligne, float(objectif.valeur)))
    return phrases_vues.objectifs_en_nombre(dits)


def precedent(cle: Cle, par: str) -> tuple[str, pd.DataFrame] | None:
    """The séance before and its cells cut by `par`, read alike; none when the data do not cover
    its whole year: nothing is compared with a part of one."""
    avant = cle.servie_avant
    if avant.seance not in donnees.choix()[0]:
        return None
    est_entiere = all(phrases_constats.duree_de(c.dites()).est_entiere for c in (avant, cle))
    return (avant.seance, avant.dites(par)) if est_entiere else None


def seance_dite(texte: str) -> str:
    """`S2 2017` for the séance 2017S2."""
    seance = Seance.read(texte)
    return f"S{seance.semestre}{langue.INSECABLE}{seance.annee}"


def by_volume(lignes: pd.DataFrame, cle: str) -> pd.DataFrame:
    """The lines with most attributions first, as far as is read."""
    volumes = lignes.assign(volume=lignes["n"].astype(float)).sort_values(["volume", cle], ascending=[False, True])
    return volumes.drop(columns="volume").reset_index(drop=True)


def sans_commune(nom: object, commune: str) -> str:
    """`IRIS 0403` in its commune, which is named above."""
    return "" if pd.isna(nom) else str(nom).removeprefix(f"{commune}, ").removeprefix(f"{commune} - ")


def par_ligne(rangees: pd.DataFrame) -> list[dict[str, Any]]:
    """Each line by column, a count that is not said still what it is (`to_dict` makes an unknown of it)."""
    return [dict(zip(rangees, x, strict=True)) for x in rangees.itertuples(index=False, name=None)]
