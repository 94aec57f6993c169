"""The mapping (contract §1): how an export names its columns and codes. By name, never by position."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as Correspondance
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mel_core.contrat.colonnes import Colonne, Montant, Table, Type
from mel_core.contrat.lecture.cellules import est_valeur_canonique, read_commune
from mel_core.contrat.reference import codes_par_nom, communes, fold, plus_proches
from mel_core.contrat.tables import COMMUNES_ASSOCIEES, RESIDENCES, SANS_LOGEMENTS, TABLES
from mel_core.socle.erreurs import AppelIncorrect, cause, read_toml

TABLES_DE_PERSONNES = ("demandes", "evenements", "attributions")

# Compared without case, accents or signs: whole names, then beginnings where exports vary (`nom_usage`, `adresse_1`).
_NOMS = re.compile("nom|nomprenom|nomdemandeur|nomtitulaire|demandeur|identite|civilite|sexe|locataire|titulaire")
_DEBUTS = re.compile(
    "prenom|nomusage|nomdudemandeur|nomdutitulaire|nomdulocataire|nomlocataire|nometprenom|nomsprenoms|nomnaissance|"
    "nomfamille|nompatronymique|nomjeunefille|datenaissance|datedenaissance|nee?le|lieunaissance|lieudenaissance|"
    "nationalite|nir|numerosecu|securitesociale|numsecu|adresse|telephone|portable|mail|email|courriel|commentaire|"
    "remarque"
)


# What dates the name of a file or of a sheet, in its words folded; « avant 2017 » is one of its parts.
_AN = r"(?:19|20)\d\d"
_MOIS = (
    "janv(?:ier)?|fev(?:r|rier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|aout|sept?(?:embre)?|oct(?:obre)?|nov(?:embre)?|"
    "dec(?:embre)?"
)
_RANG = "1er|[2-4](?:e|eme|nd)?|premier|seconde?|deuxieme|troisieme|quatrieme"
_PERIODE = re.compile(
    rf"(?<= )(?:(?:avant|apres|depuis) )?(?:(?:\d\d ){{0,2}}{_AN}(?: \d\d){{0,2}}|{_AN}\d{{2}}(?:\d\d)?|"
    rf"{_AN}[st][1-4]|[st][1-4](?:{_AN})?|"
    rf"(?:{_MOIS})(?:{_AN})?|(?:(?:{_RANG}) )?(?:semestre|trimestre|sem|trim)(?: ?[1-4])?)(?= )"
)


def est_personnelle(colonne: str) -> bool:
    """Whether a column's name announces names, birth dates, nationality, NIR, addresses or comments."""
    plie = fold(colonne)
    return bool(_NOMS.fullmatch(plie) or _DEBUTS.match(plie))


# Words of the names of bailleurs that tell none from another; « L.M.H. » is a word.
_COMMUNS = re.compile(
    "habitat|logements?|logis|metropole|nord|office|public|sociale?|societe|anonyme|cooperative|entreprise|immobiliere|"
    "groupe|hlm|oph|opac|esh|sem|scic|mel|les|des|sur|pour|est|sud|ouest",
)
_FORMES = re.compile("hlm|oph|opac|esh|sem|scic|sa")  # « LMH » is « Lille Métropole Habitat OPH »
_A_CHIFFRE = re.compile("[0-9][a-z]|[a-z][0-9]")
_SIGLE = re.compile(r"\b(\w)\.(?=\w\b)")


def words(texte: str) -> list[str]:
    return [fold(mot) for mot in re.split(r"[\W_]+", _SIGLE.sub(r"\1", texte)) if mot]


def undated(fichier: str) -> str:
    """The words of a name without its period: those of a semester and of the next are the same."""
    return " ".join(_PERIODE.sub("", f" {' '.join(words(fichier))} ").split())


def own_words(bailleur: str) -> frozenset[str]:
    """Those of the name of a bailleur that are its own: « Vilogia S.A. » and « VILOGIA, société anonyme » have one."""
    return frozenset(mot for mot in words(bailleur) if len(mot) > 2 and not _COMMUNS.fullmatch(mot))


def names(texte: str, bailleur: str) -> bool:
    """Whether the name of a file, or a cell, says that of a bailleur: whole, by a word of its own, or by its
    initials."""
    dits, propres = words(texte), own_words(bailleur)
    surs = propres - codes_par_nom().keys()  # « Lille » is a commune, before it is a word of Lille Métropole Habitat
    mots = words(bailleur)
    sans_forme = [mot for mot in mots if not _FORMES.fullmatch(mot)]
    entier = "".join(sans_forme) or fold(bailleur)
    est_dit = entier in fold(texte) or any(len(mot) > 3 and mot in fold(texte) for mot in surs)
    # What is short is a word by itself: « LMH », « 3F ».
    sigles = propres.union("".join(mot[0] for mot in siens) for siens in (mots, sans_forme))
    courts = {mot for mot in (*sigles, *mots) if (len(mot) == 3 and mot in sigles) or _A_CHIFFRE.fullmatch(mot)}
    return est_dit or not courts.isdisjoint(dits)


LECTURES = (str(Montant.MILLIERS), str(Montant.DECIMALES))
# Those that say one word for each of their keys, table by table.
NOMS, MEMES, PUBLICS = "noms", "memes", "publics"
ENTRE, _ENTRES = " | ", {MEMES: 2, PUBLICS: 1}  # between the parts of a key of theirs, and how many of it
_ANCIENNES = {"absents": "absentes"}  # as answers kept before write it
BAILLEURS, CODE_BAILLEUR = "bailleurs", "code_bailleur"
A_PART, DONNEE = LIGNES = ("a_part", "donnee")
DE_2000, A_CORRIGER = ANNEES = ("2000_2099", "a_corriger")  # what « 15 » is, where a year should be
SEPAREE, ENTIERE = LISTES = ("separee", "entiere")  # whether « Lille, Paris » is a list, or the name of one place
ETAT, COMMUNE = "etat", "code_insee"
# What an answer may say of all the rows of a file, where no column does: the section that says it → the column.
DU_FICHIER = {"bailleur": CODE_BAILLEUR} | {c: c for c in (ETAT, "type", "mutation", COMMUNE, "type_lieu", "porteur")}
PLATES = ("nombres", "dates", "listes", "lignes", MEMES, PUBLICS)
_SECTIONS = ("colonnes", "valeurs", *PLATES, *DU_FICHIER, NOMS, "couvre", "absentes")
SELON_RADIATION = "SELON_RADIATION"  # a demande is struck off when its file says when, or why
ETATS = (SELON_RADIATION, *TABLES["demandes"].colonne(ETAT).valeurs)
_MODELE, _TABLE = "modele", "table"
SNE, RPLS, INFOCENTRE = _MODELES = ("sne", "rpls", "infocentre")
# Of the sections that name some columns alone: what these are, and whether one is of them.
_COLONNES: dict[str, tuple[str, Callable[[Colonne], bool]]] = {
    "nombres": ("colonne de montants", lambda c: c.montant is not None),
    "dates": ("date", lambda c: c.type is Type.DATE),
    "listes": ("liste de communes", lambda c: c.type is Type.LISTE and c.est_commune),
    "couvre": ("colonne de label", lambda c: c.etiquette),
    "absentes": ("colonne de label", lambda c: c.etiquette),
    PUBLICS: ("colonne de label", lambda c: c.etiquette),
}
# Of the sections that say one of a few words for each of their keys.
MOTS = {"nombres": LECTURES, "dates": ANNEES, "listes": LISTES, "lignes": LIGNES, ETAT: ETATS}


@dataclass(frozen=True)
class Mapping:
    """`colonnes`: table → column → name in the file, "" for an optional one that no header gives. `valeurs`: table →
    column → value in the file → value, "" when the value in the file means unknown.

    `couvre`: table → label column → the label columns whose households it counts too. `absentes`: table → the label
    columns that no household bears. `nombres`: table → column of amounts → how `12.500` is read there. `dates`: column
    of dates → how `10/12/15` is. `listes`: column of communes → how `Lille, Paris` is. `lignes`: table → first cell of
    a row → whether it is `DONNEE`, or a total or a title `A_PART`. `dits`: section of `DU_FICHIER` → table → file, as
    the report calls it → what all its rows are (a state: one of ETATS), where no column says it. `noms`: code of a
    bailleur → its name; codes of one name are one bailleur. `memes`: of `residences`, what was asked about one
    (`entites`) → how the one that it is is called there, or "". `publics`: table → header and value (see `publics`) →
    the labels that it is, `|` between, or "". `modele`: the mapping of the product that this one completes, or "".
    `table`: that of the files of its source, whose names say none, or "".
    """

    colonnes: Correspondance[str, Correspondance[str, str]] = field(default_factory=dict)
    valeurs: Correspondance[str, Correspondance[str, Correspondance[str, str]]] = field(default_factory=dict)
    couvre: Correspondance[str, Correspondance[str, tuple[str, ...]]] = field(default_factory=dict)
    absentes: Correspondance[str, tuple[str, ...]] = field(default_factory=dict)
    nombres: Correspondance[str, Correspondance[str, str]] = field(default_factory=dict)
    lignes: Correspondance[str, Correspondance[str, str]] = field(default_factory=dict)
    dits: Correspondance[str, Correspondance[str, Correspondance[str, str]]] = field(default_factory=dict)
    dates: Correspondance[str, Correspondance[str, str]] = field(default_factory=dict)
    listes: Correspondance[str, Correspondance[str, str]] = field(default_factory=dict)
    memes: Correspondance[str, Correspondance[str, str]] = field(default_factory=dict)
    publics: Correspondance[str, Correspondance[str, str]] = field(default_factory=dict)
    noms: Correspondance[str, str] = field(default_factory=dict)
    modele: str = ""
    table: str = ""

    @classmethod
    def read(cls, chemin: Path) -> Mapping:
        """Raises `AppelIncorrect` when the file can't be read or names what the contract does not know."""
        try:
            texte = chemin.read_bytes().decode("utf-8-sig")
        except OSError as erreur:
            raise AppelIncorrect(
                f"Le mapping « {chemin.name} » ne s’ouvre pas ({cause(erreur)}) : vérifier son chemin."
            ) from None
        except UnicodeDecodeError:
            raise AppelIncorrect(
                f"Le mapping « {chemin.name} » n’est pas en UTF-8 : l’enregistrer dans cet encodage."
            ) from None
        return cls.depuis_texte(texte, chemin.name)

    @classmethod
    def depuis_texte(cls, texte: str, nom: str = "mapping") -> Mapping:
        """The same, from the text of the file. `nom`: what messages call it."""
        return _Verification(nom).read(texte)

    def dit(self, table: str, colonne: str) -> bool:
        """Whether it names the column in the file."""
        return colonne in self.colonnes.get(table, {})

    def nom_dans_fichier(self, table: str, colonne: str) -> str:
        return self.colonnes.get(table, {}).get(colonne) or colonne

    def sans(self, table: str) -> frozenset[str]:
        """The optional columns that it says no header to give."""
        return frozenset(colonne for colonne, nom in self.colonnes.get(table, {}).items() if not nom)

    def colonne(self, table: Table, nom: str) -> Colonne:
        """The column as this mapping has it read."""
        declaree, lecture = table.colonne(nom), self.nombres.get(table.nom, {}).get(nom)
        if nom in (listes := self.listes.get(table.nom, {})):
            return replace(declaree, est_separee=listes[nom] == SEPAREE)
        if nom in (dates := self.dates.get(table.nom, {})):
            return replace(declaree, est_de_2000=dates[nom] == DE_2000)
        return declaree if lecture is None else replace(declaree, montant=Montant(lecture))

    def dits_du_fichier(self, table: str, fichier: str) -> dict[str, str]:
        """Column → what an answer says of all the rows of this file: one about it, or about those whose names are the
        same but for the period."""
        dits: dict[str, str] = {}
        for section, colonne in DU_FICHIER.items():
            siens = self.dits.get(section, {}).get(table, {})
            memes = {dit for autre, dit in siens.items() if undated(autre) == undated(fichier)}
            if fichier in siens or len(memes) == 1:
                dits[colonne] = siens.get(fichier) or memes.pop()
        return dits

    def valeurs_de(self, table: str, colonne: str) -> Correspondance[str, str]:
        return self.valeurs.get(table, {}).get(colonne, {})


def may_be_said(table: Table, colonne: str) -> bool:
    """Whether an answer may say the column for all the rows of a file: it names none of them by itself."""
    return colonne in table.noms and colonne in DU_FICHIER.values() and colonne not in table.cle


class _Verification:
    """Checks the content of one mapping: every name in it is the contract's, or an error says which one is nearest."""

    def __init__(self, nom: str) -> None:
        self._nom = nom

    def read(self, texte: str) -> Mapping:
        contenu = read_toml(texte, f"Le mapping « {self._nom} »")
        modele = contenu.pop(_MODELE, "")
        if modele and modele not in _MODELES:
            raise self._faute(f"le modèle « {modele} » n’existe pas, choisir {', '.join(_MODELES)}")
        if table_dite := contenu.pop(_TABLE, ""):
            self._connu("la table", str(table_dite), TABLES)
        lues: dict[str, dict[str, Any]] = {section: {} for section in _SECTIONS}
        for nom_table, sections in contenu.items():
            table = TABLES[self._connu("la table", nom_table, TABLES)]
            for ecrite, corps in self._section(nom_table, sections).items():
                section = self._connu("la section", _ANCIENNES.get(ecrite, ecrite), _SECTIONS)
                lieu = f"{nom_table}.{section}"
                lues[section][nom_table] = self._read_section(section, table, lieu, self._section(lieu, corps))
        noms = lues.pop(NOMS).get(BAILLEURS, {})
        dits = {section: siens for section in DU_FICHIER if (siens := lues.pop(section))}
        return Mapping(**lues, dits=dits, noms=noms, modele=modele, table=table_dite)

    def _read_section(self, section: str, table: Table, lieu: str, corps: dict[str, Any]) -> Any:
        if section in DU_FICHIER and not may_be_said(table, DU_FICHIER[section]):
            raise self._faute(f"un fichier de « {table.nom} » n’a pas de « {section} » à lui, ôter la section [{lieu}]")
        if section == MEMES and table is not RESIDENCES:
            raise self._faute(f"[{lieu}] n’existe pas, une résidence se dit sous [{RESIDENCES.nom}.memes]")
        if section == NOMS and table.nom != BAILLEURS:
            raise self._faute(f"[{lieu}] n’existe pas, seuls les bailleurs se nomment, sous [{BAILLEURS}.noms]")
        if section in _COLONNES:
            labels = [label for dits in corps.values() for label in str(dits).split("|") if label]
            self._check_colonnes(table, section, labels if section == PUBLICS else corps)
        match section:
            case "colonnes":
                return self._colonnes(table, lieu, corps)
            case "valeurs":
                return {nom: self._valeurs(table, f"{lieu}.{nom}", nom, lues) for nom, lues in corps.items()}
            case "couvre":
                return {colonne: self._couvertes(table, lieu, colonne, dites) for colonne, dites in corps.items()}
            case "bailleur":
                return {fichier: self._dit(lieu, fichier, code) for fichier, code in corps.items()}
            case _ if section in DU_FICHIER and section != ETAT:
                dits = self._valeurs(table, lieu, DU_FICHIER[section], corps)
                connues = {*communes(), *COMMUNES_ASSOCIEES}
                for dit in dits.values() if section == COMMUNE else ():
                    if read_commune(dit) not in connues:
                        raise self._faute(f"« {dit} » n’est pas une commune de la MEL sous [{lieu}], écrire son nom")
                return dits
            case "memes" | "publics":
                if fautive := next((cle for cle in corps if cle.count(ENTRE) < _ENTRES[section]), None):
                    attendue = "bailleur | commune | nom" if section == MEMES else "en-tête | valeur"
                    raise self._faute(f"« {fautive} » sous [{lieu}] doit s’écrire « {attendue} »")
                return {cle: self._texte(lieu, cle, nom) for cle, nom in corps.items()}
            case "noms":
                return {code.strip(): self._dit(lieu, code, nom) for code, nom in corps.items()}
            case "absentes":
                if autres := [colonne for colonne, valeur in corps.items() if valeur is not False]:
                    raise self._faute(f"« {autres[0]} » sous [{lieu}] ne se déclare que par {autres[0]} = false")
                return tuple(corps)
        for cle, reponse in corps.items():
            if reponse not in (choix := MOTS[section]):
                raise self._faute(f"« {cle} » sous [{lieu}] se dit « {reponse} », choisir {' ou '.join(choix)}")
        return corps

    def _colonnes(self, table: Table, lieu: str, corps: dict[str, Any]) -> dict[str, str]:
        lues: dict[str, str] = {}
        for colonne, valeur in corps.items():
            self._connu("la colonne", colonne, table.noms)
            en_fichier = self._texte(lieu, colonne, valeur)
            if not en_fichier and table.colonne(colonne).requise and (table.nom, colonne) != SANS_LOGEMENTS:
                raise self._faute(f"le nom de « {colonne} » est vide sous [{lieu}], donner son nom dans le fichier")
            if table.nom in TABLES_DE_PERSONNES and est_personnelle(en_fichier):
                raise self._faute(f"« {en_fichier} » est une donnée personnelle, jamais lue : la retirer de [{lieu}]")
            if en_fichier and en_fichier in lues.values():
                raise self._faute(f"« {en_fichier} » est donnée pour deux colonnes sous [{lieu}], n’en garder qu’une")
            lues[colonne] = en_fichier
        return lues

    def _valeurs(self, table: Table, lieu: str, nom: str, corps: Any) -> dict[str, str]:
        colonne = table.colonne(self._connu("la colonne", nom, table.noms))
        lues: dict[str, str] = {}
        for en_fichier, valeur in self._section(lieu, corps).items():
            texte = self._texte(lieu, en_fichier, valeur)
            if texte and not est_valeur_canonique(colonne, texte):
                proches = plus_proches(texte, colonne.valeurs)
                remede = f"choisir par exemple {', '.join(proches)}" if proches else f"attendu : {colonne.type}"
                raise self._faute(f"« {texte} » n’est pas une valeur du contrat sous [{lieu}], {remede}")
            lues[en_fichier.strip()] = texte
        return lues

    def _dit(self, lieu: str, cle: str, valeur: Any) -> str:
        if not (texte := self._texte(lieu, cle, valeur)):
            raise self._faute(f"« {cle} » est vide sous [{lieu}], écrire le bailleur")
        return texte

    def _couvertes(self, table: Table, lieu: str, colonne: str, couvertes: Any) -> tuple[str, ...]:
        if not isinstance(couvertes, list) or not couvertes or not all(isinstance(c, str) for c in couvertes):
            raise self._faute(f'« {colonne} » sous [{lieu}] doit lister des colonnes, par exemple ["dalo"]')
        self._check_colonnes(table, "couvre", couvertes)
        if colonne in couvertes:
            raise self._faute(f"« {colonne} » se comprend elle-même sous [{lieu}], l’ôter de sa liste")
        return tuple(couvertes)

    def _check_colonnes(self, table: Table, section: str, donnees: Iterable[str]) -> None:
        """Whether the ones given are columns that the section may name."""
        mot, est_sienne = _COLONNES[section]
        if not (colonnes := [c.nom for c in table.colonnes if est_sienne(c)]):
            raise self._faute(f"la table « {table.nom} » n’a aucune {mot}, ôter cette section")
        for donnee in donnees:
            self._connu(f"la {mot}", donnee, colonnes)

    def _connu(self, genre: str, donne: str, connus: Iterable[str]) -> str:
        connus = tuple(connus)
        if donne not in connus:
            raise self._faute(
                f"{genre} « {donne} » n’existe pas, la plus proche est « {plus_proches(donne, connus, 1)[0]} »"
            )
        return donne

    def _section(self, lieu: str, valeur: Any) -> dict[str, Any]:
        if not isinstance(valeur, dict):
            raise self._faute(f'[{lieu}] doit être une section, suivie de lignes a = "b"')
        return valeur

    def _texte(self, lieu: str, cle: str, valeur: Any) -> str:
        if not isinstance(valeur, str):
            raise self._faute(f"la valeur de « {cle} » sous [{lieu}] doit être un texte entre guillemets")
        return valeur.strip()

    def _faute(self, phrase: str) -> AppelIncorrect:
        return AppelIncorrect(f"Mapping « {self._nom} » : {phrase}.")


def merge(*mappings: Mapping) -> Mapping:
    """All of them in one; the last one wins. Raises `AppelIncorrect` when together they make no sense."""
    ensemble: dict[str, Any] = {}
    for mapping in mappings:
        for table, noms in mapping.colonnes.items():
            # A column of the file answers for one column of the contract: the last answer takes it from the others.
            dites = ensemble.get("colonnes", {}).get(table, {})
            for colonne in [c for c, nom in dites.items() if nom and nom in noms.values()]:
                del dites[colonne]
        ensemble = _merge_sections({champ: dit for champ, dit in vars(mapping).items() if dit}, ensemble)
    return Mapping.depuis_texte(en_toml(Mapping(**ensemble)), "réponses")


def _merge_sections(dessus: Any, dessous: Any) -> Any:
    """Sections key by key, lists one after the other, the rest in place of what was said."""
    if isinstance(dessus, tuple):
        return tuple(dict.fromkeys((*(dessous or ()), *dessus)))
    if isinstance(dessus, dict):
        avant = dessous or {}
        return {**avant, **{cle: _merge_sections(dit, avant.get(cle)) for cle, dit in dessus.items()}}
    return dessus


def toml(valeur: object) -> str:
    """JSON texts, lists and booleans are TOML ones, save for the one control character that JSON lets through."""
    return json.dumps(valeur, ensure_ascii=False).replace("\x7f", "\\u007f")


def en_toml(mapping: Mapping) -> str:
    """The mapping as the file that `--mapping` reads; empty text when it answers nothing."""
    lignes = [f"{cle} = {toml(dit)}\n" for cle in (_MODELE, _TABLE) if (dit := getattr(mapping, cle))]
    for section in _SECTIONS:
        dits = mapping.dits.get(section, {})
        par_table: Correspondance[str, Any] = dits if section in DU_FICHIER else getattr(mapping, section)
        for table, dites in ({BAILLEURS: par_table} if section == NOMS else par_table).items():
            lieu = f"{table}.{section}"
            par_lieu = {lieu: dict.fromkeys(dites, False) if section == "absentes" else dites}
            if section == "valeurs":
                par_lieu = {f"{lieu}.{colonne}": lues for colonne, lues in dites.items()}
            for chemin, corps in par_lieu.items():
                if corps:
                    lignes += [f"[{chemin}]", *(f"{toml(cle)} = {toml(dit)}" for cle, dit in corps.items()), ""]
    return "\n".join(lignes)
