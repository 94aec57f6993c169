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
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Correspondance
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, partial
from typing import NamedTuple

import numpy as np

from mel_core.contrat import valeurs
from mel_core.contrat.lecture.brut import Illisible, LectureTable, Lignes, Lot, mute
from mel_core.contrat.lecture.entete import folds
from mel_core.contrat.mapping import RPLS, Mapping
from mel_core.contrat.reference import MOT_RESIDENCE, communes, fold, iris
from mel_core.contrat.tables import COMMUNES_ASSOCIEES, FINANCEMENTS
from mel_core.socle.langue import effectif, liste, nombre
from mel_core.socle.periodes import step_back

# What is read → the names that it bears, the first one found wins.
CHAMPS: dict[str, tuple[str, ...]] = {
    "logement": ("IDENT_REP", "identifiant répertoire", "identifiant du logement au répertoire", "numeroRpls"),
    "interne": ("IDENT_INT", "identifiant SI propriétaire"),  # its bailleur's alone
    "commune": ("DEPCOM", "DEPCOM_CODE", "code INSEE", "code_insee"),
    "bailleur": ("code_bailleur", "SIREN", "SIRET", "IDENT_ORG"),
    "raison": ("RAISON_SOCIALE", "raison sociale", "nom du bailleur", "RS", "bailleur", "organisme"),
    "quartier": ("code_quartier", "IRIS", "PLG_IRIS", "CODE_IRIS", "DCOMIRIS"),
    "residence": ("code_residence",),
    "programme": ("NOMPROG", "nom du programme", "programme", "COMPLGEO"),
    "convention": ("NUMCONV", "numéro de convention"),
    "voie": ("NOMVOIE",),
    "type_voie": ("TYPVOIE",),
    "numero": ("NUMVOIE",),
    "indice": ("INDREP",),
    "financement": ("FINAN", "FINAN_CODE"),
    "mode": ("MODE", "mode d’occupation"),
    "depart": ("DATE_DEP_DERLOCAT", "date de départ du dernier locataire", "date de vacance"),
    "duree": ("duree_vacance", "duree_vacance_mois", "durée de vacance en mois"),
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
# What a dwelling that is in no résidence is, and several of them.
_HORS_MEL, _SORTI, _EN_DOUBLE = "hors de la MEL", "sorti du patrimoine", "en double"
_ECARTE = "sans commune, sans bailleur ou sans rien qui rattache à une résidence"
_RESTES = {_HORS_MEL: _HORS_MEL, _SORTI: "sortis du patrimoine", _EN_DOUBLE: _EN_DOUBLE, _ECARTE: _ECARTE}
_LIGNES_DITES, _INCONNU = 5, "inconnu"
_MODES = ("1", "2", "3", "4", "5", "9")
_MODES_DITS = {"loue": "1", "proposevacant": "2", "vacant": "2", "vide": "3"}  # as the nomenclature of RPLS calls them
_VACANT = "2"  # offered and not let; 3 (works, sale, demolition) is not offered
_RESTE = ("", "9")  # SORTIEPATRIM of a dwelling still there
_MOIS = re.compile(r"(0?[1-9]|1[0-2])/([1-9][0-9]{3})")
_ANNEE = re.compile(r"(?:19|20)[0-9]{2}")
_PREMIERE = 1950  # 01/1900 and the like mean that there is no date
_MOIS_DE_VACANCE = 3


class _Logement(NamedTuple):
    """A dwelling of a résidence, and what it says of it."""

    ligne: int
    nom: str
    quartier: str
    mode: str
    depart: str
    duree: str
    financement: str
    identifiant: str


@dataclass
class _ParcLu:
    """What the dwellings add up to: each one read is in one of the `residences`, by code and bailleur, or in `restes`,
    by what it is. `lignes`: of those that nothing places. `places`: dwelling → résidence; `lus`: all those placed.
    `par`: what placed them. `groupes`: bailleur, commune, what places the dwellings and its name → IRIS → the
    dwellings, before they are so. `noms`: each name as it is first written. `raisons`: bailleur → its name.
    `n_sans_iris`: dwellings without an IRIS, of a résidence that has one. `presents`: the fields that the files have.
    `millesime`: the year that they say, `suivante`: the first 1st of January that no date of theirs contradicts."""

    residences: dict[tuple[str, str], list[_Logement]] = field(default_factory=dict)
    restes: Counter[str] = field(default_factory=Counter)
    lignes: list[int] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    lus: set[str] = field(default_factory=set)
    par: Counter[str] = field(default_factory=Counter)
    groupes: dict[tuple[str, ...], dict[str, list[_Logement]]] = field(default_factory=dict)
    noms: dict[tuple[str, ...], str] = field(default_factory=dict)
    raisons: dict[str, str] = field(default_factory=dict)
    n_sans_iris: int = 0
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
        self._read_dates(logement)
        commune = COMMUNES_ASSOCIEES.get(logement["commune"], logement["commune"])
        bailleur = logement["bailleur"]
        if len(bailleur) == 14 and bailleur.isdigit():
            bailleur = bailleur[:9]  # the SIREN of a SIRET, which is what the SNE bears
        identifiant = logement.get("logement") or (logement.get("interne", "") and f"{bailleur} {logement['interne']}")
        champ = next((c for c in _RATTACHEMENTS if logement.get(c)), "")
        if commune and commune not in communes():
            self.restes[_HORS_MEL] += 1
        elif logement.get("sortie", "") not in _RESTE:
            self.restes[_SORTI] += 1
        elif identifiant and identifiant in self.lus:
            self.restes[_EN_DOUBLE] += 1
        elif not (commune and bailleur and champ):
            self.restes[_ECARTE] += 1
            self.lignes.append(ligne)
        else:
            self.par[champ] += 1
            if raison := logement.get("raison"):
                self.raisons.setdefault(bailleur, raison)
            nom = _adresse(logement) if champ == "voie" else logement[champ]
            entiere = f"{commune}0000"  # the quartier of a commune not cut into IRIS
            quartier = logement.get("quartier", "") or (entiere if entiere in iris() else _INCONNU)
            ecrit = nom if champ == "residence" else " ".join(nom.casefold().split())
            if champ == "programme":  # « RES LES SAULES » is « LES SAULES »
                nom = ecrit = MOT_RESIDENCE.sub("", ecrit)
            ecrit = self.noms.setdefault((bailleur, commune, champ, fold(nom) or nom), ecrit)
            self.lus.add(identifiant)
            mode = _MODES_DITS.get(fold(logement.get("mode", "")), logement.get("mode", ""))
            dits = (logement.get(c, "") for c in ("depart", "duree", "financement", "logement"))
            lu = _Logement(ligne, logement.get("programme") or nom, quartier, mode, *dits)
            if lu.mode not in ("", *_MODES):
                raise Illisible(
                    f"« {lu.mode[:40]} » n’est pas un mode d’occupation de RPLS (MODE : {', '.join(_MODES)}) : "
                    "corriger la cellule.",
                    ligne,
                )
            self.groupes.setdefault((bailleur, commune, champ, ecrit), {}).setdefault(quartier, []).append(lu)

    def close(self) -> None:
        """Make the résidences: a dwelling without an IRIS is of the one that bears its name, when there is one."""
        for (bailleur, commune, champ, nom), par_quartier in self.groupes.items():
            if len(par_quartier) == 2 and (perdus := par_quartier.pop(_INCONNU, [])):
                ((quartier, lus),) = par_quartier.items()
                lus += (perdu._replace(quartier=quartier) for perdu in perdus)
                self.n_sans_iris += len(perdus)
            for quartier, lus in par_quartier.items():
                cle = "\0".join((bailleur, commune, quartier, champ, nom))
                empreinte = hashlib.sha256(cle.encode()).hexdigest()[:10]
                code = nom if champ == "residence" else f"RPLS-{commune}-{empreinte}"
                self.places |= {lu.identifiant: code for lu in lus if lu.identifiant}
                self.residences.setdefault((code, bailleur), []).extend(lus)

    def _read_dates(self, logement: dict[str, str]) -> None:
        if _ANNEE.fullmatch(annee := logement.get("millesime", "")):
            self.millesime = max(self.millesime, int(annee))
        for champ in ("bail", "depart"):
            if jours := _read_jours(logement.get(champ, "")):
                premier, _ = jours
                self.suivante = max(self.suivante, premier.year + ((premier.month, premier.day) != (1, 1)))


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


def _count_3_mois(vacants: list[_Logement], jour: date | None) -> str:
    """How many of `vacants` have been for 3 months; empty when one can't say."""
    n = 0
    for logement in vacants:
        _, depart = _read_jours(logement.depart) or (None, None)
        mois = valeurs.read_nombre(logement.duree)
        if depart is not None and jour is not None:
            n += depart <= step_back(jour, _MOIS_DE_VACANCE)
        elif mois is not None:
            n += mois > _MOIS_DE_VACANCE
        else:
            return ""
    return str(n)


def _majoritaire(financements: list[str]) -> str:
    """That of most dwellings; none when two have as many. A code that nobody knows comes before, to be asked about."""
    ranges = Counter(financements).most_common()
    inconnus = [code for code, _ in ranges if code not in FINANCEMENTS and code]
    if inconnus or not ranges:
        return inconnus[0] if inconnus else ""
    return "" if len(ranges) > 1 and ranges[0][1] == ranges[1][1] else ranges[0][0]


def lot(lots: list[Lot], mapping: Mapping, places: dict[str, str]) -> Lot:
    """One table of résidences, from the dwellings of all `lots`. `places` is told the résidence of each dwelling. A
    name that two bailleurs bear is that of neither."""
    fichier, raisons = " + ".join(lu.fichier for lu in lots), dict[str, str]()
    read = cache(partial(_read, lots, mapping, places, raisons))

    def name() -> dict[str, str]:
        read()
        fois = Counter(map(fold, raisons.values()))
        return {code: nom for code, nom in raisons.items() if fois[fold(nom)] == 1}

    return Lot("residences", fichier[:200], sum(lu.taille for lu in lots), lambda _: read(), name)


def is_of_logements(lot: Lot, modele: str) -> bool:
    """Whether a file given to the résidences is of dwellings, by its header: it bears their number in the répertoire,
    two columns that only a file of dwellings has, or one where the model says that it is of RPLS."""
    try:
        entete = lot.read(noms()).entete
    except (Illisible, UnicodeDecodeError, OSError):
        return False
    trouves, plies = find_d_un_logement(entete), [fold(nom) for nom in entete]
    if "logement" in trouves or (modele == RPLS and (trouves or "depcom" in plies)):
        return True
    return len(trouves) > 1 and not any("logements" in pli for pli in plies)


def find_d_un_logement(entete: Iterable[str]) -> list[str]:
    """The columns of a header that only a file of dwellings has."""
    plies = {fold(nom) for nom in entete}
    return [champ for champ in _D_UN_LOGEMENT if any(fold(nom) in plies for nom in CHAMPS[champ])]


def _read(lots: list[Lot], mapping: Mapping, places: dict[str, str], raisons: dict[str, str]) -> LectureTable:
    lectures = [lu.read(noms()) for lu in lots]
    premiere = lectures[0]
    parc = _ParcLu()
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
    parc.close()
    places |= parc.places
    raisons |= parc.raisons
    residences = _en_residences(parc, mapping.valeurs_de("residences", "financement"))
    return replace(residences, titres=premiere.titres, ligne_entete=premiere.ligne_entete)


@cache
def noms() -> frozenset[str]:
    """Of the columns of a file of dwellings, as headers are compared."""
    return frozenset(pli for noms in CHAMPS.values() for nom in noms for pli in folds(nom))


def _rangs(lecture: LectureTable, propres: Correspondance[str, str]) -> dict[str, int]:
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


def _en_residences(parc: _ParcLu, financements: Correspondance[str, str]) -> LectureTable:
    toutes = sorted(parc.residences.items(), key=lambda residence: residence[1][0].ligne)
    rangees, n_egales = [], 0
    for (code, bailleur), lus in toutes:
        vacants, est_connu = [lu for lu in lus if lu.mode == _VACANT], all(lu.mode for lu in lus)
        financement = _majoritaire([financements.get(lu.financement, lu.financement) for lu in lus if lu.financement])
        n_egales += financement == "" and any(lu.financement for lu in lus)
        rangees.append(
            {
                "code_residence": code,
                "nom": lus[0].nom,
                "code_bailleur": bailleur,
                "code_quartier": lus[0].quartier,
                "n_logements": str(len(lus)),
                "financement": financement,
                "n_vacants": str(len(vacants)) if est_connu else "",
                "n_vacants_3_mois": _count_3_mois(vacants, parc.jour) if est_connu else "",
            }
        )
    entete = ["code_residence", "nom", "code_bailleur", "code_quartier", "n_logements"]
    entete += ["financement"] if "financement" in parc.presents else []
    entete += ["n_vacants"] if "mode" in parc.presents else []
    entete += ["n_vacants_3_mois"] if parc.sait_3_mois else []
    lignes = Lignes.of_rangees(entete, rangees, np.array([lus[0].ligne for _, lus in toutes], np.int64))
    return LectureTable(entete, 1, lambda _: lignes, dits=tuple(_describe(parc, n_egales)))


def _describe(parc: _ParcLu, n_egales: int) -> Iterator[str]:
    """The reconciliation, then each choice that was made, one sentence each. `n_egales`: the résidences where two
    financements have as many dwellings."""
    residences = list(parc.residences.values())
    n_places = sum(map(len, residences))
    restes = "".join(f" + {effectif(parc.restes[un], un, dits)}" for un, dits in _RESTES.items() if parc.restes[un])
    lus = effectif(n_places + parc.restes.total(), "logement lu", "logements lus")
    yield (
        f"RPLS : {lus} = {nombre(n_places)} regroupés en {effectif(len(residences), 'résidence')}{restes} : à comparer "
        "au parc annoncé."
    )
    if parc.lignes:
        dites = liste([str(ligne) for ligne in parc.lignes[:_LIGNES_DITES]])
        reste = "…" if len(parc.lignes) > _LIGNES_DITES else ""
        yield f"{effectif(len(parc.lignes), 'logement')} {_ECARTE} (lignes {dites}{reste}) : compléter ces lignes."
    par = ", ".join(f"{_RATTACHEMENTS[c]} : {nombre(n)}" for c, n in parc.par.most_common())
    yield (
        "RPLS ne nomme pas les résidences : chez un même bailleur et dans une même commune (et un même IRIS quand il "
        "est donné), les logements sont regroupés par programme, à défaut par convention, à défaut par adresse "
        f"({par}) : ajouter une colonne code_residence pour en décider autrement."
    )
    if "financement" in parc.presents:
        yield (
            "Le financement d’une résidence est celui du plus grand nombre de ses logements (FINAN), inconnu en cas "
            f"d’égalité ({effectif(n_egales, 'résidence')}) ; HBM, PLR, HLM/O et PLA se lisent PLUS : le vérifier."
        )
    yield _say_vacance(parc)
    if parc.n_sans_iris:
        yield (
            f"{effectif(parc.n_sans_iris, 'logement sans IRIS prend', 'logements sans IRIS prennent')} celui que sa "
            "résidence a par ailleurs, le seul : vérifier si c’est beaucoup."
        )
    if sans := sum(lus[0].quartier == _INCONNU for lus in residences):
        yield (
            f"L’IRIS manque à {effectif(sans, 'résidence')} de communes qui en ont plusieurs, leur quartier est "
            "inconnu : ajouter une colonne IRIS à l’export."
        )


def _say_vacance(parc: _ParcLu) -> str:
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
