"""What a measure of the bilan reads for a séance, an ICI and a cut: the lines that may be shown, and the landmarks."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from mel_core import diffusion, langue
from mel_core.appellations import AUTRES, FRAGILITES_DES_COMMUNES, INCONNUS, RESERVATAIRES
from mel_core.indicateurs.calcul import CLASSES
from mel_core.indicateurs.manques import Manque
from mel_core.periodes import Seance
from mel_core.secret.publication import fondre
from mel_core.secret.regroupement import regrouper
from pages.commun import donnees, phrases
from pages.commun.mesures.catalogue import MATRICE, MESURES, Image, Mesure, par
from pages.commun.perimetre import Perimetre

Cle = tuple[str, str, str, str | None]  # snapshot, séance, measure, ICI

ACCES = {"premier_acces": "Premier accès", "mutation": "Mutations"}
_DE_LA_CELLULE = ("mutation_fragilite", "fragilite", "fragilite_commune")  # keep the order of the classes
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
        mois = self.ligne.get("mois_couverts")
        return mois is None or pd.isna(mois) or mois >= self.n_mois


@dataclass(frozen=True)
class Lecture:
    """A measure over its scope. `ensemble`: its cells without a cut. `synthese`: the one row that sums it up.

    `modestes_par_classe`: `equilibre` by fragilite of the quartiers, for the sentences that name one.
    `seances`, `icis`: the same row elsewhere in time and space. `manque`: what no file had; `seuils`: years without
    a first-quartile threshold.
    """

    cle: Cle
    mesure: Mesure
    ensemble: pd.DataFrame
    synthese: pd.Series
    semestre: pd.Series
    seances: list[Repere]
    icis: list[Repere]
    manque: tuple[Manque, ...]
    seuils: tuple[int, ...]

    @property
    def toutes(self) -> int:
        """All the attributions of the scope, first accesses and mutations."""
        identifiant, seance, _, ici = self.cle
        return int(donnees.cellules(identifiant, seance, "npru", "annee", (), ici)["n"].iloc[0])

    @property
    def duree(self) -> str:
        """`12 mois`, `6 mois sur 12`."""
        return donnees.duree(*self.cle[:2])

    @property
    def est_connue(self) -> bool:
        """Whether there is a figure to show."""
        return not self.manque and not self.seuils and self.synthese["n_connus"] > 0


def lire(perimetre: Perimetre, code: str) -> Lecture:
    """The measure `code` (of MESURES) for the scope of the session."""
    seances, icis = donnees.choix(donnees.instantane().identifiant)
    seance = str(perimetre.seance)
    passees = [s for s in reversed(seances) if s <= seance and str(Seance.lire(s).precedente) in seances]
    # Each séance by the snapshot that serves it: a frozen one keeps its own.
    servies = tuple((s, donnees.instantane(Seance.lire(s)).identifiant) for s in passees[-_SEANCES_DITES:])
    return _lire((perimetre.instantane.identifiant, seance, code, perimetre.ici), servies, tuple(icis))


@st.cache_resource(show_spinner=False, max_entries=128)
def _lire(cle: Cle, servies: tuple[tuple[str, str], ...], icis: tuple[str, ...]) -> Lecture:
    identifiant, seance, code, ici = cle
    mesure = MESURES[code]
    manque, _, seuils = donnees.absences(identifiant, seance, mesure.indicateur, mesure.coupes[0])
    passees = [Repere(s, _synthese(mesure, servie, s, "annee", ici), s == seance) for s, servie in servies]
    return Lecture(
        cle,
        mesure,
        donnees.cellules(identifiant, seance, mesure.indicateur, "annee", (), ici),
        _synthese(mesure, identifiant, seance, "annee", ici),
        _synthese(mesure, identifiant, seance, "semestre", ici),
        [r for r in passees if r.est_entier],
        [Repere(i, _synthese(mesure, identifiant, seance, "annee", i), i == ici) for i in icis]
        + [Repere("Métropole", _synthese(mesure, identifiant, seance, "annee", None), ici is None)],
        manque,
        seuils,
    )


def _synthese(mesure: Mesure, identifiant: str, seance: str, etendue: str, ici: str | None) -> pd.Series:
    """One row of the contract: the whole scope, or its mutations alone for the screen that is about them."""
    if mesure.code != "mutations":
        return donnees.cellules(identifiant, seance, mesure.indicateur_de_synthese, etendue, (), ici).iloc[0]
    cellules = donnees.cellules(identifiant, seance, "equilibre", etendue, ("mutation",), ici)
    mutations = cellules[cellules["mutation"] == "mutation"]
    vide = pd.Series({"n": 0, "n_connus": 0, "n_inconnus": 0, "numerateur": 0, "part": float("nan")})
    return vide if mutations.empty else mutations.iloc[0]


def modestes_par(cle: Cle, *coupes: str) -> pd.DataFrame:
    """`equilibre` over the 12 months, cut: what the sentences compare."""
    identifiant, seance, _, ici = cle
    return donnees.cellules(identifiant, seance, "equilibre", "annee", coupes, ici)


@st.cache_resource(show_spinner=False, max_entries=256)
def lignes(cle: Cle, coupe: str) -> pd.DataFrame:
    """The lines of a cut: most attributions first, small ones rolled up to their commune or territoire.

    One row per line (× `classe` for a distribution) with the columns of `fondre`, `nom` and `rang`. `volumes` adds
    `n_total`, all the attributions of the réservataire. A rolled-up line has counts and a share: no quantile.
    """
    identifiant, seance, code, ici = cle
    mesure = MESURES[code]
    colonnes = par(coupe)
    cellules = donnees.cellules(identifiant, seance, mesure.indicateur, "annee", colonnes, ici)
    if len(colonnes) > 1:
        cellules = cellules.assign(**{coupe: cellules[list(colonnes)].agg(_SEPARATEUR.join, axis=1)})
        cellules = cellules.drop(columns=list(colonnes))
    if mesure.image is Image.DELAIS:
        cellules = cellules.assign(numerateur=0)
    geographie = donnees.communes(identifiant, seance).set_index("commune")
    noms = _noms(identifiant, seance, coupe, geographie)
    if coupe in diffusion.PROTEGEES:
        groupes = donnees.groupes(identifiant, seance, mesure.indicateur, coupe, ici)
    else:
        groupes = regrouper(cellules.drop_duplicates(coupe)[[coupe, "n"]], coupe)
    if "classe" in cellules:
        morceaux = [fondre(g, groupes, coupe).assign(classe=c) for c, g in cellules.groupby("classe", sort=False)]
        fondues = pd.concat(morceaux) if morceaux else fondre(cellules, groupes, coupe).assign(classe="")
        ordre = fondues["classe"].map(CLASSES.index)
    else:
        fondues = fondre(cellules, groupes, coupe)
        ordre = 0
    fondues = fondues.assign(ordre_de_classe=ordre)
    nommees = fondues.assign(
        nom=[_nommer(x, r, coupe, noms) for x, r in zip(fondues["ligne"], fondues["est_regroupee"], strict=True)]
    )
    if mesure.image is Image.DELAIS:
        nommees = nommees.assign(numerateur=pd.NA, part=float("nan"))
    if mesure.image is Image.VOLUMES:
        nommees = nommees.merge(_volumes(cle, coupe), on="ligne", how="left")
    return _ranger(nommees, coupe)


def _volumes(cle: Cle, coupe: str) -> pd.DataFrame:
    """All the attributions of each réservataire, whatever the access: `ligne`, `n_total`."""
    identifiant, seance, _, ici = cle
    toutes = donnees.cellules(identifiant, seance, "npru", "annee", (coupe,), ici)
    return toutes[[coupe, "n"]].rename(columns={coupe: "ligne", "n": "n_total"})


def _ranger(fondues: pd.DataFrame, coupe: str) -> pd.DataFrame:
    """Order of the lines: that of the classes where there is one, else the volume."""
    if coupe in _DE_LA_CELLULE:
        cles = [(list(phrases.LIBELLES).index(x.split(_SEPARATEUR)[-1]) if x else 9, x) for x in fondues["ligne"]]
        place = pd.Series([f"{a}{b}" for a, b in cles], index=fondues.index)
        fondues = fondues.assign(place=place)
        tri: list[str] = ["est_regroupee", "place", "ordre_de_classe"]
        fondues = fondues.sort_values(tri, ignore_index=True)
    else:
        tri = ["est_regroupee", "n", "ligne", "ordre_de_classe"]
        fondues = fondues.sort_values(tri, ascending=[True, False, True, True], ignore_index=True)
    rangs = {
        cle: i for i, cle in enumerate(dict.fromkeys(zip(fondues["ligne"], fondues["est_regroupee"], strict=True)))
    }
    return fondues.assign(rang=[rangs[c] for c in zip(fondues["ligne"], fondues["est_regroupee"], strict=True)]).drop(
        columns=["place", "ordre_de_classe"], errors="ignore"
    )


def _noms(identifiant: str, seance: str, coupe: str, geographie: pd.DataFrame) -> dict[str, str]:
    """What each code is called."""
    if coupe == "commune":
        return geographie["nom"].to_dict()
    if coupe in ("quartier", "residence"):
        lieux = donnees.lieux(identifiant, seance, coupe)
        communes = lieux["commune"].map(geographie["nom"]).fillna("")
        return {
            code: _situer(nom if pd.notna(nom) else code, commune)
            for code, nom, commune in zip(lieux["code"], lieux["nom"], communes, strict=True)
        }
    if coupe == "bailleur":
        return donnees.bailleurs(identifiant, seance).set_index("bailleur")["nom"].to_dict()
    if coupe == "mutation_fragilite":
        return {
            f"{acces}{_SEPARATEUR}{classe}": f"{nom} · {acces_dit.lower()}"
            for acces, acces_dit in ACCES.items()
            for classe, nom in phrases.LIBELLES.items()
        }
    return {"fragilite": phrases.LIBELLES, "fragilite_commune": FRAGILITES_DES_COMMUNES, "reservataire": RESERVATAIRES}[
        coupe
    ]


def _situer(nom: str, commune: str) -> str:
    return nom if not commune or commune in nom else f"{nom} ({commune})"


def _nommer(ligne: str, est_regroupee: bool, coupe: str, noms: dict[str, str]) -> str:
    if est_regroupee:
        return f"{AUTRES.get(coupe, 'Autres')} ({ligne})" if ligne else AUTRES.get(coupe, "Autres")
    return noms.get(ligne, INCONNUS.get(coupe, ligne) if ligne == "inconnu" else ligne)


@st.cache_resource(show_spinner=False, max_entries=64)
def matrice(cle: Cle) -> pd.DataFrame:
    """Bailleur × commune: one row per pair that has attributions, with `commune`, `bailleur` (names), `est_masquee`."""
    identifiant, seance, code, ici = cle
    cellules = donnees.cellules(identifiant, seance, MESURES[code].indicateur_de_synthese, "annee", par(MATRICE), ici)
    communes = donnees.communes(identifiant, seance).set_index("commune")["nom"]
    bailleurs = donnees.bailleurs(identifiant, seance).set_index("bailleur")["nom"]
    return cellules.assign(
        est_masquee=donnees.masquees(identifiant, seance, MESURES[code].indicateur_de_synthese, cellules),
        commune=cellules["commune"].map(communes).fillna(cellules["commune"]),
        bailleur=cellules["bailleur"].map(bailleurs).fillna(cellules["bailleur"]),
    )


def seance_dite(texte: str) -> str:
    """`S2 2017` for the séance 2017S2."""
    seance = Seance.lire(texte)
    return f"S{seance.semestre}{langue.INSECABLE}{seance.annee}"
