"""Which sentence a line of the bilan has: one, on its screen, on a slide, in the note and in a workbook.

What it is said of is asked first, exact (`gather`), and kept as long as one likes; it is said (`say`) as who asks then
may read it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import pandas as pd

from mel_core.indicateurs import conventions, phrases_constats, phrases_mesures
from mel_core.indicateurs.catalogue import INDICATEURS, MESURES, OBJECTIFS
from mel_core.indicateurs.conventions import par_convention
from mel_core.indicateurs.definitions import ImageBilan, MesureBilan
from mel_core.indicateurs.mesures import Objectif
from mel_core.indicateurs.phrases_constats import duree_de
from mel_core.secret.bail import reader
from mel_core.secret.montrer import ECARTS
from mel_core.socle.appellations import RESERVATAIRES
from mel_core.socle.valeurs import INCONNU, Compte

# Exact cells over the 12 months: of an indicator, by these cuts, in an ICI (None: in the whole Métropole).
Lire = Callable[[str, tuple[str, ...], str | None], pd.DataFrame]
Question = tuple[str, tuple[str, ...]]

# What holds a cell to its objective.
_JUGEES = {"cote": None, "verdict": None, "sens": None, "ecart_points": None, **dict.fromkeys(ECARTS, INCONNU)}
_SANS_CONTINGENT = ("AUCUN", "inconnu")
# Nothing of the one cell that a screen is about.
_VIDE = pd.Series({**dict.fromkeys(("n", "n_connus", "n_inconnus", "numerateur"), Compte(0)), "part": float("nan")})


def lues(
    cellules: pd.DataFrame, par: tuple[str, ...] = (), sienne: pd.Series | None = None, n_mois: int = 12
) -> pd.DataFrame:
    """`cellules` (exact, over `n_mois`) as they are read (see `Audience.cellules`): part of a period is held to no
    objective, and compared with nothing."""
    dites = reader().cellules(cellules, par, sienne)
    if not duree_de(cellules, n_mois).est_entiere:
        return dites.assign(**{c: vide for c, vide in _JUGEES.items() if c in dites})
    return dites


def find(mesure: MesureBilan, lignes: pd.DataFrame) -> pd.Series:
    """The whole scope, or the one cell that the measure is about."""
    if mesure.cellule:
        coupe, code = mesure.cellule
        lignes = lignes[lignes[coupe] == code]
    return _VIDE if lignes.empty else lignes.iloc[0]


@dataclass(frozen=True)
class Constat:
    """What the sentence of `mesure` (of MESURES) is said of, exact.

    `coupe`: how its lines are cut. `ou`: where, in words. `cellules`: by question, in the place; `ailleurs`: the whole
    Métropole, where it is compared with it. `objectifs`: those in force of its indicator.
    """

    mesure: MesureBilan
    coupe: str
    ou: str
    cellules: Mapping[Question, pd.DataFrame]
    ailleurs: pd.DataFrame | None
    objectifs: Sequence[Objectif]

    @property
    def question(self) -> Question:
        """Whose answer holds the one line that the sentence is about."""
        return self.mesure.indicateur_de_synthese, (self.mesure.cellule[0],) if self.mesure.cellule else ()

    def lues(self, indicateur: str, *par: str) -> pd.DataFrame:
        """The cells as they are read now."""
        return lues(self.cellules[indicateur, par], par)

    @property
    def est_connu(self) -> bool:
        """Whether there is a figure to tell: a document leaves out a line without one, of which the sentence says what
        to import, to who prepares."""
        if self.mesure.classe:
            par_classe = self.cellules[self.mesure.indicateur, self.mesure.classe]
            return bool(par_classe.loc[par_classe["fragilite"] != "inconnu", "n_connus"].sum() > 0)
        if self.mesure.code == "reservataires":
            contingents = self.cellules["aci", ("reservataire",)]["reservataire"]
            return not contingents.isin(_SANS_CONTINGENT).all()
        return bool(find(self.mesure, self.cellules[self.question])["n_connus"] > 0)

    @property
    def est_dit(self) -> bool:
        """Whether who asks may read the figure that the sentence is about."""
        ligne, image = self.ligne, self.mesure.image
        if ligne["n_connus"] == 0:
            return False
        if image in (ImageBilan.EFFECTIFS, ImageBilan.VOLUMES):
            return True
        return pd.notna(ligne[image.colonne])

    @property
    def ligne(self) -> pd.Series:
        """The one line that it is about, as it is read."""
        return find(self.mesure, self.lues(self.question[0], *self.question[1]))

    @property
    def metropole(self) -> pd.Series | None:
        """The same in the whole Métropole, as it is read."""
        return None if self.ailleurs is None else lues(self.ailleurs).iloc[0]

    def say(self) -> str:
        """The sentence, its numbers between `**`."""
        if self.mesure.code in OBJECTIFS or self.est_dit:  # an objective says itself why it says no share
            return _PHRASES.get(self.mesure.code, (_part, ()))[0](self)
        titre = self.mesure.titre if self.mesure.cellule else INDICATEURS[self.mesure.indicateur].titre
        return phrases_mesures.rien_de_connu(titre, self.ou, self.ligne)


def gather(code: str, coupe: str, ou: str, ici: str | None, lire: Lire, objectifs: Sequence[Objectif]) -> Constat:
    """Ask for all that the sentence of `code` names, by `lire`; `ici`: None, the whole Métropole."""
    vide = Constat(MESURES[code], coupe, ou, {}, None, objectifs)
    questions = (vide.question, *_PHRASES.get(code, (_part, ()))[1])
    est_comparee = ici is not None and code not in OBJECTIFS and not vide.mesure.cellule
    return replace(
        vide,
        cellules={(nom, par): lire(nom, par, ici) for nom, par in questions},
        ailleurs=lire(*vide.question, None) if est_comparee else None,
    )


def _part(c: Constat) -> str:
    return phrases_mesures.part_dite(c.mesure.indicateur, c.ou, c.ligne, c.metropole)


def _equilibre(c: Constat) -> str:
    objectif = next((o for o in c.objectifs if not o.lieu and not o.en_nombre), None)
    bande = objectif.bande if objectif else Fraction(0)
    dite = phrases_constats.constat_equilibre(c.ou, c.lues("equilibre", "fragilite"), bande)
    detail = phrases_constats.quartier_par_quartier(c.ligne) if c.coupe == "quartier" else ""
    return f"{dite} {detail}".rstrip()


def _aci(c: Constat) -> str:
    manques = {lieu: reader().manque(c.cellules["aci", (lieu,)]) for lieu in ("commune", "bailleur")}
    return phrases_constats.constat_aci(c.ou, c.ligne, manques)


def _aci_lieux(c: Constat) -> str:
    return phrases_mesures.aci_lieux(c.ou, c.ligne, c.lues("aci", "fragilite_commune"))


def _mutations(c: Constat) -> str:
    par_classe = c.lues("equilibre", "mutation", "fragilite")
    fragiles = par_classe[par_classe["fragilite"] == "fragile"]
    return phrases_mesures.mutations(c.ou, c.lues("equilibre", "mutation"), fragiles)


def _enjeu_mixite(c: Constat) -> str:
    par_enjeu = c.lues("entrants_occupants", "enjeu_mixite").set_index("enjeu_mixite")
    autres = par_enjeu.loc["non"] if "non" in par_enjeu.index else None
    return phrases_mesures.enjeu_de_mixite(c.ou, c.ligne, autres)


def _reservataires(c: Constat) -> str:
    toutes = c.lues("npru", "reservataire").set_index("reservataire")["n"]
    lignes = c.lues("aci", "reservataire")
    lignes = _par_volume(lignes.assign(n_total=lignes["reservataire"].map(toutes)), "n")
    return phrases_mesures.reservataires(c.ou, lignes, c.lues("npru")["n"].iloc[0])


def _flux(c: Constat) -> str:
    exactes = c.cellules["flux", ("bailleur",)]
    tenues = par_convention(exactes, lues(exactes, ("bailleur",)), c.objectifs)
    return conventions.flux(c.ou, _par_volume(c.lues("flux", "reservataire"), "numerateur").merge(tenues, on="ligne"))


def _par_volume(lignes: pd.DataFrame, colonne: str) -> pd.DataFrame:
    """Réservataires, the largest first, with what each is called."""
    codes, volumes = lignes["reservataire"], lignes[colonne].astype(float)
    lignes = lignes.assign(ligne=codes, nom=codes.map(RESERVATAIRES).fillna(codes), volume=volumes)
    return lignes.sort_values(["volume", "ligne"], ascending=[False, True], ignore_index=True)


# The sentence of each objective and measure, and what it names beside the line that it is about; else that of a share.
_PHRASES: dict[str, tuple[Callable[[Constat], str], tuple[Question, ...]]] = {
    "equilibre": (_equilibre, (("equilibre", ("fragilite",)),)),
    "aci": (_aci, (("aci", ("commune",)), ("aci", ("bailleur",)))),
    "aci_lieux": (_aci_lieux, (("aci", ("fragilite_commune",)),)),
    "ressources": (lambda c: phrases_mesures.ressources(c.ou, c.ligne), ()),
    "mutations": (_mutations, (("equilibre", ("mutation", "fragilite")),)),
    "npru": (lambda c: phrases_mesures.npru(c.ou, c.ligne, c.metropole), ()),
    "entrants_occupants": (lambda c: phrases_mesures.entrants(c.ou, c.ligne), ()),
    "enjeu_mixite": (_enjeu_mixite, ()),
    "reservataires": (_reservataires, (("aci", ("reservataire",)), ("npru", ("reservataire",)), ("npru", ()))),
    "flux": (_flux, (("flux", ("bailleur",)),)),
    "delais": (lambda c: phrases_mesures.delais(c.ou, c.ligne), ()),
}
