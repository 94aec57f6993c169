"""A column whose values name several labels (« Public prioritaire » : DALO, accord collectif…). Which label each value
is, if any, is asked, and said in the section `publics` of a mapping: nothing is read from it before."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat import regles
from mel_core.contrat.colonnes import Table
from mel_core.contrat.lecture.brut import LectureTable, Lignes
from mel_core.contrat.lecture.table_lue import Constats
from mel_core.contrat.mapping import ENTRE, Mapping, est_personnelle, toml
from mel_core.contrat.reference import fold
from mel_core.contrat.tables import ETIQUETTES
from mel_core.socle.langue import liste

VALEURS_MAX = 20  # a column with more is another column
_MOTS = {
    "aci": r"\baci\b|accords? collectifs?",
    "dalo": r"\bdalo\b",
    "pdalhpd": r"\bpdalh?pd\b",
    "mutation_bloquee": r"mut(?:ations?|\.) (?:bloqu|complexe)",
    "npru": r"\bnpn?ru\b|\banru\b",
}
_EXCLUT = re.compile(r"\W*\b(?:hors|sauf|sans|hormis|non|excl\w*|except\w*)\b.*", re.IGNORECASE | re.DOTALL)
# Between the labels of one value; where it leaves one out (« ACI hors DALO/PDALHPD »), the first ones alone.
_ENTRE_LABELS, _ENTRE_SURS = re.compile(r"\s*[+;|&,/]\s*|\s+et\s+"), re.compile(r"\s*[+;]\s*")
_AUCUN = ("", "sans", "sansobjet", "aucun", "aucune", "non", "neant", "droitcommun")
_LABELS = re.compile("|".join(_MOTS.values()), re.IGNORECASE)


def included(entete: str) -> str:
    """A header without what it says to leave out (« ACI hors DALO »), if it names a label before."""
    reste = _EXCLUT.sub("", entete.replace("_", " "))
    return reste if _LABELS.search(reste) else entete


def _pieces(valeur: str) -> list[str]:
    """The words of a value that may each be a label (« DALO + ACI »)."""
    return [*filter(None, (_ENTRE_SURS if _EXCLUT.search(valeur) else _ENTRE_LABELS).split(valeur))]


def proposed(valeur: str) -> str | None:
    """The labels that the value, after its header, names, `|` between them; empty when it says that there is none."""
    dite = valeur.rpartition(ENTRE)[2]
    inclus = " + ".join(_EXCLUT.sub("", piece) for piece in _pieces(dite))
    nommes = [nom for nom in ETIQUETTES if re.search(_MOTS[nom], inclus, re.IGNORECASE)]
    return "|".join(nommes) or ("" if fold(dite) in _AUCUN else None)


def couvrante(entete: str) -> tuple[str, tuple[str, ...]]:
    """The label that a header names first, and the others that it names (« ACI (y c. DALO) », « DALO + ACI »), in the
    order of the contract, but those that it leaves out: one that names several is the label of whoever bears one."""
    inclus = included(entete)
    lieux = {nom: lu.start() for nom, mot in _MOTS.items() if (lu := re.search(mot, inclus, re.IGNORECASE))}
    premiere = min(lieux, key=lieux.__getitem__, default="")
    return premiere, tuple(nom for nom in lieux if nom != premiere)


def repondues(mapping: Mapping, table: str, entete: str) -> dict[str, frozenset[str]]:
    """Value of the column → the labels that an answer says it to be."""
    dites = ((*cle.partition(ENTRE)[::2], labels.split("|")) for cle, labels in mapping.publics.get(table, {}).items())
    return {valeur: frozenset(filter(None, labels)) for nom, valeur, labels in dites if fold(nom) == fold(entete)}


def with_publics(
    table: Table, lecture: LectureTable, rangs: dict[str, int], lignes: Lignes, mapping: Mapping, constats: Constats
) -> Lignes:
    """The rows with a column for each label that the answers find in another one, and their `rangs`; the values that
    nobody answered are asked about, and whether a label covers the others that its header names."""
    lus, manquants = set(rangs.values()), {nom for nom in ETIQUETTES if nom in table.noms and nom not in rangs}
    libres = {n: rang for rang, n in enumerate(lecture.entete) if n and rang not in lus and not est_personnelle(n)}
    colonnes = list(lignes.colonnes)
    for nom, rang in libres.items() if manquants else ():
        codes = pc.utf8_trim_whitespace(lignes.colonnes[rang]).dictionary_encode()
        valeurs, dites = codes.dictionary.to_pylist(), repondues(mapping, table.nom, nom)
        sues, (label, couvertes) = {*dites, *valeurs}, couvrante(nom)
        composees = {v: p for v in valeurs if v not in dites and len(p := _pieces(v)) > 1 and sues.issuperset(p)}
        restes = [v for v in valeurs if v and v not in dites and v not in composees]
        if dites or (len(restes) <= VALEURS_MAX and any(_LABELS.search(valeur) for valeur in restes)):
            for valeur in restes[:VALEURS_MAX]:
                regle = regles.PUBLIC_INCONNU if dites else regles.PUBLIC
                constats.report(
                    regle, nom, f"{nom}{ENTRE}{valeur}", dite=valeur, exemple=toml(proposed(valeur) or ETIQUETTES[0])
                )
        elif couvertes and label in manquants:
            dits, liste_toml = liste([f"« {c} »" for c in couvertes]), toml(couvertes)
            ou = lecture.ligne_entete
            constats.report(regles.ETIQUETTE_COUVRANTE, label, nom, ou, couvertes=dits, liste=liste_toml)
        # What is written of pieces that are answered is what each of them is.
        composees = {v: p for v, p in composees.items() if dites.keys() >= {*p}}
        dites |= {v: frozenset().union(*map(dites.__getitem__, p)) for v, p in composees.items()}
        for label in sorted(manquants & frozenset().union(*dites.values())):
            textes = ["" if not v else "oui" if label in dites.get(v, ()) else "non" for v in valeurs]
            rangs[label] = len(colonnes)
            colonnes.append(pa.array(textes, pa.string()).take(codes.indices))
    ajoutees = len(colonnes) - len(lignes.colonnes)
    return Lignes(lignes.numeros, colonnes, [*lignes.natifs, *[None] * ajoutees] if lignes.natifs else ())
