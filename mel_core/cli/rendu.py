"""What a command leaves: its report or its answer, as JSON or as a text to read; and a line of the journal.

The command line acts as `copilote`, and is audited (contract §6): who asked what, never a pseudonym nor a path.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from mel_core.cli.analyse import SALLE, Lue, say_servi
from mel_core.contrat.mapping import toml
from mel_core.contrat.questions import is_mot, sens
from mel_core.contrat.rapport import Anomalie, BilanTable, Gravite, Rapport
from mel_core.contrat.regles import LIGNE_A_PART, MODELE
from mel_core.entrepot import Instantane
from mel_core.entrepot.plausibilite import SUES, CouverturePrevue
from mel_core.indicateurs.besoins import Manque
from mel_core.journal import Auteur, Journal, nouvel_identifiant, nouvel_op_id
from mel_core.journal.fiches import au_mieux
from mel_core.segments import SegmentLibre
from mel_core.socle import langue
from mel_core.socle.appellations import VERSION
from mel_core.socle.durable import write_whole
from mel_core.socle.erreurs import ErreurUtilisateur, cause
from mel_core.socle.tableur import en_csv, lignes
from mel_core.socle.valeurs import Compte

_ANOMALIES_AFFICHEES = 50


def en_json(contenu: Any) -> str:
    return json.dumps(contenu, ensure_ascii=False, allow_nan=False)


def texte(contenu: pd.DataFrame | str, format_: str) -> str:
    """A table as `--format` asks: csv, or one JSON list of its rows."""
    if isinstance(contenu, str):
        return contenu
    return en_csv(contenu) if format_ == "csv" else en_json(lignes(contenu)) + "\n"


def give(reponse: Lue | pd.DataFrame | str, options: argparse.Namespace) -> None:
    """Print what was read, or write it where `--sortie` says, whole or not at all, with what it is an answer to."""
    sortie = getattr(options, "sortie", None)
    lue = reponse.contenu if isinstance(reponse, Lue) else reponse
    dit = texte(lue, getattr(options, "format", "json"))
    if sortie is None or not isinstance(reponse, Lue):
        print(dit, end="", flush=True)
        return
    try:
        write_whole(sortie, _stamp(dit, reponse.servi, options).encode())
    except OSError as erreur:
        raise ErreurUtilisateur(
            f"« {sortie} » n’est pas écrit ({cause(erreur)}) : faire de la place, ou donner un autre fichier à "
            "--sortie."
        ) from None


def _stamp(dit: str, servi: Instantane, options: argparse.Namespace) -> str:
    """JSON: under `reponse`, beside `tampon`; CSV and text: under lines that begin with #."""
    tampon = {
        "donnees": say_servi(servi),
        "demande": f"{options.commande} {en_json(_demande(options))}",
        "extrait_le": langue.instant(datetime.now(UTC)),
        "extrait_par": auteur().nom,
        "version": VERSION,
    }
    if options.format == "json":
        return f'{{"tampon": {en_json(tampon)}, "reponse": {dit.rstrip()}}}\n'
    return "".join(f"# {cle} : {valeur}\n" for cle, valeur in tampon.items()) + dit


def say_comptes(table: pd.DataFrame, audience: str, absents: Sequence[Manque]) -> pd.DataFrame:
    """The same rows, each `Compte` as it is said, null when it is not; for a room, `masque` says where one is not; the
    columns that no file had, where some are `absents`."""
    masques = [any(isinstance(v, Compte) and v.est_tu for v in ligne) for ligne in table.itertuples(index=False)]
    dites = {
        nom: pd.Series([v.dit if isinstance(v, Compte) else v for v in valeurs], valeurs.index, dtype=object)
        for nom, valeurs in table.items()
        if any(isinstance(v, Compte) for v in valeurs)
    }
    sans = {"colonnes_absentes": join_colonnes(absents)} if absents else {}
    return table.assign(**dites, **({"masque": masques} if audience == SALLE else {}), **sans)


def join_colonnes(absents: Iterable[Manque]) -> str:
    """The columns that no file had, each once."""
    return "|".join(dict.fromkeys(c for m in absents for c in m.colonnes))


def rapport_en_texte(rapport: Rapport) -> str:
    """The report for a person: tables, then what blocks and what is rejected row by row, then warnings by kind."""
    return "\n".join([*reconciliation(rapport), *_une_a_une(rapport), *_avertissements(rapport)])


def say_couverture(couvertures: Sequence[CouverturePrevue]) -> str:
    """What the bilan would know: of all, then of each bailleur."""
    lignes = []
    for couverture in couvertures:
        n = langue.effectif(couverture.n, "attribution")
        sues = langue.liste([f"{dit} à {couverture.dite(cle)}" for cle, dit in SUES.items()])
        lignes.append(f"{couverture.bailleur or 'Tous les bailleurs'}, {n} de 12 mois au plus : {sues}.")
    return "\n".join(lignes)


def reconciliation(rapport: Rapport) -> list[str]:
    """One line per table: rows in = kept + rejected + duplicates."""
    return [
        f"{nom} : {langue.effectif(b.lues, 'ligne lue', 'lignes lues')} = {langue.effectif(b.gardees, 'gardée')} "
        f"+ {langue.effectif(b.rejetees, 'rejetée')} + {langue.effectif(b.doublons, 'doublon')} "
        f"({langue.effectif(b.avertissements, 'avertissement')}{_mises_a_part(b)})"
        for nom, b in rapport.tables.items()
    ]


def _mises_a_part(bilan: BilanTable) -> str:
    if not bilan.mises_a_part:
        return ""
    dites = langue.effectif(bilan.mises_a_part, "ligne de titre ou de total", "lignes de titre ou de total")
    return f" ; hors des lignes lues, {dites}"


def _une_a_une(rapport: Rapport) -> list[str]:
    """What blocks, one by one, then the rejected rows: those that a same value of a column rejects are one line."""

    def cle(a: Anomalie) -> object:
        est_seule = a.gravite is Gravite.BLOQUANT or a.valeur is None
        return id(a) if est_seule else (a.fichier, a.colonne, a.regle, a.message)

    graves = [a for g in (Gravite.BLOQUANT, Gravite.REJET) for a in rapport.anomalies if a.gravite is g]
    groupes = _group(graves, cle)
    dites = [_say_ensemble(memes, _say(memes[0])) for memes in groupes[:_ANOMALIES_AFFICHEES]]
    reste = sum(map(len, groupes[_ANOMALIES_AFFICHEES:]))
    return [*dites, f"… et {reste} autres : les obtenir toutes avec --json."] if reste else dites


def _group(anomalies: Iterable[Anomalie], cle: Callable[[Anomalie], object]) -> list[list[Anomalie]]:
    groupes: dict[object, list[Anomalie]] = {}
    for a in anomalies:
        groupes.setdefault(cle(a), []).append(a)
    return list(groupes.values())


def _say_ensemble(memes: list[Anomalie], phrase: str) -> str:
    """Where the first one is, and how many there are."""
    a, reste = memes[0], len(memes) - 1
    lieu = ", ".join(x for x in (a.fichier, f"ligne {a.ligne}" if a.ligne else "", a.colonne or "") if x)
    autres = f" (et {langue.effectif(reste, 'autre ligne', 'autres lignes')})" if reste else ""
    return f"[{a.gravite}] {lieu}{autres} : {phrase}"


def _say(a: Anomalie) -> str:
    if not is_mot(a):
        return a.message
    mot = toml(a.valeur)
    lus = " ou ".join(f'{mot} = "{lu}"' for lu in sens(a))
    return f"{a.message.removesuffix('.')}, ou dans le mapping, sous [{a.table}.valeurs.{a.colonne}], {lus}."


def _avertissements(rapport: Rapport) -> list[str]:
    """One line per file, column and rule: how many, and the first; one for each sentence on how the files were read."""
    dites = (a for a in rapport.anomalies if a.gravite is Gravite.AVERTISSEMENT)
    # The files of the SNE hold one demande each: a line for each would be ten thousand.
    groupes = _group(dites, lambda a: (a.fichier.lower().endswith(".xml") or a.fichier, a.colonne, _objet(a)))
    return [_say_ensemble(memes, memes[0].message) for memes in groupes]


def _objet(a: Anomalie) -> str:
    if a.regle == LIGNE_A_PART.nom:  # titles, totals and notes apart
        return a.message.replace(a.valeur or "", "", 1)
    return a.message if a.regle == MODELE.nom else a.regle


OBJET = "audit"
_TUS = frozenset({"commande", "dossier_donnees", "compte", "sortie"})
_ECART_D_HORLOGE = timedelta(minutes=1)


def note_commande(options: argparse.Namespace, *, est_une_lecture: bool = True) -> None:
    """Note a command that was answered: its name and what it was asked. Raises `ErreurUtilisateur` when the journal
    can't have a reading, which is then not given; what was done is told all the same."""
    if options.commande == "segment" and options.format == "csv" and not options.par:
        return  # `note_liste` noted it
    trace = {"geste": "commande", "titre": options.commande, "filtres": _demande(options)}
    if est_une_lecture:
        _note_lecture(options, trace)
    else:
        au_journal(options, "Cette commande", lambda journal, auteur: _note(journal, auteur, trace))


def _demande(options: argparse.Namespace) -> dict[str, str | int | bool]:
    return {cle: simple for cle, valeur in vars(options).items() if cle not in _TUS and (simple := _simple(valeur))}


def note_liste(options: argparse.Namespace, n: int) -> None:
    """Note who takes a list of `n` lines, before it is given: as `note_commande`."""
    demande = {c: _simple(getattr(options, c)) for c in ("mois", "n_min", "fenetre", "conditions", "ici")}
    trace = {"geste": "liste", "titre": options.nom, "date": options.date.isoformat(), "n": n, "filtres": demande}
    _note_lecture(options, trace)


def _note_lecture(options: argparse.Namespace, trace: Mapping[str, Any]) -> None:
    try:
        journal = Journal.du_dossier(options.dossier_donnees)
        _say_horloge(journal)
        _note(journal, auteur(), trace)
    except ErreurUtilisateur as erreur:
        phrase = str(erreur)
        raise ErreurUtilisateur(f"Rien n’est donné sans trace au journal : {phrase[0].lower()}{phrase[1:]}") from None


def _note(journal: Journal, auteur: Auteur, trace: Mapping[str, Any]) -> object:
    return journal.write(OBJET, nouvel_identifiant(), trace, auteur, nouvel_op_id())


def _say_horloge(journal: Journal) -> None:
    """The clock of the machine went back since the last write: dates are false, then or now."""
    derniere = next(iter(journal.ecritures(1)), None)
    if derniere and derniere.instant - datetime.now(UTC) > _ECART_D_HORLOGE:
        print(
            f"L’horloge de cette machine a reculé, la dernière écriture du journal est du "
            f"{langue.instant(derniere.instant)} : la remettre à l’heure, ou le dire à la MEL.",
            file=sys.stderr,
        )


def require_journal(options: argparse.Namespace, sinon: str = "") -> Journal:
    """The journal of the store; `sinon`: what can be done instead where there is none."""
    if not Journal.existe(options.dossier_donnees):
        raise ErreurUtilisateur(
            f"Le dossier {options.dossier_donnees} n’a pas de journal : donner celui des données à --dossier-donnees"
            f"{sinon}."
        )
    return Journal.du_dossier(options.dossier_donnees)


def au_journal(options: argparse.Namespace, quoi: str, write: Callable[[Journal, Auteur], object]) -> None:
    """Write in the journal as the account that runs the command: see `au_mieux`."""
    with au_mieux(quoi, lambda dit: print(dit, file=sys.stderr)):
        journal = Journal.du_dossier(options.dossier_donnees)
        _say_horloge(journal)
        write(journal, auteur())


def auteur() -> Auteur:
    """The account that runs the command."""
    try:
        return Auteur(getpass.getuser())
    except (KeyError, OSError, ImportError):  # an account without a name, in a container
        return Auteur("compte système sans nom")


def _simple(valeur: Any) -> str | int | bool | None:
    """As the journal keeps it; a path says nothing, it may name somebody."""
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, SegmentLibre):
        return valeur.texte()
    return valeur if isinstance(valeur, str | int | bool) else None
