"""All that a check asks at once, and the answer proposed where one is clear.

What comes only once another answer is given (the codes of a column that no header matched) is looked for under the
answers proposed. A proposal is shown ticked and somebody confirms it: no file is read by it before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence, Set
from collections.abc import Mapping as Correspondance
from dataclasses import replace
from datetime import date
from itertools import chain, groupby
from operator import attrgetter

from mel_core.contrat import publics
from mel_core.contrat.coherence import OCCUPANTS
from mel_core.contrat.colonnes import Colonne, Type
from mel_core.contrat.correspondances import Reponses, livres
from mel_core.contrat.entites import closest
from mel_core.contrat.explications import libelles
from mel_core.contrat.lecture.brut import NUMERO_UNIQUE
from mel_core.contrat.lecture.cellules import SEPARATEURS, EtatCellule, column_of, lecteur, read_commune
from mel_core.contrat.lecture.fichiers import DANS
from mel_core.contrat.mapping import (
    ANNEES,
    BAILLEURS,
    CODE_BAILLEUR,
    COMMUNE,
    DE_2000,
    ENTRE,
    LISTES,
    MEMES,
    NOMS,
    PUBLICS,
    SEPAREE,
    names,
    undated,
    words,
)
from mel_core.contrat.questions import (
    AUCUNE,
    COUVRANTE,
    INCONNU,
    NON,
    OUI,
    SEUL,
    Question,
    answer_par_source,
    facultatives,
    inconnus,
    questions,
)
from mel_core.contrat.rapport import ColonneLue, Rapport
from mel_core.contrat.reference import bureaux, codes_par_nom, communes, fold, iris
from mel_core.contrat.ressemblances import means, meant, nearest
from mel_core.contrat.tables import ETIQUETTES, SANS_LOGEMENTS, TABLES
from mel_core.contrat.valeurs import read_booleen, split_rang

TOURS_MAX = 4  # of proposals, each read under those before
_COCHES, _TIRETS = frozenset(("x", "v", "ok", "✓", "✔", "☑")), frozenset("-–—")  # ticked, or not
_PARENTHESE = re.compile(r"\s*\([^)]*\)")  # « Actif (emploi ou recherche) »
_EST_NUMERO = re.compile(r"n[°º]|num[ée]ro|code", re.IGNORECASE)
# Beginnings of words by which a file is named after what its rows are.
_MOTS_DE_FICHIER = {
    "ACTIVE": ("activ",),
    "RADIEE": ("radi",),
    "PASSAGE_CAL": ("cal ", "caleol", "commission"),
    "PROPOSITION": ("proposition",),
    "VISITE": ("visite",),
    "REFUS_DEMANDEUR": ("refus",),
    "DESISTEMENT": ("desistement",),
}
# Dates that are neither of a lease, of an event nor of a demande.
_AUTRES_DATES = re.compile("fin|naissance|sortie|cong|preavis|edit|extract|renouv|echeance|maj|radi", re.IGNORECASE)
_EST_DATE = re.compile(r"\d+[/-]\d\d[/-]\d")
_REFERENCE = re.compile(r"[\w/.-]*\d[\w/.-]*")  # what a key looks like
_MASQUE = re.compile(".{3}….{2}")  # a numéro unique, as it is shown
_N_OCCUPANTS = 2  # columns of occupants that make a survey of them
_SANS_MOTS = {Type.DATE, Type.MOIS, Type.ENTIER, Type.NOMBRE}

_DU_FICHIER = attrgetter("source", "table", "fichier")

Posees = dict[Question, str | None]  # each with the answer proposed, if one is clear


def gather(posees: Posees) -> list[tuple[Question, ...]]:
    """The questions to which one answer holds, together."""
    groupes: dict[Hashable, list[Question]] = {}
    for q, proposition in posees.items():
        groupes.setdefault(sens_de(q, proposition), []).append(q)
    return list(map(tuple, groupes.values()))


def is_of_file(q: Question, proposition: str | None = None) -> bool:
    """Whether the answer may be about one file, whatever the others of its source: its one bailleur, its one state."""
    return q.est_du_fichier and (proposition is None or proposition.startswith(SEUL))


def sens_de(q: Question, proposition: str | None = None) -> Hashable:
    """What makes one answer hold for several questions: a word of a closed list means the same in every file; a column,
    and what reads two ways, are those of a source."""
    if not q.valeur or q.section or q.couvertes:  # an empty cell is what it is in its file alone
        if q.section in (MEMES, NOMS, PUBLICS):
            return q.section, q.valeur
        if q.options == ANNEES:  # of which each file shows its first one
            return q.table, q.colonne, q.section, q.source
        if not is_of_file(q, proposition):
            return q.table, q.colonne, q.valeur, q.source
        classeur, feuille = _whole(q.fichier)
        if proposition:  # no header, which others may not have
            return q.colonne, classeur, proposition
        return q.table, q.colonne, q.source, classeur, feuille
    colonne = "label" if q.colonne in ETIQUETTES else q.colonne
    return colonne, fold(q.valeur), q.options


def _whole(fichier: str) -> tuple[str, str]:
    """The file that one answer is about, and the sheet, without their periods: sheets called « T1 » and « T2 », or
    « Feuil1 » and « Feuil2 », are of one; those called after bailleurs are not."""
    classeur, est_feuille, feuille = fichier.partition(DANS)
    if not est_feuille or classeur.lower().endswith(".zip"):
        return undated(fichier), ""
    return undated(classeur), re.sub("[0-9]", "", undated(feuille))


def ask_all(
    rapport: Rapport,
    read: Callable[[Reponses], Rapport],
    gardees: Reponses,
    noms: Iterable[str],
    refusees: Set[Hashable] = frozenset(),
) -> Posees:
    """The questions of `rapport`, those that stop the load first, and those of the same files once read (`read`) with
    the answers proposed over `gardees`. `noms`: the bailleurs known. `refusees`: `sens_de` what is not proposed."""
    posees: dict[Hashable, tuple[Question, str | None]] = {}
    essai, connus = gardees, {*noms, *(nom for m in gardees.mappings for nom in m.noms.values())}
    for _ in range(TOURS_MAX):
        toutes = (*questions(rapport), *(sans_nom := inconnus(rapport)), *facultatives(rapport))
        connus.update(rapport.bailleurs.values(), filter(_is_name, (q.valeur or "" for q in sans_nom)))
        siennes: dict[Hashable, Question] = {
            (sens_de(q), q.source, q.table, q.colonne, q.fichier if q.est_du_fichier else ""): q
            for q in reversed(toutes)
        }
        # An answer proposed may leave nothing to ask of another: no résidence is in a survey of their occupants.
        # It leaves fewer headers to the others, too.
        posees = {
            c: (siennes.get(c, q), p)
            for c, (q, p) in posees.items()
            if p is not None or q.section == NOMS or c in siennes
        }
        # Whose a file is may be said by its name once another file, read by what is proposed, names its bailleur.
        # So may which column is one that a file must have, once the others have theirs.
        sans_reponse = {
            cle
            for cle, (q, p) in posees.items()
            if p is None and (q.est_du_fichier or (q.est_de_colonne and not q.est_facultative))
        }
        nouvelles = {cle: siennes[cle] for cle in reversed(siennes) if cle not in posees or cle in sans_reponse}
        dites = _propose([q for q in nouvelles.values() if sens_de(q) not in refusees], rapport, gardees, connus)
        posees |= {cle: (q, dites.get(q)) for cle, q in nouvelles.items()}
        # What is a column is no other's label, whatever its values name (« Préfecture DALO »).
        prises = {(q.source, p) for q, p in posees.values() if q.valeur is None and p}
        posees = {
            cle: (q, p)
            for cle, (q, p) in posees.items()
            if q.section != PUBLICS or (q.source, (q.valeur or "").partition(ENTRE)[0]) not in prises
        }
        dites = {q: p for q, p in dites.items() if (q, p) in posees.values()}
        if not dites:
            break
        # Without their names, the rows of a bailleur say nothing of what else they would ask.
        nommes = {q: q.valeur or "" for q in nouvelles.values() if q.section == NOMS}
        essai = essai.with_reponses(answer_par_source({**nommes, **dites}))
        rapport = read(essai)
    return dict(posees.values())


def _propose(
    posees: Sequence[Question], rapport: Rapport, gardees: Reponses, noms: Collection[str]
) -> dict[Question, str]:
    dites: dict[Question, str] = {}
    colonnes = [q for q in posees if q.valeur is None and not q.section]
    for q in posees:
        if q.couvertes:
            dites[q] = COUVRANTE  # its header says so
        elif q.options == ANNEES:
            dites[q] = DE_2000
        elif q.options == LISTES and not codes_par_nom().keys().isdisjoint(
            map(fold, SEPARATEURS.split(q.valeur or ""))
        ):
            dites[q] = SEPAREE
        elif q.section in (MEMES, NOMS) and (unique := _only(q)):
            dites[q] = unique
        elif q.section == PUBLICS and (labels := publics.proposed(q.valeur or "")) is not None:
            dites[q] = labels
        elif q.section == NOMS and not q.options and q.valeur and _is_name(q.valeur):
            dites[q] = _whole_name(q.valeur, noms)  # in place of a code
        elif (
            q.valeur is not None
            and not q.section
            and (dite := meant(split_rang(q.valeur)[0] if q.colonne == "decision" else q.valeur, _mots(q, gardees)))
            is not None
        ):
            dites[q] = dite
    for _, groupe in groupby(sorted(colonnes, key=_DU_FICHIER), _DU_FICHIER):
        siennes = {q.colonne: q for q in groupe}
        trouvees = _colonnes(siennes, rapport, gardees)
        trouvees |= _by_values({c: q for c, q in siennes.items() if c not in trouvees}, trouvees, rapport, gardees)
        sans = siennes.get(SANS_LOGEMENTS[1])
        if sans and AUCUNE in sans.options and len(trouvees.keys() & OCCUPANTS) >= _N_OCCUPANTS:
            trouvees.setdefault(sans.colonne, AUCUNE)
        for q in siennes.values():
            if q.est_du_fichier and len(dits := _said_by_name(q, noms)) == 1:
                trouvees.setdefault(q.colonne, f"{SEUL}{dits[0]}")
        dites |= {siennes[colonne]: reponse for colonne, reponse in trouvees.items()}
    return dites


def _is_name(dit: str) -> bool:
    """Whether it may be the name of a bailleur, and not a code of it."""
    return not any(c.isdigit() for c in dit)


def _whole_name(dit: str, noms: Iterable[str]) -> str:
    """The one name that it shortens (« LMH »), else itself."""
    entiers = {fold(nom): nom for nom in noms if len(fold(nom)) > len(fold(dit)) and names(dit, nom)}
    return next(iter(entiers.values())) if len(entiers) == 1 else dit


def _said_by_name(q: Question, noms: Collection[str]) -> list[str]:
    """What the name of its file says of all its rows: bailleurs among `noms`, communes that none of them is named
    after, codes."""
    bailleurs = [nom for nom in noms if names(q.fichier, nom)]
    if q.colonne == CODE_BAILLEUR:
        return [*{fold(entier): entier for nom in bailleurs if (entier := _whole_name(nom, bailleurs))}.values()]
    dits = f" {' '.join(words(q.fichier))} "
    if q.colonne == COMMUNE:
        restes = [commune.nom for commune in communes().values() if f" {' '.join(words(commune.nom))} " in dits]
        plus_longs = [*map(fold, (*bailleurs, *restes))]  # « Marquette-lez-Lille », « Lille Habitat » do not say Lille
        return [nom for nom in restes if not any(fold(nom) in autre and fold(nom) != autre for autre in plus_longs)]
    codes = [o.removeprefix(SEUL) for o in q.options if o.startswith(SEUL)]
    for ou in (f" {' '.join(words(q.fichier.partition(DANS)[2]))} ", dits):  # a sheet, before its workbook
        if siens := [code for code in codes if any(f" {mot}" in ou for mot in _MOTS_DE_FICHIER.get(code, ()))]:
            return siens
    return []


def _only(q: Question) -> str:
    """The one name that is proposed, or that is whole in what is written; empty when none or several are."""
    noms, dite = [nom for nom in q.options if nom], (q.valeur or "").rpartition(ENTRE)[2]
    if q.section == MEMES and (nom := closest(dite, noms)):
        return nom
    siens = noms if len(noms) == 1 else [nom for nom in noms if names(dite, nom)]
    return siens[0] if len(siens) == 1 else ""


def _colonnes(posees: Correspondance[str, Question], rapport: Rapport, gardees: Reponses) -> dict[str, str]:
    """Column asked → the header that is clearly its own: nearest to it of all the columns that the file lacks, and
    whose values can be its values; of two written alike, the one that says a number (« N° programme »), which tells a
    résidence better than the name that is written most like it."""
    une = next(iter(posees.values()))
    table, lues = TABLES[une.table], rapport.colonnes.get(une.fichier, ())
    ecritures = {nom: written_as(une.table, nom, gardees) for nom in table.noms if nom not in {c.lue for c in lues}}
    trouvees: dict[str, tuple[bool, float, bool, str]] = {}
    for lue in lues:
        possibles = {nom: siennes for nom, siennes in ecritures.items() if _se_lit(table.colonne(nom), lue.exemples)}
        dit = publics.included(lue.entete)
        if lue.lue or not (proche := nearest(dit, possibles) or nearest(_PARENTHESE.sub("", dit), possibles)):
            continue
        nom, note = proche
        nom = column_of(table, nom, lue.exemples) or nom
        if nom in posees and lue.entete in posees[nom].options:
            est_numero = _EST_NUMERO.match(lue.entete) is not None
            trouvee = (est_numero and nom == "code_residence", note, est_numero, lue.entete)
            trouvees[nom] = max(trouvees.get(nom, (False, 0.0, False, "")), trouvee)
    return {nom: entete for nom, (*_, entete) in trouvees.items()}


def _by_values(
    posees: Correspondance[str, Question], trouvees: dict[str, str], rapport: Rapport, gardees: Reponses
) -> dict[str, str]:
    """Column asked that stops the load, or that has a list → the header left that alone has its values, for most of
    those shown, where no other column asked may."""
    dites: dict[str, str] = {}
    for nom, q in posees.items():
        colonne, libres = TABLES[q.table].colonne(nom), set(q.options).difference(trouvees.values())
        lues = rapport.colonnes.get(q.fichier, ())
        siens = [
            c.entete
            for c in lues
            if c.entete in libres and 2 * sum(_is_value(e, colonne, q, gardees) for e in c.exemples) > len(c.exemples)
        ]
        if colonne.type is Type.DATE and not q.est_facultative:
            siens = _last([c for c in lues if c.entete in libres and not _AUTRES_DATES.search(fold(c.entete))], colonne)
        elif (nom,) == TABLES[q.table].cle and not q.est_facultative:  # a table begins by it
            siens = [c.entete for c in lues[:1] if c.entete in libres and all(map(_REFERENCE.fullmatch, c.exemples))]
        if len(siens) == 1 and (colonne.type is Type.CODE or not q.est_facultative):
            dites[nom] = siens[0]
    fois = Counter(dites.values())
    return {nom: entete for nom, entete in dites.items() if fois[entete] == 1}


def _last(lues: Iterable[ColonneLue], colonne: Colonne) -> list[str]:
    """Of the headers whose values are dates, the one whose are after those of the others: a lease is signed after its
    demande. None where they mix."""
    read = lecteur(replace(colonne, est_de_2000=True), date.max)
    datees = {c.entete: [read(e)[0] for e in c.exemples if read(e)[1] is EtatCellule.VALIDE] for c in lues}
    bornes = sorted((min(dites), max(dites), entete) for entete, dites in datees.items() if dites)
    est_sure = len(bornes) == 1 or (len(bornes) > 1 and max(fin for _, fin, _ in bornes[:-1]) < bornes[-1][0])
    return [bornes[-1][2]] if est_sure else []


def _is_value(exemple: str, colonne: Colonne, q: Question, gardees: Reponses) -> bool:
    """Whether it is what few columns hold: a commune, an IRIS, a numéro unique, a word of a closed list."""
    if colonne.est_commune:
        return read_commune(exemple) in communes()
    if colonne.nom == "code_quartier":
        return exemple in iris()
    if colonne.nom == NUMERO_UNIQUE:
        return _MASQUE.fullmatch(exemple) is not None
    if exemple.isdigit() and any(map(str.isalpha, colonne.valeurs)):
        return False  # a count may be written like a code of RPLS
    options = colonne.valeurs
    if colonne.type is Type.BOOLEEN and exemple.casefold() not in _COCHES | _TIRETS and read_booleen(exemple) is None:
        options = (OUI, NON)  # in words that few columns hold (« Hors parc social »)
    return means(exemple, _mots(replace(q, valeur=exemple, options=options), gardees)) is not None


def _se_lit(colonne: Colonne, exemples: Sequence[str]) -> bool:
    """Whether one of the values is a value of the column; words may have a meaning."""
    read = lecteur(colonne, date.max)
    if colonne.type is Type.CODE and any(map(str.isalpha, colonne.valeurs)):
        return not any(re.search("[0-9]{4}", e) for e in exemples)
    if colonne.type is Type.BOOLEEN:
        return not any(re.search("[0-9]{2}", e) for e in exemples)
    if colonne.nom == "categorie_menage":  # « Catégorie de ressources » may be in words
        return not exemples or any(e[:1] in colonne.valeurs for e in exemples)
    if colonne.type is Type.IDENTIFIANT:
        return not any(map(_EST_DATE.match, exemples))
    if colonne.nom in ("code_quartier", "code_qpv"):  # « quartier IRIS » may be its name
        return not exemples or any(re.search("[0-9]{4}", e) for e in exemples)
    lisibles = (EtatCellule.VALIDE, EtatCellule.AMBIGUE, EtatCellule.COURTE)
    return colonne.type not in _SANS_MOTS or not exemples or any(read(e)[1] in lisibles for e in exemples)


def _mots(q: Question, gardees: Reponses) -> dict[str, list[str]]:
    """Possible answer → how it is written."""
    if q.options == (INCONNU,):
        return {INCONNU: [q.valeur or ""]}  # a word where a number is awaited, which a row can do without
    if OUI in q.options and (q.valeur or "").casefold() in _COCHES | _TIRETS:
        return {OUI if (q.valeur or "").casefold() in _COCHES else NON: [q.valeur or ""]}
    ecrits = {code: [code, libelles(q.colonne).get(code, code)] for code in q.options if code}
    siens = [m.valeurs_de(t, q.colonne) for m in (*gardees.mappings, *livres()) for t in TABLES]
    for texte, code in chain.from_iterable(v.items() for v in (*siens, bureaux()["valeurs"].get(q.colonne, {}))):
        if code in ecrits:
            ecrits[code].append(texte)
    return ecrits


def written_as(table: str, colonne: str, gardees: Reponses) -> list[str]:
    """How a column is written, by the answers kept, by offices, by the mappings shipped."""
    dits = [m.colonnes.get(table, {}).get(colonne, "") for m in (*gardees.mappings, *livres())]
    ecrits = bureaux()["colonnes"]
    generale = "date_creation_demande" if colonne == "date_creation" else colonne  # as other tables call it
    if table == BAILLEURS:  # whose name the other tables write in its place
        generale = ""
    return [colonne, *filter(None, dits), *ecrits.get(table, {}).get(colonne, ()), *ecrits.get(generale, ())]
