"""From files to a published snapshot: check, pseudonymise, build aside, switch. All or nothing."""

from __future__ import annotations

from collections import abc
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat.controle import check
from mel_core.contrat.correspondances import SANS, Reponses
from mel_core.contrat.lecture.brut import NUMERO_UNIQUE, PSEUDONYME, rename_pseudonyme
from mel_core.contrat.lecture.fichiers import Donne
from mel_core.contrat.mapping import ENTRE, Mapping
from mel_core.contrat.propositions import Posees, ask_all
from mel_core.contrat.questions import sans_reponse
from mel_core.contrat.rapport import BilanTable, Connues, Gravite, Jeu, Rapport, ResidenceConnue
from mel_core.contrat.tables import TABLES
from mel_core.entrepot import Chargement, Entrepot, Instantane, Portee, pertes
from mel_core.entrepot.coffre import Coffre, Pseudonymes
from mel_core.entrepot.pertes import AJOUTABLES, Perte, Pesee
from mel_core.entrepot.plausibilite import CouverturePrevue
from mel_core.entrepot.remplissage import read_declarees
from mel_core.objectifs import Parametres
from mel_core.objectifs.parametres import check_bailleurs
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect, DonneesRefusees, ErreurUtilisateur
from mel_core.socle.horloge import aujourd_hui
from mel_core.socle.periodes import Seance, step_back
from mel_core.socle.sql import blocs

NATURES = ("fictive", "reelle")

_SQL = blocs(__file__, "importation.sql")
PUBLICATIONS_COMPAREES = 3
_PORTEUSES = ("attributions", "residences", "evenements")  # tables whose rows bear codes of others
MOIS_GARDES = 12  # after a demande is struck off, nothing of it is kept any longer

Progres = Callable[[str, float], None]


@dataclass(frozen=True)
class Accord:
    """What somebody approved, per table: the rows left out (see `Rapport.ecartees`), and the loss as it was said."""

    ecartees: abc.Mapping[str, tuple[int, int]]
    pertes: abc.Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Controle:
    """What a check found, what it asks, what publishing its rows would take away, and what the bilan would know of
    them."""

    rapport: Rapport
    pertes: tuple[Perte, ...] = ()
    couvertures: tuple[CouverturePrevue, ...] = ()
    posees: Posees = field(default_factory=dict)

    @property
    def accord(self) -> Accord:
        """What there is to approve."""
        return Accord(self.rapport.ecartees, {p.table: p.dite for p in self.pertes})

    @property
    def a_approuver(self) -> dict[str, str]:
        """Table → what it would lose, in words, in the order of the files."""
        dites = dict(self.accord.pertes)
        for nom in self.rapport.ecartees:
            bilan = self.rapport.tables[nom]
            gardees = langue.effectif(bilan.gardees, "ligne gardée", "lignes gardées")
            ecartees = f"{say_ecartees(self.rapport.tables, nom)} : à laisser de côté"
            perte = f"{dites[nom]} ; " if nom in dites else ""
            dites[nom] = f"{perte}{ecartees} ({gardees} sur {langue.nombre(bilan.lues)})"
        return {nom: dites[nom] for nom in self.rapport.tables if nom in dites}

    @property
    def remede(self) -> str:
        """How many findings block the load, and what to do about them."""
        n = sum(a.gravite is Gravite.BLOQUANT for a in self.rapport.anomalies)
        autres = sans_reponse(self.rapport)
        suite = "répondre aux questions ci-dessous" if autres < n else "corriger, puis déposer de nouveau"
        if 0 < autres < n:
            suite += f" ; {langue.effectif(autres, 'autre est', 'autres sont')} à corriger dans les fichiers"
        return f"{langue.effectif(n, 'anomalie bloquante', 'anomalies bloquantes')} : {suite}."


class AccordPerime(ErreurUtilisateur):
    """What would be lost is no longer what was approved: the files, or what they refer to, changed meanwhile."""

    def __init__(self, controle: Controle) -> None:
        rapport = controle.rapport
        dits = [say_ecartees(rapport.tables, nom) for nom in rapport.ecartees] + [p.dite for p in controle.pertes]
        dit = " ; ".join(dits) or "aucune ligne écartée"
        super().__init__(
            f"Le contrôle ne laisse plus de côté ce qui a été approuvé ({dit}) : contrôler de nouveau, puis approuver."
        )
        self.controle = controle


def say_ecartees(tables: abc.Mapping[str, BilanTable], nom: str) -> str:
    """`24 doublons et 11 lignes rejetées dans « attributions »`."""
    bilan = tables[nom]
    morceaux = [
        langue.effectif(n, un, plusieurs)
        for n, un, plusieurs in (
            (bilan.doublons, "doublon", "doublons"),
            (bilan.rejetees, "ligne rejetée", "lignes rejetées"),
        )
        if n
    ]
    return f"{langue.liste(morceaux)} dans «{langue.INSECABLE}{nom}{langue.INSECABLE}»"


@dataclass(frozen=True)
class Importation:
    """Outcome: the report, and the snapshot served from now on (None when something blocking was found, or `pertes`
    that nobody accepted).

    `a_change` is false when the same content was already in service. `reprises`: the séances that had data of their own
    and are served by these from now on. `est_melee`: said fictitious, the load left real tables in place. `seance`: the
    only one served; empty for all.
    """

    rapport: Rapport
    instantane: Instantane | None
    a_change: bool
    reprises: tuple[str, ...] = ()
    pertes: tuple[Perte, ...] = ()
    est_melee: bool = False
    seance: str = ""
    couvertures: tuple[CouverturePrevue, ...] = ()

    def say(self, *, est_montre: bool = False) -> str:
        """Whether anything was published; and (`est_montre`) that whoever asks sees it from now on."""
        if not self.a_change:
            return "Ce jeu de données était déjà publié : rien n’a changé."
        return f"Jeu de données publié{' : les écrans le montrent dès maintenant' if est_montre else ''}."


A_REVOIR = "Le mapping a changé depuis ce contrôle : garder les réponses, ou contrôler de nouveau."
MELEE = (
    "Ces tables sont dites fictives et d’autres, en place, sont réelles : l’ensemble publié est dit réel ; donner "
    "toutes les tables pour publier des données fictives."
)


def say_reprises(seances: abc.Sequence[str]) -> str:
    """What a load for every séance does to those that had data of their own."""
    return (
        f"Ce jeu de données sert toutes les séances et remplace les données propres à {langue.liste(list(seances))} : "
        "les importer de nouveau avec --seance pour les leur rendre."
    )


def connues(
    entrepot: Entrepot, seance: Seance | None = None, base: Instantane | None = None, add: bool = False
) -> Connues:
    """What the store already knows, for the tables that a load does not bring, or (`add`) adds to."""
    if base is None:
        return Connues()
    with entrepot.open(Portee.mel(), seance) as lecteur:
        codes = {nom: frozenset(lecteur.query(_SQL[nom])["code"]) for nom in ("quartiers", "tables")}
        noms = dict(lecteur.query(_SQL["bailleurs"]).itertuples(index=False))
        residences = lecteur.query(_SQL["residences"]).fillna("")
        fiches = tuple(ResidenceConnue(*r) for r in residences.itertuples(index=False))
        codes |= {"bailleurs": frozenset(noms), "residences": frozenset(residences["code"])}
        pseudonymes = frozenset(lecteur.query(_SQL["demandes"])["code"])
        tenues = lecteur.query(_SQL["residences_chargees"])
    dits = tenues["declarees"].iloc[0] if len(tenues) and "declarees" in tenues else ()
    numeros = {(cle[0], cle[1]): code for dit, code in read_declarees(dits).items() if (cle := dit.split(ENTRE, 1))}

    def demandes(numeros: list[str]) -> list[bool]:
        return [p in pseudonymes for p in entrepot.pseudonymes().de(numeros)]

    def portes(table: str, remplacees: frozenset[str]) -> pa.Array:
        cle = list(TABLES[table].cle)
        autres = [nom for nom in _PORTEUSES if nom not in {table, *remplacees} and {*cle} <= {*TABLES[nom].noms}]
        with entrepot.open(Portee.mel(), seance) as lecteur:
            lus = (lecteur.query(_SQL["portes"], colonnes=cle, table=f"jeu.{nom}")["code"] for nom in autres)
            return pa.array(sorted(codes[table].intersection(chain.from_iterable(lus))), pa.string())

    return Connues(
        demandes=demandes,
        portes=portes,
        completees=frozenset(AJOUTABLES if add else ()),
        noms=noms,
        fiches=fiches,
        numeros=numeros,
        **codes,
    )


def import_files(
    chemins: Path | Sequence[Donne],
    entrepot: Entrepot,
    *,
    mapping: Mapping | None = None,
    reponses: Reponses = SANS,
    nature: str = "reelle",
    parametres: Path | None = None,
    check_parametres: Callable[[str, str], object] = Parametres.read,
    seance: Seance | None = None,
    aujourdhui: date | None = None,
    accord: Accord | None = None,
    accepter: Collection[str] = (),
    add: bool = False,
    progres: Progres | None = None,
) -> Importation:
    """Publish what is given, contract §1: a jeu de données (folder, zip or workbook), or several and files of any name
    given to a table. `mapping` and `reponses`: see `check`.

    `nature` says what the data are: real unless said fictitious. Without `seance` the snapshot serves every séance
    that is not frozen. `check_parametres` refuses the text of a file of `parametres`, called by its name. `add`:
    the rows of other bailleurs stay (`pertes.add`). `accord`: what somebody read and approved on screen; without it
    (the command line), `accepter` names the tables that may lose. Raises `AppelIncorrect` for a wrong call,
    `DonneesRefusees` for a frozen séance, `AccordPerime` when what is approved is not what would be lost; anything
    blocking in the files is in the report, and then nothing is published.
    """
    if nature not in NATURES:
        raise AppelIncorrect(f"La nature « {nature} » n’existe pas : choisir fictive ou reelle.")
    textes = (_read_parametres(parametres, check_parametres),) if parametres else ()
    with entrepot.reserve():
        base = base_de(entrepot, nature, seance)
        jeu = check(
            chemins,
            mapping=mapping,
            reponses=reponses,
            connues=connues(entrepot, seance, base, add),
            aujourdhui=aujourdhui,
            seance=seance,
            progres=progres,
        )
        if jeu.rapport.est_bloquant:
            return Importation(jeu.rapport, None, False)
        if parametres:
            check_bailleurs("".join(textes), parametres.name, jeu.rapport.bailleurs)
        _refuse_sans_bailleurs(jeu, entrepot.instantane(seance), base)
        chargement, pesee = _weigh(
            prepare(jeu, entrepot.pseudonymes(), nature, textes), jeu, entrepot, seance, base, add
        )
        controle = Controle(jeu.rapport, pesee.pertes, pesee.couvertures)
        if accord is not None and controle.accord != accord:
            raise AccordPerime(controle)
        refusees = () if accord is not None else tuple(p for p in pesee.pertes if p.table not in accepter)
        if refusees:
            return Importation(jeu.rapport, None, False, pertes=refusees, couvertures=pesee.couvertures)
        if progres:
            progres("Publication", 0.9)
        propres = entrepot.propres() if seance is None else {}
        instantane, a_change = entrepot.publish(chargement, seance, base)
        keep_numeros(jeu, chargement, entrepot, seance, aujourdhui)
        if progres:
            progres("Terminé", 1.0)
        reprises = tuple(s for s, servi in propres.items() if servi.identifiant != instantane.identifiant)
        est_melee = nature == "fictive" and instantane.nature != nature
        servie = str(seance or "")
        return Importation(
            jeu.rapport,
            instantane,
            a_change,
            reprises,
            est_melee=est_melee,
            seance=servie,
            couvertures=pesee.couvertures,
        )


def _weigh(
    chargement: Chargement, jeu: Jeu, entrepot: Entrepot, seance: Seance | None, base: Instantane | None, add: bool
) -> tuple[Chargement, Pesee]:
    """What is published, and what it takes away from `base`."""
    if base is None:
        return chargement, pertes.weigh(chargement, jeu.rapport, None)
    with entrepot.open(Portee.mel(), seance) as lecteur:
        complet = pertes.add(chargement, lecteur) if add else chargement
        return complet, pertes.weigh(complet, jeu.rapport, lecteur, entrepot.precedentes(base, PUBLICATIONS_COMPAREES))


def weigh(
    chemins: Path | Sequence[Donne],
    entrepot: Entrepot,
    *,
    mapping: Mapping | None = None,
    reponses: Reponses = SANS,
    nature: str = "reelle",
    progres: Progres | None = None,
    add: bool = False,
    refusees: abc.Set[abc.Hashable] = frozenset(),
) -> Controle:
    """The check of what is given, what it asks (`refusees`: see `ask_all`), and what publishing it would take away;
    nothing is published."""
    base = base_de(entrepot, nature, None)
    connu = connues(entrepot, None, base, add)

    def read(reponses: Reponses) -> Jeu:
        return check(chemins, mapping=mapping, reponses=reponses, connues=connu, progres=progres)

    jeu = read(reponses)
    posees = ask_all(jeu.rapport, lambda essai: read(essai).rapport, reponses, connu.noms.values(), refusees)
    if jeu.rapport.est_bloquant:
        return Controle(jeu.rapport, posees=posees)
    chargement = prepare(jeu, entrepot.pseudonymes(), nature)
    pesee = _weigh(chargement, jeu, entrepot, None, base, add)[1]
    return Controle(jeu.rapport, pesee.pertes, pesee.couvertures, posees)


def keep_numeros(
    jeu: Jeu,
    chargement: Chargement,
    entrepot: Entrepot,
    seance: Seance | None = None,
    aujourdhui: date | None = None,
) -> tuple[int, int]:
    """Seal the numéros uniques of the demandes in the vault: how many were added, how many erased.

    `chargement` is what `prepare` made of `jeu`: its demandes are the same rows, under their pseudonyms. A demande
    struck off for over a year is not kept. A load that serves every séance erases those that it does not bring any
    more; that of one séance adds to them. Done again at the next load if the process dies before.
    """
    demandes = jeu.tables.get("demandes")
    if demandes is None:
        return 0, 0
    limite = step_back(aujourdhui or aujourd_hui(), MOIS_GARDES)
    active = pc.fill_null(pc.equal(demandes["etat"], "ACTIVE"), False)
    gardee = pc.or_(active, pc.fill_null(pc.greater(demandes["date_radiation"], limite), True))
    pseudonymes = chargement.tables["demandes"][PSEUDONYME]
    numeros = dict(zip(*(c.filter(gardee).to_pylist() for c in (pseudonymes, demandes[NUMERO_UNIQUE])), strict=True))
    coffre = Coffre(entrepot.dossier)
    return coffre.keep(numeros), coffre.keep_seulement(numeros) if seance is None else 0


def base_de(entrepot: Entrepot, nature: str, seance: Seance | None) -> Instantane | None:
    """The snapshot whose other tables a load keeps. Real data never complete themselves with demonstration tables."""
    base = entrepot.instantane(seance)
    return None if base is not None and nature == "reelle" and base.nature == "fictive" else base


def _refuse_sans_bailleurs(jeu: Jeu, servi: Instantane | None, base: Instantane | None) -> None:
    """Real data that lean on the demonstration's bailleurs would lose every row, and the tables that they leave out."""
    if servi is None or base is not None or "bailleurs" in jeu.tables:
        return
    if orphelines := [t for t in ("residences", "attributions") if t in jeu.tables]:
        raise DonneesRefusees(
            "Les données en place sont fictives et des données réelles ne les complètent pas, or « "
            f"{orphelines[0]} » est donnée sans « bailleurs » : donner toutes les tables, ou dire que celles-ci sont "
            "fictives (--nature fictive)."
        )


def _read_parametres(chemin: Path, check_parametres: Callable[[str, str], object]) -> str:
    try:
        texte = chemin.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise AppelIncorrect(
            f"Le fichier de paramètres « {chemin.name} » ne se lit pas : vérifier son chemin et son encodage (UTF-8)."
        ) from None
    check_parametres(texte, chemin.name)
    return texte


def prepare(jeu: Jeu, pseudonymes: Pseudonymes, nature: str, parametres: tuple[str, ...] = ()) -> Chargement:
    """What the store is given: no numéro unique goes further."""
    remplaces = _remplaces(jeu, pseudonymes)
    tables = {nom: _pseudonymise(table, *remplaces) for nom, table in jeu.tables.items()}
    presentes = {
        nom: frozenset(PSEUDONYME if c == NUMERO_UNIQUE else c for c in TABLES[nom].noms if c in lues)
        for nom, lues in jeu.colonnes_presentes.items()
        if nom in tables
    }
    return Chargement(tables, presentes, nature, parametres, jeu.declarees)


def _remplaces(jeu: Jeu, pseudonymes: Pseudonymes) -> tuple[pa.Array, pa.Array]:
    """The numéros uniques of all tables, each once, and their pseudonyms: a household is in several tables."""
    colonnes = [t[NUMERO_UNIQUE] for t in jeu.tables.values() if NUMERO_UNIQUE in t.column_names]
    numeros = pa.chunked_array([m for c in colonnes for m in c.chunks], pa.string()).unique()
    return numeros, pa.array(pseudonymes.de(numeros.to_pylist()), pa.string())


def _pseudonymise(table: pa.Table, numeros: pa.Array, remplaces: pa.Array) -> pa.Table:
    if NUMERO_UNIQUE not in table.column_names:
        return table
    place = table.column_names.index(NUMERO_UNIQUE)
    colonne = table.column(place).combine_chunks()
    remplacee = remplaces.take(pc.index_in(colonne, value_set=numeros))
    return rename_pseudonyme(table.set_column(place, NUMERO_UNIQUE, remplacee))
