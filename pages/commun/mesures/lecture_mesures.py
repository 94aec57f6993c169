"""What a measure of the bilan reads for a séance, an ICI and a cut: the lines, and the landmarks."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mel_core.entrepot.perimetre import DE_CODES_FIXES, locate
from mel_core.indicateurs import constats, conventions, mesures
from mel_core.indicateurs.besoins import Manque
from mel_core.indicateurs.calcul_indicateurs import CLASSES
from mel_core.indicateurs.definitions import CONVENTIONS, DE_CLASSES, MATRICE, ImageBilan, MesureBilan, par
from mel_core.indicateurs.manques import manques, manques_de_coupe, seuils_manquants
from mel_core.indicateurs.phrases_constats import duree_de
from mel_core.socle.appellations import (
    ENJEUX_DE_MIXITE,
    FRAGILITES_EN_TETE,
    INCONNUS,
    RESERVATAIRES,
    TYPOLOGIES_DES_COMMUNES,
)
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.valeurs import Compte, Duree
from pages.commun import donnees, memo
from pages.commun.choix_perimetre import Perimetre
from pages.commun.mesures.lecture_bilan import Cle, cle_de, seance_dite

ACCES = {"premier_acces": "Premier accès", "mutation": "Mutations"}
# Cuts that keep the order of their classes.
_CODES = dict.fromkeys([*FRAGILITES_EN_TETE, *TYPOLOGIES_DES_COMMUNES, *ENJEUX_DE_MIXITE])
_ORDRE = [*(c for c in _CODES if c != "inconnu"), "inconnu"]
_SEPARATEUR = "|"
_SEANCES_DITES = 6


@dataclass(frozen=True)
class Repere:
    """A row of the comparison: what it is about, and the row of the contract that answers (None: cannot be read)."""

    libelle: str
    ligne: pd.Series
    est_courant: bool = False
    n_mois: int = 12

    @property
    def est_entier(self) -> bool:
        """Whether the data cover its whole period: nothing is compared with a part."""
        return duree_de(self.ligne, self.n_mois).est_entiere


@dataclass(frozen=True)
class LectureMesure:
    """A measure over its scope, as it is read. `ensemble`: its cells without a cut. `synthese`: the one row
    that sums it up.

    `modestes_par_classe`: `equilibre` by fragilite of the quartiers, for the sentences that name one.
    `seances`, `icis`: the same row elsewhere in time and space. `manque`: what no file had; `seuils`: years without
    a first-quartile threshold.
    """

    cle: Cle
    mesure: MesureBilan
    ensemble: pd.DataFrame
    synthese: pd.Series
    semestre: pd.Series
    seances: list[Repere]
    icis: list[Repere]
    manque: tuple[Manque, ...]
    seuils: tuple[int, ...]

    @property
    def toutes(self) -> Compte:
        """All the attributions of the scope, first accesses and mutations."""
        return self.cle.dites(indicateur="npru")["n"].iloc[0]

    @property
    def lieux_inconnus(self) -> Compte:
        """Of all of them, those that nobody can tell are of its places; 0 for a measure that is not about some."""
        if not self.mesure.coupe_des_lieux:
            return Compte(0)
        par_lieu = self.cle.dites(self.mesure.coupe_des_lieux, indicateur="npru")
        siens = par_lieu.loc[par_lieu[self.mesure.coupe_des_lieux] == "inconnu", "n"]
        return Compte(0) if siens.empty else siens.iloc[0]

    @property
    def duree(self) -> Duree:
        return donnees.duree(*self.cle.ou)

    @property
    def est_connue(self) -> bool:
        """Whether there is a figure to show, here or in one of its lines."""
        return not self.manque and not self.seuils and self.synthese["n_connus"] != 0


def read(perimetre: Perimetre, code: str) -> LectureMesure:
    """The measure `code` (of MESURES) for the scope of the session."""
    seances, icis = donnees.choix()
    seance = str(perimetre.seance)
    passees = [s for s in reversed(seances) if s <= seance and str(Seance.read(s).precedente) in seances]
    # Each séance by the snapshot that serves it: a frozen one keeps its own.
    servies = tuple(
        (s, donnees.instantane(Seance.read(s), perimetre.ici).identifiant) for s in passees[-_SEANCES_DITES:]
    )
    return _read(cle_de(perimetre, code), servies, tuple(icis))


@memo.said(128, est_partage=True)
def _read(cle: Cle, servies: tuple[tuple[str, str], ...], icis: tuple[str, ...]) -> LectureMesure:
    mesure, ou = cle.mesure, cle.ou
    manque = donnees.ask(*ou, manques, mesure.indicateur)
    if mesure.cellule:  # a screen about one cell of a cut is nothing without it
        manque = tuple(dict.fromkeys((*manque, *donnees.ask(*ou, manques_de_coupe, mesure.coupes[0]))))
    seuils = donnees.ask(*ou, seuils_manquants, mesure.indicateur, Periode.de(cle.seance, "annee"))
    passees = [Repere(s, _synthese(cle._replace(identifiant=i, seance=s)), s == cle.seance) for s, i in servies]
    return LectureMesure(
        cle,
        mesure,
        cle.dites(),
        _synthese(cle),
        _synthese(cle, "semestre"),
        [r for r in passees if r.est_entier],
        [Repere(ici or "Métropole", _synthese(cle._replace(ici=ici)), ici == cle.ici) for ici in (*icis, None)],
        manque,
        seuils,
    )


def _synthese(cle: Cle, etendue: str = "annee") -> pd.Series:
    """One row of the contract: the whole scope, or the one cell that the screen is about."""
    coupes = cle.mesure.cellule[:1] if cle.mesure.cellule else ()
    cellules = cle.dites(*coupes, indicateur=cle.mesure.indicateur_de_synthese, etendue=etendue)
    return constats.find(cle.mesure, cellules)


def modestes_par(cle: Cle, *coupes: str) -> pd.DataFrame:
    """`equilibre` over the 12 months, cut: what the sentences compare."""
    return cle.dites(*coupes, indicateur="equilibre")


@memo.said(256, est_partage=True)
def lignes(cle: Cle, coupe: str) -> pd.DataFrame:
    """The lines of a cut, most attributions first.

    One row per line (× `classe` for a distribution) with the columns of the contract, `ligne` (its code), `nom` and
    `rang`, and `position` between the control limits, of a share. `volumes` adds `n_total`, all the attributions of the
    réservataire; `conventions`, by réservataire alone, what `par_convention` sums up; `classes`, see `_modestes`.
    """
    mesure, colonnes = cle.mesure, par(coupe)
    cellules = cle.dites(*colonnes)
    if "part" in cellules and "classe" not in cellules:
        cellules = cellules.assign(position=_positions(cle, colonnes))
    dites = cellules.assign(ligne=_codes(cellules, colonnes))
    if mesure.image is ImageBilan.DELAIS:
        dites = dites.assign(numerateur=Compte(), part=float("nan"))
    noms = _noms(cle, coupe)
    dites = dites.assign(
        nom=[noms.get(x, INCONNUS.get(coupe, x) if x == "inconnu" else x) for x in dites["ligne"]],
        ordre_de_classe=dites["classe"].map(CLASSES.index) if "classe" in dites else 0,
    )
    if mesure.image is ImageBilan.VOLUMES:
        toutes = cle.dites(coupe, indicateur="npru").rename(columns={coupe: "ligne", "n": "n_total"})
        dites = dites.merge(toutes[["ligne", "n_total"]], on="ligne", how="left")
    if mesure.image is ImageBilan.CLASSES:
        dites = dites.merge(_modestes(cle, colonnes), on="ligne", how="left")
    if coupe == "reservataire" and mesure.image is ImageBilan.CONVENTIONS:
        dites = dites.merge(par_convention(cle), on="ligne", how="left")
    return _arrange(dites, coupe)


def _codes(cellules: pd.DataFrame, colonnes: tuple[str, ...]) -> pd.Series:
    """Of each line; none where nobody was housed."""
    codes = zip(*(cellules[c] for c in colonnes), strict=True)
    return pd.Series(map(_SEPARATEUR.join, codes), index=cellules.index, dtype=object)


def _positions(cle: Cle, colonnes: tuple[str, ...]) -> pd.Series:
    """Where each line stands between the limits around the objective, else around the whole, on the exact counts: those
    that a room reads cross them."""
    exactes, entier = cle.exactes(*colonnes), cle.exactes()
    if exactes.empty:
        return pd.Series(dtype=object)
    cibles = exactes.loc[exactes["cible_de"] == "ensemble", "cible"].dropna()
    reference = float((cibles if len(cibles) else entier["part"].astype(float)).iloc[0])
    return mesures.position(exactes["part"].astype(float), exactes["n_connus"].astype(float), reference)


def avec_la_precedente(lecture: LectureMesure, coupe: str) -> pd.DataFrame:
    """`lignes`, with the share of each at the séance before (`avant`, and `avant_dit`, what that séance is called)
    where the data cover its whole year."""
    lues, avant = lignes(lecture.cle, coupe), lecture.cle.servie_avant
    if "part" not in lues or avant.seance not in [repere.libelle for repere in lecture.seances]:
        return lues
    parts = lignes(avant, coupe).drop_duplicates("ligne").set_index("ligne")["part"]
    return lues.assign(avant=lues["ligne"].map(parts).astype(float), avant_dit=seance_dite(avant.seance))


def _modestes(cle: Cle, colonnes: tuple[str, ...]) -> pd.DataFrame:
    """What the sentence of a distribution says, of each line: `ligne`, `part_modestes`, `n_ressources_connues`."""
    lus = modestes_par(cle, *colonnes)
    lus = lus.assign(ligne=_codes(lus, colonnes))[["ligne", "part", "n_connus"]]
    return lus.rename(columns={"part": "part_modestes", "n_connus": "n_ressources_connues"})


def par_convention(cle: Cle) -> pd.DataFrame:
    """How each réservataire's agreements are held: see `conventions`."""
    return conventions.par_convention(cle.exactes("bailleur"), cle.dites("bailleur"), cle.objectifs)


def _arrange(dites: pd.DataFrame, coupe: str) -> pd.DataFrame:
    """Order of the lines: that of the classes where there is one, else the volume."""
    if coupe in DE_CLASSES:
        dites = dites.assign(place=[_ORDRE.index(x.split(_SEPARATEUR)[-1]) for x in dites["ligne"]])
        rangees = dites.sort_values(["place", "ligne", "ordre_de_classe"], ignore_index=True).drop(columns="place")
    else:
        # Of the whole line, not of one of its classes.
        # Of the flux, every réservataire has the same whole.
        volume = "numerateur" if "n_objectifs" in dites else "n"
        dites = dites.assign(volume=dites.groupby("ligne")[volume].transform(lambda n: n.astype(float).max()))
        rangees = dites.sort_values(
            ["volume", "ligne", "ordre_de_classe"], ascending=[False, True, True], ignore_index=True
        ).drop(columns="volume")
    rangs = {ligne: i for i, ligne in enumerate(dict.fromkeys(rangees["ligne"]))}
    return rangees.assign(rang=rangees["ligne"].map(rangs)).drop(columns="ordre_de_classe")


def _noms(cle: Cle, coupe: str) -> dict[str, str]:
    """What each code is called."""
    if coupe in ("commune", "bailleur"):
        return donnees.noms(*cle.ou, coupe)
    if coupe in ("quartier", "residence"):
        lieux = donnees.lieux(*cle.ou, coupe)
        communes = lieux["commune"].map(_noms(cle, "commune")).fillna("")
        return {
            code: locate(nom if pd.notna(nom) else code, commune)
            for code, nom, commune in zip(lieux["code"], lieux["nom"], communes, strict=True)
        }
    if coupe == "mutation_fragilite":
        return {
            f"{acces}{_SEPARATEUR}{classe}": f"{nom} · {acces_dit.lower()}"
            for acces, acces_dit in ACCES.items()
            for classe, nom in FRAGILITES_EN_TETE.items()
        }
    if coupe == CONVENTIONS:
        return {
            f"{bailleur}{_SEPARATEUR}{code}": f"{nom} · {dit}"
            for bailleur, nom in _noms(cle, "bailleur").items()
            for code, dit in RESERVATAIRES.items()
        }
    return DE_CODES_FIXES[coupe]


@memo.said(64, est_partage=True)
def matrice(cle: Cle, coupe: str = MATRICE) -> pd.DataFrame:
    """A cut of two (of MATRICES): one row per pair that has attributions, its two columns as names."""
    cellules = cle.dites(*par(coupe), indicateur=cle.mesure.indicateur_de_synthese)
    noms = {c: _noms(cle, c) for c in par(coupe)}
    return cellules.assign(**{c: cellules[c].map(dits).fillna(cellules[c]) for c, dits in noms.items()})


def residences_a_enjeu(cle: Cle) -> pd.DataFrame:
    """The résidences à enjeu de mixité of the scope: `lignes` of those that have entrants, then those that have none.

    Adds `residence_dite`, `commune_dite`, `bailleur_dit`; their counts are empty without an attribution.
    """
    toutes, communes = donnees.lieux(*cle.ou, "residence"), donnees.communes(*cle.ou).set_index("commune")
    entrees = lignes(cle, "residence")
    est_du_lieu = toutes["commune"].map(communes["ici"]).eq(cle.ici) | toutes["code"].isin(entrees["ligne"])
    siennes = toutes[toutes["enjeu_mixite"].eq("oui") & (est_du_lieu | (cle.ici is None))]
    bailleurs = donnees.noms(*cle.ou, "bailleur")
    decrites = pd.DataFrame(
        {
            "ligne": siennes["code"],
            "residence_dite": siennes["nom"].fillna(siennes["code"]),
            "commune_dite": siennes["commune"].map(communes["nom"]).fillna(INCONNUS["commune"]),
            "bailleur_dit": siennes["bailleur"].map(bailleurs).fillna(siennes["bailleur"]),
        }
    )
    lues = decrites.merge(entrees, on="ligne", how="left")
    return lues.sort_values(["rang", "commune_dite", "residence_dite"], ignore_index=True)
