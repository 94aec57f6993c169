"""RPLS: one row per dwelling, added up by résidence.

RPLS names no résidence: one is, within a bailleur, a commune and an IRIS when given, the dwellings of a programme;
without its name, of an APL convention (one a programme); without either, at one number of one street. Nor does what is
published name the bailleur of a dwelling: the file must bear a SIREN or a SIRET.
Source: arrêté du 5 janvier 2010 (DEVU0929020A), annexe; the state of a file is that of a 1st of January.
"""

from __future__ import annotations

import hashlib
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping as Correspondance
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, partial

import numpy as np

from mel_core.contrat import valeurs
from mel_core.contrat.correspondances import RPLS
from mel_core.contrat.lecture.brut import Illisible, Lecture, Lignes, Lot, mute
from mel_core.contrat.lecture.entete import folds
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.reference import communes, fold, iris
from mel_core.contrat.tables import COMMUNES_ASSOCIEES, FINANCEMENTS
from mel_core.socle.langue import effectif, liste, nombre
from mel_core.socle.periodes import step_back

# What is read → the names that it bears, the first one found wins.
CHAMPS: dict[str, tuple[str, ...]] = {
    "logement": ("IDENT_REP", "identifiant répertoire", "identifiant du logement au répertoire", "numeroRpls"),
    "commune": ("DEPCOM", "DEPCOM_CODE", "code INSEE", "code_insee"),
    "bailleur": ("code_bailleur", "SIREN", "SIRET", "IDENT_ORG"),
    "quartier": ("code_quartier", "IRIS", "PLG_IRIS", "CODE_IRIS", "DCOMIRIS"),
    "residence": ("code_residence",),
    "programme": ("nom du programme", "programme", "COMPLGEO"),
    "convention": ("NUMCONV", "numéro de convention"),
    "voie": ("NOMVOIE",),
    "type_voie": ("TYPVOIE",),
    "numero": ("NUMVOIE",),
    "indice": ("INDREP",),
    "financement": ("FINAN", "FINAN_CODE"),
    "mode": ("MODE", "mode d’occupation"),
    "depart": ("DATE_DEP_DERLOCAT", "date de départ du dernier locataire", "date de vacance"),
    "duree": ("duree_vacance",),
    "bail": ("BAIL",),
    "sortie": ("SORTIEPATRIM",),
    "millesime": ("millesime", "millésime", "annee"),
}
# What only a file of dwellings says.
_D_UN_LOGEMENT = ("logement", "convention", "voie", "financement", "mode", "depart", "duree", "bail", "sortie")
_COLONNES = {"bailleur": "code_bailleur", "quartier": "code_quartier", "residence": "code_residence"}
# What ties a dwelling to a résidence, the surest first → how the report calls it.
_RATTACHEMENTS = {
    "residence": "code_residence",
    "programme": "programme",
    "convention": "convention",
    "voie": "adresse",
}
_ECARTE = "sans commune, sans bailleur ou sans rien qui rattache à une résidence"
_LIGNES_DITES = 5
_MODES = ("1", "2", "3", "4", "5", "9")
_VACANT = "2"  # offered and not let; 3 (works, sale, demolition) is not offered
_RESTE = ("", "9")  # SORTIEPATRIM of a dwelling still there
_MOIS = re.compile(r"(0?[1-9]|1[0-2])/([1-9][0-9]{3})")
_ANNEE = re.compile(r"(?:19|20)[0-9]{2}")
_PREMIERE = 1950  # 01/1900 and the like mean that there is no date
_MOIS_DE_VACANCE = 3


@dataclass
class _Residence:
    """`ligne`: that of its first dwelling. `vacants`: last day of departure, and months of vacancy, of each."""

    ligne: int
    nom: str
    bailleur: str
    quartier: str
    n: int = 0
    vacants: list[tuple[date | None, float | None]] = field(default_factory=list)
    n_modes_inconnus: int = 0
    financements: Counter[str] = field(default_factory=Counter)

    @property
    def financement(self) -> str:
        """That of most dwellings; none when two have as many. A code to ask about comes before."""
        ranges = self.financements.most_common()
        inconnus = [code for code, _ in ranges if code not in FINANCEMENTS and code]
        if inconnus or not ranges:
            return inconnus[0] if inconnus else ""
        return "" if len(ranges) > 1 and ranges[0][1] == ranges[1][1] else ranges[0][0]


@dataclass
class _Parc:
    """What the dwellings add up to: each one read is in one of these counts. `financements`: the codes of the mapping.
    `residences`: by code and bailleur. `ecartes`: lines of those that nothing places. `places`: dwelling → résidence.
    `par`: what placed them. `presents`: the fields that the files have. `millesime`: the year that they say,
    `suivante`: the first 1st of January that no date of theirs contradicts."""

    financements: Correspondance[str, str]
    residences: dict[tuple[str, str], _Residence] = field(default_factory=dict)
    lus: int = 0
    hors_mel: int = 0
    sortis: int = 0
    doublons: int = 0
    ecartes: list[int] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    par: Counter[str] = field(default_factory=Counter)
    presents: set[str] = field(default_factory=set)
    millesime: int = 0
    suivante: int = 0

    @property
    def sait_3_mois(self) -> bool:
        """Whether the files say since when a dwelling is vacant."""
        return bool({"depart", "duree"} & self.presents) and "mode" in self.presents

    @property
    def jour(self) -> date | None:
        """The 1st of January that they describe; None when nothing in them is dated."""
        annee = self.millesime or self.suivante
        return date(annee, 1, 1) if annee else None

    def add(self, ligne: int, logement: dict[str, str]) -> None:
        """`logement`: field → text, for the fields that the file has."""
        self.lus += 1
        self._see_dates(logement)
        commune = COMMUNES_ASSOCIEES.get(logement["commune"], logement["commune"])
        bailleur, identifiant = logement["bailleur"], logement.get("logement", "")
        if len(bailleur) == 14 and bailleur.isdigit():
            bailleur = bailleur[:9]  # the SIREN of a SIRET, which is what the SNE bears
        champ = next((c for c in _RATTACHEMENTS if logement.get(c)), "")
        if commune and commune not in communes():
            self.hors_mel += 1
        elif logement.get("sortie", "") not in _RESTE:
            self.sortis += 1
        elif identifiant and identifiant in self.places:
            self.doublons += 1
        elif not (commune and bailleur and champ):
            self.ecartes.append(ligne)
        else:
            self.par[champ] += 1
            nom = _adresse(logement) if champ == "voie" else logement[champ]
            entiere = f"{commune}0000"  # the quartier of a commune not cut into IRIS
            quartier = logement.get("quartier", "") or (entiere if entiere in iris() else "inconnu")
            cle = "\0".join((bailleur, commune, quartier, champ, " ".join(nom.casefold().split())))
            code = nom if champ == "residence" else f"RPLS-{commune}-{hashlib.sha256(cle.encode()).hexdigest()[:10]}"
            if identifiant:  # without one, it is the dwelling of no lease
                self.places[identifiant] = code
            dite = _Residence(ligne, logement.get("programme") or nom, bailleur, quartier)
            self._add_a(self.residences.setdefault((code, bailleur), dite), ligne, logement)

    def _see_dates(self, logement: dict[str, str]) -> None:
        if _ANNEE.fullmatch(annee := logement.get("millesime", "")):
            self.millesime = max(self.millesime, int(annee))
        for champ in ("bail", "depart"):
            if jours := _read_jours(logement.get(champ, "")):
                premier, _ = jours
                self.suivante = max(self.suivante, premier.year + ((premier.month, premier.day) != (1, 1)))

    def _add_a(self, residence: _Residence, ligne: int, logement: dict[str, str]) -> None:
        residence.n += 1
        mode = logement.get("mode", "")
        if mode and mode not in _MODES:
            raise Illisible(
                f"« {mode[:40]} » n’est pas un mode d’occupation de RPLS (MODE : {', '.join(_MODES)}) : corriger la "
                "cellule.",
                ligne,
            )
        residence.n_modes_inconnus += not mode
        if mode == _VACANT:
            _, depart = _read_jours(logement.get("depart", "")) or (None, None)
            residence.vacants.append((depart, valeurs.read_nombre(logement.get("duree", ""))))
        if financement := logement.get("financement", ""):  # a code that nobody knows is asked about
            residence.financements[self.financements.get(financement, financement)] += 1


def _adresse(logement: dict[str, str]) -> str:
    return " ".join(v for champ in ("numero", "indice", "type_voie", "voie") if (v := logement.get(champ)))


def _read_jours(texte: str) -> tuple[date, date] | None:
    """The first and the last day that a date may be: a month stands for its last one, as a dwelling is never vacant for
    longer than it may be."""
    if trouve := _MOIS.fullmatch(texte):
        annee, mois = int(trouve[2]), int(trouve[1])
        premier, dernier = date(annee, mois, 1), date(annee, mois, monthrange(annee, mois)[1])
    elif lu := valeurs.read_date(texte):
        premier = dernier = lu
    else:
        return None
    return None if premier.year < _PREMIERE else (premier, dernier)


def _count_3_mois(vacants: list[tuple[date | None, float | None]], jour: date | None) -> str:
    """How many of `vacants` have been for 3 months; empty when one can't say."""
    n = 0
    for depart, mois in vacants:
        if depart is not None and jour is not None:
            n += depart <= step_back(jour, _MOIS_DE_VACANCE)
        elif mois is not None:
            n += mois > _MOIS_DE_VACANCE
        else:
            return ""
    return str(n)


def lot(lots: list[Lot], mapping: Mapping, places: dict[str, str]) -> Lot:
    """One table of résidences, from the dwellings of all `lots`. `places` is told the résidence of each dwelling."""
    fichier = " + ".join(lu.fichier for lu in lots)
    return Lot("residences", fichier[:200], sum(lu.taille for lu in lots), partial(_read, lots, mapping, places))


def is_of_logements(lot: Lot) -> bool:
    """By its header; what can't be read is, and is then said."""
    try:
        plies = {fold(nom) for nom in lot.read(_noms()).entete}
    except (Illisible, UnicodeDecodeError, OSError):
        return True
    return any(fold(nom) in plies for champ in _D_UN_LOGEMENT for nom in (*CHAMPS[champ], "DEPCOM"))


def _read(lots: list[Lot], mapping: Mapping, places: dict[str, str], connus: frozenset[str]) -> Lecture:
    lectures = [lu.read(connus | _noms()) for lu in lots]
    premiere = lectures[0]
    if len(lots) == 1 and not _sont_des_logements(premiere, mapping.modele):
        return premiere  # résidences already, as the contract has them
    parc = _Parc(mapping.valeurs_de("residences", "financement"))
    propres = {champ: mapping.nom_dans_fichier("residences", colonne) for champ, colonne in _COLONNES.items()}
    for lecture in lectures:
        rangs = _rangs(lecture, propres)
        parc.presents |= rangs.keys()
        lignes = lecture.read(mute)
        colonnes = [lignes.colonnes[rang].to_pylist() for rang in rangs.values()]
        for ligne, textes in zip(lignes.numeros.tolist(), zip(*colonnes, strict=True), strict=True):
            logement = {champ: texte.strip() for champ, texte in zip(rangs, textes, strict=True)}
            if any(logement.values()):
                parc.add(ligne, logement)
    places |= parc.places
    return replace(_en_residences(parc), titres=premiere.titres, ligne_entete=premiere.ligne_entete)


def _sont_des_logements(lecture: Lecture, modele: str) -> bool:
    plies = {fold(nom) for nom in lecture.entete}
    if modele == RPLS:
        return not {fold("code_residence"), fold("n_logements")} <= plies
    return bool({fold(nom) for nom in CHAMPS["logement"]} & plies)


@cache
def _noms() -> frozenset[str]:
    return frozenset(pli for noms in CHAMPS.values() for nom in noms for pli in folds(nom))


def _rangs(lecture: Lecture, propres: Correspondance[str, str]) -> dict[str, int]:
    plies: dict[str, int] = {}
    for rang, nom in enumerate(lecture.entete):
        plies.setdefault(fold(nom), rang)
    rangs = {
        champ: plies[trouve]
        for champ, noms in CHAMPS.items()
        if (trouve := next((fold(n) for n in (propres.get(champ, ""), *noms) if fold(n) in plies), None))
    }
    ligne = lecture.ligne_entete
    if "commune" not in rangs:
        raise Illisible("La colonne DEPCOM (commune du logement) manque : l’ajouter à l’export.", ligne)
    if "bailleur" not in rangs:
        raise Illisible(
            "RPLS ne dit pas de quel bailleur est un logement, et aucune colonne SIREN, SIRET ou code_bailleur ne "
            "le dit : l’ajouter au fichier, la même valeur sur toutes les lignes s’il est d’un seul bailleur.",
            ligne,
        )
    if rangs.keys().isdisjoint(_RATTACHEMENTS):
        raise Illisible(
            "Rien ne rattache les logements à une résidence : garder dans l’export le nom du programme, NUMCONV, "
            "ou l’adresse (NUMVOIE, TYPVOIE, NOMVOIE).",
            ligne,
        )
    return rangs


def _en_residences(parc: _Parc) -> Lecture:
    residences = sorted(parc.residences.items(), key=lambda r: r[1].ligne)
    rangees = [
        {
            "code_residence": code,
            "nom": r.nom,
            "code_bailleur": r.bailleur,
            "code_quartier": r.quartier,
            "n_logements": str(r.n),
            "financement": r.financement,
            "n_vacants": "" if r.n_modes_inconnus else str(len(r.vacants)),
            "n_vacants_3_mois": "" if r.n_modes_inconnus else _count_3_mois(r.vacants, parc.jour),
        }
        for (code, _), r in residences
    ]
    entete = ["code_residence", "nom", "code_bailleur", "code_quartier", "n_logements"]
    entete += ["financement"] if "financement" in parc.presents else []
    entete += ["n_vacants"] if "mode" in parc.presents else []
    entete += ["n_vacants_3_mois"] if parc.sait_3_mois else []
    numeros = np.array([r.ligne for _, r in residences], np.int64)
    lignes = Lignes.of_rangees(entete, rangees, numeros)
    return Lecture(entete, 1, lambda _: lignes, dits=tuple(_describe(parc)))


def _describe(parc: _Parc) -> Iterator[str]:
    """The reconciliation, then each choice that was made, one sentence each."""
    residences = list(parc.residences.values())
    parts = [
        (parc.hors_mel, "hors de la MEL", "hors de la MEL"),
        (parc.sortis, "sorti du patrimoine", "sortis du patrimoine"),
        (parc.doublons, "en double", "en double"),
        (len(parc.ecartes), _ECARTE, _ECARTE),
    ]
    restes = "".join(f" + {effectif(n, un, plusieurs)}" for n, un, plusieurs in parts if n)
    yield (
        f"RPLS : {effectif(parc.lus, 'logement lu', 'logements lus')} = {nombre(sum(r.n for r in residences))} "
        f"regroupés en {effectif(len(residences), 'résidence')}{restes} : à comparer au parc annoncé."
    )
    if parc.ecartes:
        dites = liste([str(ligne) for ligne in parc.ecartes[:_LIGNES_DITES]])
        reste = "…" if len(parc.ecartes) > _LIGNES_DITES else ""
        yield f"{effectif(len(parc.ecartes), 'logement')} {_ECARTE} (lignes {dites}{reste}) : compléter ces lignes."
    par = ", ".join(f"{_RATTACHEMENTS[c]} : {nombre(n)}" for c, n in parc.par.most_common())
    yield (
        "RPLS ne nomme pas les résidences : chez un même bailleur et dans une même commune (et un même IRIS quand il "
        "est donné), les logements sont regroupés par programme, à défaut par convention, à défaut par adresse "
        f"({par}) : ajouter une colonne code_residence pour en décider autrement."
    )
    if "financement" in parc.presents:
        egales = sum(bool(r.financements) and not r.financement for r in residences)
        yield (
            "Le financement d’une résidence est celui du plus grand nombre de ses logements (FINAN), inconnu en cas "
            f"d’égalité ({effectif(egales, 'résidence')}) ; HBM, PLR, HLM/O et PLA se lisent PLUS : le vérifier."
        )
    yield _say_vacance(parc)
    if sans := sum(r.quartier == "inconnu" for r in residences):
        yield (
            f"L’IRIS manque à {effectif(sans, 'résidence')} de communes qui en ont plusieurs, leur quartier est "
            "inconnu : ajouter une colonne IRIS à l’export."
        )


def _say_vacance(parc: _Parc) -> str:
    if "mode" not in parc.presents:
        return "La colonne MODE manque, n_vacants et n_vacants_3_mois sont inconnus : l’ajouter à l’export."
    if not parc.sait_3_mois:
        return (
            "n_vacants compte les logements proposés et vacants (MODE 2) ; le fichier ne dit pas depuis quand "
            "(DATE_DEP_DERLOCAT ou duree_vacance), n_vacants_3_mois est inconnu : ajouter la colonne à l’export."
        )
    quand = "en durée"
    if parc.jour is not None:
        quand = f"au 1er janvier {parc.jour.year} (le millésime, sinon le premier qui suit toutes les dates)"
    return (
        "n_vacants compte les logements proposés et vacants (MODE 2), n_vacants_3_mois ceux qui le sont depuis 3 mois "
        f"{quand} : vérifier le millésime."
    )
