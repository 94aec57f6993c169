"""RPLS: one row per dwelling, added up by résidence.

RPLS names no résidence: one is, within a bailleur, a commune and an IRIS when given, the dwellings of a programme;
without its name, of an APL convention (one a programme); without either, at one number of one street. Nor does what is
published name the bailleur of a dwelling: the file must bear a SIREN or a SIRET.
Source: arrêté du 5 janvier 2010 (DEVU0929020A), annexe; the state of a file is that of a 1st of January.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from collections.abc import Mapping as Correspondance
from dataclasses import replace
from functools import cache, partial

import numpy as np
import pyarrow as pa

from mel_core.contrat.lecture.brut import Defaut, Illisible, Lecture, Lot, Morceau
from mel_core.contrat.lecture.tete import folds
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.modeles.catalogue import RPLS
from mel_core.contrat.modeles.phrases_rpls import describe
from mel_core.contrat.modeles.rpls_dates import premier_janvier
from mel_core.contrat.modeles.rpls_somme import Residence, Somme
from mel_core.contrat.proches import fold
from mel_core.contrat.reference import DOSSIER, communes
from mel_core.contrat.tables import COMMUNES_ASSOCIEES

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
_COLONNES = {"bailleur": "code_bailleur", "quartier": "code_quartier", "residence": "code_residence"}
_RATTACHEMENTS = ("residence", "programme", "convention", "voie")
_MODES = ("1", "2", "3", "4", "5", "9")
_VACANT = "2"  # offered and not let; 3 (works, sale, demolition) is not offered
_RESTE = ("", "9")  # SORTIEPATRIM of a dwelling still there
_ENTETE = (
    "code_residence",
    "nom",
    "code_bailleur",
    "code_quartier",
    "n_logements",
    "financement",
    "n_vacants",
    "n_vacants_3_mois",
)


def lot(lots: list[Lot], mapping: Mapping, places: dict[str, str]) -> Lot:
    """One table of résidences, from the dwellings of all `lots`. `places` is told the résidence of each dwelling."""
    fichier = " + ".join(lu.fichier for lu in lots)
    return Lot("residences", fichier[:200], sum(lu.taille for lu in lots), partial(_read, lots, mapping, places))


# What only a file of dwellings says.
_D_UN_LOGEMENT = ("logement", "convention", "voie", "financement", "mode", "depart", "duree", "bail", "sortie")


def is_of_logements(lot: Lot) -> bool:
    """By its header; what can't be read is, and is then said."""
    try:
        plies = {fold(nom) for nom in lot.read(_noms()).entete}
    except (Illisible, UnicodeDecodeError, OSError):
        return True
    return any(fold(nom) in plies for champ in _D_UN_LOGEMENT for nom in (*CHAMPS[champ], "DEPCOM"))


def _read(lots: list[Lot], mapping: Mapping, places: dict[str, str], connus: frozenset[str]) -> Lecture:
    if len(lots) == 1:
        lecture = lots[0].read(connus | _noms())
        if not _sont_des_logements(lecture, mapping.modele):
            return lecture  # résidences already, as the contract has them
        lectures = [lecture]
    else:
        lectures = [lu.read(connus | _noms()) for lu in lots]
    somme = Somme()
    propres = {champ: mapping.nom_dans_fichier("residences", colonne) for champ, colonne in _COLONNES.items()}
    codes = mapping.valeurs_de("residences", "financement")
    for lecture in lectures:
        _add(lecture, _rangs(lecture, propres), codes, somme)
    places |= somme.places
    return replace(_en_residences(somme), titres=lectures[0].titres, ligne_entete=lectures[0].ligne_entete)


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
    if "commune" not in rangs:
        raise Illisible(
            Defaut(lecture.ligne_entete, "La colonne DEPCOM (commune du logement) manque : l’ajouter à l’export.")
        )
    if "bailleur" not in rangs:
        raise Illisible(
            Defaut(
                lecture.ligne_entete,
                "RPLS ne dit pas de quel bailleur est un logement, et aucune colonne SIREN, SIRET ou code_bailleur ne "
                "le dit : l’ajouter au fichier, la même valeur sur toutes les lignes s’il est d’un seul bailleur.",
            )
        )
    if not any(champ in rangs for champ in _RATTACHEMENTS):
        raise Illisible(
            Defaut(
                lecture.ligne_entete,
                "Rien ne rattache les logements à une résidence : garder dans l’export le nom du programme, NUMCONV, "
                "ou l’adresse (NUMVOIE, TYPVOIE, NOMVOIE).",
            )
        )
    return rangs


def _add(lecture: Lecture, rangs: dict[str, int], codes: Correspondance[str, str], somme: Somme) -> None:
    somme.presents |= rangs.keys()
    for morceau in lecture.morceaux:
        colonnes = [morceau.colonnes[rang].to_pylist() for rang in rangs.values()]
        for ligne, valeurs in zip(morceau.numeros.tolist(), zip(*colonnes, strict=True), strict=True):
            logement = {champ: valeur.strip() for champ, valeur in zip(rangs, valeurs, strict=True)}
            if any(logement.values()):
                _add_un(ligne, logement, codes, somme)


def _add_un(ligne: int, logement: dict[str, str], codes: Correspondance[str, str], somme: Somme) -> None:
    somme.lus += 1
    commune = COMMUNES_ASSOCIEES.get(logement["commune"], logement["commune"])
    bailleur = logement["bailleur"]
    if len(bailleur) == 14 and bailleur.isdigit():
        bailleur = bailleur[:9]  # the SIREN of a SIRET, which is what the SNE bears
    somme.vacance.see(logement.get("bail", ""), logement.get("depart", ""), logement.get("millesime", ""))
    if commune and commune not in communes():
        somme.hors_mel += 1
        return
    if logement.get("sortie", "") not in _RESTE:
        somme.sortis += 1
        return
    identifiant = logement.get("logement", "")
    if identifiant and identifiant in somme.places:
        somme.doublons += 1
        return
    rattachement, nom = _rattachement(logement)
    if not commune or not bailleur or not nom:
        somme.ecartes.append(ligne)
        return
    somme.par[rattachement] += 1
    quartier = logement.get("quartier", "") or _quartier(commune)
    cle = "\0".join((bailleur, commune, quartier, rattachement, _plier(nom)))
    code = nom if rattachement == "residence" else f"RPLS-{commune}-{hashlib.sha256(cle.encode()).hexdigest()[:10]}"
    somme.places[identifiant] = code
    dite = logement.get("programme") or nom
    residence = somme.residences.setdefault((code, bailleur), Residence(ligne, dite, bailleur, quartier))
    residence.n += 1
    _add_mode(ligne, logement, residence)
    if financement := logement.get("financement", ""):
        residence.financements[codes.get(financement, financement)] += 1  # a code that nobody knows is asked about


def _plier(nom: str) -> str:
    """Spaces and case are no other programme."""
    return " ".join(nom.casefold().split())


def _rattachement(logement: dict[str, str]) -> tuple[str, str]:
    for champ in ("residence", "programme", "convention"):
        if logement.get(champ):
            return champ, logement[champ]
    if not logement.get("voie"):
        return "voie", ""
    return "voie", " ".join(v for c in ("numero", "indice", "type_voie", "voie") if (v := logement.get(c)))


def _add_mode(ligne: int, logement: dict[str, str], residence: Residence) -> None:
    mode = logement.get("mode", "")
    if mode and mode not in _MODES:
        raise Illisible(
            Defaut(
                ligne,
                f"« {mode[:40]} » n’est pas un mode d’occupation de RPLS (MODE : {', '.join(_MODES)}) : corriger la "
                "cellule.",
            )
        )
    residence.n_modes_inconnus += not mode
    if mode == _VACANT:
        residence.vacants.append((logement.get("depart", ""), logement.get("duree", "")))


@cache
def _entieres() -> frozenset[str]:
    """The communes not cut into IRIS: theirs is known."""
    lignes = (DOSSIER / "iris.csv").read_text(encoding="utf-8").splitlines()[1:]
    codes = [ligne.split(",", 1)[0] for ligne in lignes]
    return frozenset(code[:5] for code in codes if code.endswith("0000"))


def _quartier(commune: str) -> str:
    return f"{commune}0000" if commune in _entieres() else "inconnu"


def _en_residences(somme: Somme) -> Lecture:
    jour = premier_janvier(somme.vacance)
    residences = sorted(somme.residences.items(), key=lambda r: r[1].ligne)
    rangees = [
        (
            code,
            r.nom,
            r.bailleur,
            r.quartier,
            str(r.n),
            r.financement,
            "" if r.n_modes_inconnus else str(len(r.vacants)),
            "" if r.n_modes_inconnus else somme.vacance.count_3_mois(r.vacants, jour),
        )
        for (code, _), r in residences
    ]
    manquantes = {
        c for c, sait in (("n_vacants", "mode" in somme.presents), ("n_vacants_3_mois", somme.sait_3_mois)) if not sait
    }
    manquantes |= set() if "financement" in somme.presents else {"financement"}
    gardees = [i for i, nom in enumerate(_ENTETE) if nom not in manquantes]
    numeros = np.array([r.ligne for _, r in residences], np.int64)
    colonnes = [pa.array([rangee[i] for rangee in rangees], pa.string()) for i in gardees]

    def morceaux() -> Iterator[Morceau]:
        if rangees:
            yield Morceau(numeros, colonnes, len(rangees))

    return Lecture([_ENTETE[i] for i in gardees], 1, morceaux(), dits=tuple(describe(somme)))
