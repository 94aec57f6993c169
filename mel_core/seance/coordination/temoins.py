"""The figure that will tell whether a decision worked: a cell of an indicator, the size of a segment, or a share that
the evidence of a blocage gathers.

It is read by the same functions as the screens (`mel_core.indicateurs`, `mel_core.segments`,
`mel_core.seance.preuves`), on the same cell, at the séance of the decision and at the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction

import pandas as pd

from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.indicateurs import COUPES, INDICATEURS, compute
from mel_core.indicateurs.calcul_indicateurs import CLASSES, SEUIL_ABSENT
from mel_core.indicateurs.definitions import Mesure
from mel_core.indicateurs.manques import COLONNE_ABSENTE
from mel_core.journal import Inscrit
from mel_core.seance.preuves import ProfilBlocage, Secteur, gather
from mel_core.seance.preuves.dossier_preuves import MESURES
from mel_core.seance.preuves.secteur import TOUS_PROFILS
from mel_core.seance.verdict import DEMANDES, MOIS, PART, Valeur, couverts
from mel_core.segments import SEGMENTS, Criteres, SegmentLibre, count
from mel_core.segments.compilation import SUR_COLONNES
from mel_core.segments.regles_segments import A_FENETRE
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_DES_COMMUNES, FRAGILITES_DES_QUARTIERS
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur
from mel_core.socle.periodes import Periode, Seance, step_back

# What the counts of a share are of, by its name: one, several.
COMPTES = {
    "attribution": ("attribution", "attributions"),
    "premier_rang": ("premier rang", "premiers rangs"),
    "passage": ("passage en commission", "passages en commission"),
    "logement": ("logement", "logements"),
}
VACANCE = "vacance"
# What of a profile an indicator can be cut by: the field, then the cut.
DU_PROFIL = {"typologie": "typologie", "acces": "mutation"}
# Measure of the evidence → what its counts are of. Tension is left out: it is no share, and has no interval.
PREUVES = {"refus_rang_1": "premier_rang", "non_attribution": "passage", VACANCE: "logement"}
_INCONNUE = "Rien n’est connu dans cette cellule."
_MOTIFS = {
    SEUIL_ABSENT: "Le seuil du premier quartile manque pour cette période : l’ajouter dans Préparer › Objectifs.",
    COLONNE_ABSENTE: "Une colonne de label manque au fichier des attributions : l’importer de nouveau avec elle.",
}


@dataclass(frozen=True)
class TemoinIndicateur(Inscrit):
    """Cell `cellule` (cut → code) of indicator `nom` over `etendue` (semestre or annee), under filters (empty: none).

    `classe` goes with the indicator `ressources` and with no other.
    """

    GENRE = "indicateur"

    nom: str
    etendue: str = "annee"
    ici: str = ""
    commune: str = ""
    bailleur: str = ""
    cellule: Mapping[str, str] = field(default_factory=dict)
    classe: str = ""

    def __post_init__(self) -> None:
        if self.nom not in INDICATEURS:
            raise AppelIncorrect(f"L’indicateur « {self.nom} » n’existe pas : choisir parmi {', '.join(INDICATEURS)}.")
        if absentes := [c for c in self.cellule if c not in COUPES]:
            raise AppelIncorrect(f"La coupe « {absentes[0]} » n’existe pas : choisir parmi {', '.join(COUPES)}.")
        est_repartition = INDICATEURS[self.nom].mesure is Mesure.REPARTITION
        if bool(self.classe) != est_repartition or (self.classe and self.classe not in CLASSES):
            raise AppelIncorrect(
                f"La classe « {self.classe} » ne va pas avec l’indicateur « {self.nom} » : "
                + (f"choisir parmi {', '.join(CLASSES)}." if est_repartition else "ne pas en donner.")
            )
        if INDICATEURS[self.nom].mesure is Mesure.FLUX and "reservataire" not in self.cellule:
            raise AppelIncorrect(f"L’indicateur « {self.nom} » se lit par réservataire : dire lequel.")
        Periode.de(Seance(2017, 2), self.etendue)

    @property
    def unite(self) -> str:
        return MOIS if INDICATEURS[self.nom].mesure is Mesure.DELAI else PART

    @property
    def titre(self) -> str:
        return INDICATEURS[self.nom].titre

    @property
    def definition(self) -> str:
        """Over what it is measured, from where, in sentences."""
        lu = INDICATEURS[self.nom]
        return (
            f"{lu.definition} Numérateur : {lu.numerateur_dit}. Dénominateur : {lu.denominateur_dit}. Source : "
            f"{lu.source}."
        )

    @property
    def profil(self) -> ProfilBlocage:
        """Whom it counts, as far as an indicator can be cut (`DU_PROFIL`)."""
        return ProfilBlocage(**{champ: self.cellule.get(coupe) for champ, coupe in DU_PROFIL.items()})

    def read(self, entrepot: Entrepot, seance: Seance, millesime_de: Seance | None = None) -> Valeur:
        """The value over the period of `seance`, in the snapshot that serves it (or that serves `millesime_de`)."""
        with entrepot.open(Portee.mel(), millesime_de or seance) as lecteur:
            return self._dans(lecteur, Periode.de(seance, self.etendue))

    def classe_de_fragilite(self, entrepot: Entrepot, seance: Seance) -> str | None:
        """The class of all the quartiers of the cell over the period of `seance`; None where there are several, or
        where the rows that would tell were erased."""
        try:
            with entrepot.open(Portee.mel(), seance) as lecteur:
                cellules = self._cellules(lecteur, Periode.de(seance, self.etendue), "fragilite")
        except ErreurUtilisateur:
            return None
        classes = set(cellules["fragilite"])
        return str(classes.pop()) if len(classes) == 1 else None

    def _cellules(self, lecteur: Lecteur, periode: Periode, *coupes: str) -> pd.DataFrame:
        """The rows of the cell, cut by `coupes` too."""
        filtres = {"ici": self.ici or None, "commune": self.commune or None, "bailleur": self.bailleur or None}
        cellules = compute(lecteur, self.nom, periode, tuple(dict.fromkeys((*self.cellule, *coupes))), **filtres)
        for colonne, code in {**self.cellule, **({"classe": self.classe} if self.classe else {})}.items():
            cellules = cellules[cellules[colonne].astype("str") == code]
        return cellules

    def _dans(self, lecteur: Lecteur, periode: Periode) -> Valeur:
        cellules = self._cellules(lecteur, periode)
        millesime = lecteur.instantane.identifiant
        if cellules.empty:
            return Valeur(None, self.unite, millesime=millesime, motif="Aucune attribution dans cette cellule.")
        ligne = cellules.iloc[0]
        mesure = "mediane_mois" if self.unite == MOIS else "part"
        est_connue = ligne[mesure] == ligne[mesure]  # NaN is not itself
        n, n_connus, n_inconnus = (int(ligne[c]) for c in ("n", "n_connus", "n_inconnus"))
        numerateur = 0 if self.unite == MOIS else int(ligne["numerateur"])
        valeur = None
        if est_connue:
            valeur = Fraction(float(ligne[mesure])) if self.unite == MOIS else Fraction(numerateur, n_connus)
        motif = "" if est_connue else _MOTIFS.get(ligne.get("motif"), _INCONNUE)
        mois = None if pd.isna(ligne["mois_couverts"]) else int(ligne["mois_couverts"])
        return Valeur(
            valeur,
            self.unite,
            n,
            n_connus,
            n_inconnus,
            numerateur,
            millesime,
            motif,
            mois_couverts=mois,
            n_mois=periode.n_mois,
        )


@dataclass(frozen=True)
class TemoinSegment(Inscrit):
    """How many demandes a segment holds at the end of a séance: of the contract (`nom`) or typed (`libre`).

    `ici`: only those that concern it (empty: the whole Métropole). `filtre` narrows it further.
    """

    GENRE = "segment"

    nom: str = ""
    mois: int | None = None
    n_min: int = 2
    fenetre: int = 24
    ici: str = ""
    libre: SegmentLibre | None = None
    filtre: SegmentLibre | None = None

    unite = DEMANDES

    def __post_init__(self) -> None:
        if (self.libre is None) != (self.nom in SEGMENTS):
            raise AppelIncorrect(f"Le segment « {self.nom} » n’existe pas : choisir parmi {', '.join(SEGMENTS)}.")
        self._criteres(Seance(2017, 2))

    @property
    def quoi(self) -> str | SegmentLibre:
        return self.nom if self.libre is None else self.libre

    @property
    def titre(self) -> str:
        return SEGMENTS[self.nom].titre if self.libre is None else self.libre.phrase()

    @property
    def definition(self) -> str:
        return "Nombre de demandes actives du segment au dernier jour de la séance, tel que Mes listes le compte."

    def read(self, entrepot: Entrepot, seance: Seance, millesime_de: Seance | None = None) -> Valeur:
        """The count on the last day of `seance`, in the snapshot that serves it (or that serves `millesime_de`)."""
        portee, fenetre = Portee.ici(self.ici) if self.ici else Portee.mel(), self._fenetre(seance)
        with entrepot.open(portee, millesime_de or seance) as lecteur:
            n = count(lecteur, self.quoi, self._criteres(seance), self.filtre)
            millesime = lecteur.instantane.identifiant
            mois = couverts(lecteur, fenetre, "demandes", *(("evenements",) if self.nom not in SUR_COLONNES else ()))
        return Valeur(Fraction(n), DEMANDES, n, n, millesime=millesime, mois_couverts=mois, n_mois=fenetre.n_mois)

    def _fenetre(self, seance: Seance) -> Periode:
        """The months that its rule looks back on; the last one at the least."""
        regle = SEGMENTS.get(self.nom)
        dits = self.fenetre if self.nom in A_FENETRE else self.mois or (regle.mois if regle else 0)
        debut = step_back(seance.fin, max(dits, 1)) + timedelta(days=1)
        return Periode(debut, seance.fin)

    def _criteres(self, seance: Seance) -> Criteres:
        return Criteres(seance.fin, self.mois, self.n_min, self.fenetre)


@dataclass(frozen=True)
class TemoinPreuve(Inscrit):
    """A share that the evidence of a blocage gathers over 12 months, in its sector and for its profile.

    The stock is that of the snapshot, whatever the date: vacancy is never read again at a past séance. It is that of
    everybody too, whatever the profile.
    """

    GENRE = "preuve"

    mesure: str
    secteur: Secteur
    profil: ProfilBlocage = field(default_factory=ProfilBlocage)

    unite = PART

    def __post_init__(self) -> None:
        if self.mesure not in PREUVES:
            raise AppelIncorrect(
                f"La mesure « {self.mesure} » ne suit aucune décision : choisir parmi {', '.join(PREUVES)}."
            )

    @property
    def titre(self) -> str:
        return MESURES[self.mesure].titre

    @property
    def definition(self) -> str:
        return f"{MESURES[self.mesure].definition}."

    @property
    def est_date(self) -> bool:
        return self.mesure != VACANCE

    @property
    def qui(self) -> str:
        """Whom it counts, after a place: ` (T4)`; that it is everybody where a profile is asked and it knows none."""
        if self.mesure != VACANCE:
            return self.profil.dit
        return TOUS_PROFILS if self.profil != ProfilBlocage() else ""

    def read(self, entrepot: Entrepot, seance: Seance, millesime_de: Seance | None = None) -> Valeur:
        """The finding of the evidence at `seance`, in the snapshot that serves it (or that serves `millesime_de`)."""
        with entrepot.open(Portee.mel(), millesime_de or seance) as lecteur:
            annee = Periode.de(seance, "annee")
            preuves = gather(lecteur, annee, self.secteur, self.profil)
            millesime = lecteur.instantane.identifiant
            mois, n_mois = (couverts(lecteur, annee, "evenements"), annee.n_mois) if self.est_date else (0, 0)
        constat, quoi = preuves.constat(self.mesure), PREUVES[self.mesure]
        if constat.valeur is None or constat.numerateur is None or not constat.denominateur:
            return Valeur(None, PART, millesime=millesime, motif=constat.say_clause(constat.inconnue), quoi=quoi)
        k, n = constat.numerateur, constat.denominateur
        return Valeur(Fraction(k, n), PART, n, n, 0, k, millesime, quoi=quoi, mois_couverts=mois, n_mois=n_mois)


Temoin = TemoinIndicateur | TemoinSegment | TemoinPreuve


def est_de_la_mesure(temoin: Temoin, mesure: str) -> bool:
    """Whether it follows what a finding of this measure says (see `dossier_preuves.MESURES`)."""
    if isinstance(temoin, TemoinPreuve):
        return temoin.mesure == mesure
    if isinstance(temoin, TemoinSegment):
        return (mesure, temoin.nom) == ("attente", "attente_24")
    return (mesure, temoin.nom) == ("delai", "delais")


def read_ou_dire(temoin: Temoin, entrepot: Entrepot, seance: Seance, millesime_de: Seance | None = None) -> Valeur:
    """The value, or why it can't be read (rows erased since, code gone from the data)."""
    try:
        return temoin.read(entrepot, seance, millesime_de)
    except ErreurUtilisateur as erreur:
        return Valeur(None, temoin.unite, motif=str(erreur))


def say(temoin: Temoin, noms: Mapping[str, str]) -> str:
    """`Mutations complexes ou bloquées, Roubaix`: the figure and where it is read. `noms`: names by code."""
    if isinstance(temoin, TemoinIndicateur):
        classes = {"fragilite": FRAGILITES_DES_QUARTIERS, "fragilite_commune": FRAGILITES_DES_COMMUNES}
        lieux = {coupe: code for coupe, code in temoin.cellule.items() if coupe not in DU_PROFIL.values()}
        cellule = (classes.get(coupe, noms).get(code, code) for coupe, code in lieux.items())
        codes = (*cellule, temoin.commune, temoin.bailleur, temoin.ici)
        qui = temoin.profil.dit
    elif isinstance(temoin, TemoinPreuve):
        s = temoin.secteur
        ou = langue.liste([noms.get(c, c) for c in (*s.residences, *s.quartiers, *s.communes)] or [s.ici])
        return f"{temoin.titre}, {ou}{temoin.qui}"
    else:
        codes, qui = (temoin.filtre.phrase() if temoin.filtre else "", temoin.ici), ""
    return ", ".join([temoin.titre, *(noms.get(c, c) for c in codes if c)]) + qui
