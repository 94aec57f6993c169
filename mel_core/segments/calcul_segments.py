"""How many, where, and which demandes a segment holds, among the rows that the reader may see (contract §5).

Segments are set against each other too, beside the SNE's own flags and what was recorded at all.

Everywhere `quoi` is the name of a segment of the contract or a `SegmentLibre`, and `filtre` a `SegmentLibre` that
narrows it (a commune, a typologie…).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.segments.compilation import FRAGMENTS, SQL, Criteres, MenagesRetenus, Quoi, Requete, expression, fill
from mel_core.segments.libre import SegmentLibre
from mel_core.segments.regles_segments import POULIDOR, RANGS_2, SEGMENTS, Ligne, segment_de
from mel_core.socle.appellations import TYPOLOGIES_EN_TETE
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import step_back

# What a count may be split by → the column that holds it. `commune_souhaitee` and `typologie` are lists: a demande
# counts in each; `ici` is that of the communes wanted (once in each), `ici_residence` that of the commune lived in.
CLES = {
    "commune_souhaitee": "communes_souhaitees",
    "typologie": "typologies",
    "commune_residence": "code_insee_actuel",
    "bailleur": "code_bailleur_actuel",
    "ressources": "ressources",
    "critere_mutation": "critere_mutation",
    "ici": "communes_souhaitees",
    "ici_residence": "communes_residence",
}
_LISTES = {"commune_souhaitee": "par_liste", "typologie": "par_liste", "ici": "par_ici", "ici_residence": "par_ici"}

# What a list may be sorted by → the column or fragment behind it. Ties: the oldest first. Unknown: last, both ways.
TRIS = {
    "date_creation": "ligne",
    "anciennete_mois": "anciennete_mois",
    "statut_logement": "statut_logement",
    "commune_residence": "code_insee_actuel",
    "bailleur": "code_bailleur_actuel",
    "communes_souhaitees": "communes_jointes",
    "typologies": "typologies_jointes",
    "n_personnes": "n_personnes",
    "ressources": "ordre_ressources",
    "n_propositions": "n_propositions",
    "n_passages_cal": "n_passages_cal",
    "n_refus": "n_refus",
    "meilleur_rang": "meilleur_rang",
    "labels": "labels_joints",
    "points": "points",
    "pseudonyme": "pseudonyme",
}
SENS = ("croissant", "decroissant")
Rangs = tuple[Mapping[str, int], int | None]
NOMS_MAX = 40  # one bit each

# A flag of the SNE → the segment that measures the same thing from the events.
DRAPEAUX = {"delai_anormalement_long": "attente_24", "multiples_attributions_sous_conditions": "poulidor"}
COMPTES_DU_DRAPEAU = ("n_les_deux", "n_drapeau_propose", "n_drapeau_sans_rien", "n_sans_drapeau")


def count(lecteur: Lecteur, quoi: Quoi, criteres: Criteres, filtre: SegmentLibre | None = None) -> int:
    """Number of demandes of the segment. `SegmentLibre()` counts every active demande."""
    requete = _requete(lecteur, criteres, quoi, filtre)
    return int(requete.ask(SQL["n"], regle=requete.regle(quoi, filtre))["n"].iloc[0])


def count_par(
    lecteur: Lecteur, quoi: Quoi, criteres: Criteres, cle: str, filtre: SegmentLibre | None = None
) -> pd.DataFrame:
    """One row per code of `cle` (of CLES): `cle` (`inconnu` when the demande does not say), `n`. Lists overlap."""
    check_cle(cle)
    requete = _requete(lecteur, criteres, quoi, filtre)
    regle = requete.regle(quoi, filtre)
    return requete.ask(SQL[_LISTES.get(cle, "par_cle")], regle=regle, expression=expression(CLES[cle]))


def check_cle(cle: str) -> None:
    """Raises `AppelIncorrect` for what no count is split by."""
    if cle not in CLES:
        raise AppelIncorrect(f"La clé « {cle} » n’existe pas : choisir parmi {', '.join(CLES)}.")


def pseudonymes(lecteur: Lecteur, quoi: Quoi, criteres: Criteres, filtre: SegmentLibre | None = None) -> list[str]:
    """Those of the demandes of the segment, in no order."""
    requete = _requete(lecteur, criteres, quoi, filtre)
    return requete.ask(SQL["pseudonymes"], regle=requete.regle(quoi, filtre))["pseudonyme"].tolist()


def order(
    lecteur: Lecteur,
    quoi: Quoi,
    criteres: Criteres,
    *,
    tri: str = "date_creation",
    sens: str = "croissant",
    filtre: SegmentLibre | None = None,
    menages: MenagesRetenus | None = None,
    rangs: Rangs | None = None,
) -> Sequence[int]:
    """The demandes of the list that `find_all` gives with the same arguments, by their place in the follow-up table:
    which line is which household is read there alone."""
    requete = _requete(lecteur, criteres, quoi, filtre)
    trie = _trie(requete, tri, sens, rangs)
    return requete.ask(SQL["ordre"], regle=requete.regle(quoi, filtre, menages), tri=trie)["ligne"].to_numpy()


def order_poulidors(
    lecteur: Lecteur,
    criteres: Criteres,
    *,
    tri: str = "date_creation",
    sens: str = "croissant",
    filtre: SegmentLibre | None = None,
    rangs: Rangs | None = None,
) -> tuple[Sequence[int], int]:
    """What `order` gives of the Poulidors, and how many more they would be, had nobody refused: read at once."""
    requete = _requete(lecteur, criteres, POULIDOR, filtre)
    trie = _trie(requete, tri, sens, rangs)
    lues = requete.ask(SQL["ordre_poulidors"], regle=requete.regle(filtre), tri=trie)
    a_refuse = lues["a_refuse"].to_numpy(bool)
    return lues["ligne"].to_numpy()[~a_refuse], int(a_refuse.sum())


def find_all(
    lecteur: Lecteur,
    quoi: Quoi,
    criteres: Criteres,
    *,
    tri: str = "date_creation",
    sens: str = "croissant",
    lignes: Sequence[int] | None = None,
    filtre: SegmentLibre | None = None,
    menages: MenagesRetenus | None = None,
    noms: Mapping[str, str] | None = None,
    passages_dits: bool = False,
    rangs: Rangs | None = None,
) -> pd.DataFrame:
    """One row per demande, the oldest first: pseudonym, what places it, the `labels` that it bears, `points` (of the
    cotation, where a file gives them; empty: unknown), and `motif`, why it is there.

    The list is sorted by `tri` (of TRIS), `croissant` or `decroissant`; `lignes` reads those alone, as `order` places
    them. `rangs`: the place of each code of `tri` in the order, and that of all the others (None: the last, both ways).
    `menages` keeps some of its households; `noms` names the codes that a reason may quote (bailleurs). With
    `passages_dits`, who was placed behind others reads when, at which rank and where.
    """
    requete = _requete(lecteur, criteres, quoi, filtre)
    trie, regle = _trie(requete, tri, sens, rangs), requete.regle(quoi, filtre, menages)
    if lignes is not None:
        requete.link(lignes=[int(ligne) for ligne in lignes])
        trie, regle = FRAGMENTS["rang_des_lignes"], FRAGMENTS["lignes_parmi"]
    faits = _faits(quoi)
    lues = requete.ask(
        SQL["liste"],
        regle=regle,
        points=", points" if requete.a_des_points else "",
        faits="".join(f", {expression(fait)} as {fait}" for fait in faits),
        tri=trie,
    )
    lus = {"anciennete_mois", *faits, *(quoi.colonnes if isinstance(quoi, SegmentLibre) else ())}
    colonnes = {nom: _valeurs(lues[nom]) for nom in lues if nom in lus}
    if passages_dits and "n_rang_2_fenetre" in faits:
        passages = say_rangs_2(lecteur, criteres.debut, criteres.jour, lignes=lues["ligne"].tolist())
        colonnes[RANGS_2] = [passages.get(p) for p in lues["pseudonyme"].tolist()]
    motif, commun = _motif(quoi, noms), {"fenetre": criteres.fenetre}
    dits: dict[tuple[Any, ...], str] = {}  # many lines have the same reason
    motifs = []
    for ligne in zip(*colonnes.values(), strict=True):
        if ligne not in dits:
            dits[ligne] = motif(commun | dict(zip(colonnes, ligne, strict=True)))
        motifs.append(dits[ligne])
    lues = lues.drop(columns=["ligne", *faits])
    lues["date_creation"] = lues["date_creation"].dt.date
    lues["motif"] = pd.Series(motifs, dtype="object")
    return lues


def _trie(requete: Requete, tri: str, sens: str, rangs: Rangs | None) -> str:
    if tri not in TRIS or sens not in SENS:
        raise AppelIncorrect(
            f"La liste ne se trie pas par « {tri} » {sens} : choisir parmi {', '.join(TRIS)}, croissant ou decroissant."
        )
    if tri == "points" and not requete.a_des_points:
        raise AppelIncorrect(
            "La liste ne se trie pas par points : aucun fichier de demandes n’apporte la colonne « points » de la "
            "cotation, l’ajouter à l’export puis l’importer, ou trier autrement."
        )
    trie = expression(TRIS[tri])
    if rangs is not None:
        if not rangs[0]:
            return "ligne"  # all have one place
        requete.link(ranges=list(rangs[0]), rangs=list(rangs[0].values()), rang_des_autres=rangs[1])
        trie = fill(FRAGMENTS["rang_donne"], expression=trie)
    return fill(FRAGMENTS[sens], expression=trie)


def _faits(quoi: Quoi) -> tuple[str, ...]:
    return quoi.faits if isinstance(quoi, SegmentLibre) else segment_de(quoi).faits


def say_rangs_2(
    lecteur: Lecteur,
    debut: date,
    jour: date,
    *,
    menages: Iterable[str] = (),
    lignes: Iterable[int] | None = None,
    en_entier: bool = False,
) -> dict[str, str]:
    """By household, among the passages in the reader's scope after `debut` and up to `jour`, the oldest first: `rang 2
    le 14/03/2016 (Les Acacias, T3), rang 3 le 02/05/2017`. `lignes`: the households by their place (see `order`), found
    sooner, and whose résidence may be said `en_entier`, with its commune and its bailleur."""
    qui: dict[str, list[Any]] = {"menages": list(menages)} if lignes is None else {"lignes": [int(x) for x in lignes]}
    passages, lesquels = (
        (FRAGMENTS["derriere"], "true") if lignes is None else ("passages_derriere", FRAGMENTS["lignes_parmi"])
    )
    sql = fill(SQL["rangs_2"], passages=passages, lesquels=lesquels, ou="lieu" if en_entier else "residence")
    dits: dict[str, list[str]] = defaultdict(list)
    lus = lecteur.query(sql, debut=debut, jour=jour, **qui)
    for menage, le, rang, residence, typologie in zip(*(lus[nom].tolist() for nom in lus), strict=True):
        ou = ", ".join(dit for dit in (residence, TYPOLOGIES_EN_TETE.get(typologie)) if isinstance(dit, str))
        dits[menage].append(f"rang {rang} le {le}{f' ({ou})' if ou else ''}")
    return {menage: ", ".join(passages) for menage, passages in dits.items()}


@dataclass(frozen=True)
class Recouvrements:
    """`n_actives` demandes; `union`: those in at least one segment, counted once.

    `matrice`: one row and one column per segment, in the order asked: demandes in both; on the diagonal, in the
    segment. `seuls`: demandes in that segment and in no other of those asked.
    """

    n_actives: int
    union: int
    matrice: pd.DataFrame
    seuls: dict[str, int]


def recouvrements(
    lecteur: Lecteur,
    criteres: Criteres,
    segments: Sequence[str] | Mapping[str, Quoi] = tuple(SEGMENTS),
    mois: Mapping[str, int] | None = None,
) -> Recouvrements:
    """Overlaps of `segments`: names of the contract, or names given to any segments. One query.

    `mois`: the N of the segments that are not taken at that of `criteres`.
    """
    nommes: dict[str, Quoi] = dict(segments) if isinstance(segments, Mapping) else {nom: nom for nom in segments}
    if len(nommes) > NOMS_MAX:
        raise AppelIncorrect(f"Il y a {len(nommes)} segments à croiser : n’en garder que {NOMS_MAX}.")
    requete = Requete(lecteur, criteres)
    regles = [requete.regle(quoi, mois=(mois or {}).get(nom)) for nom, quoi in nommes.items()]
    # One bit per segment, in order. What is unknown is not in the segment.
    bits_ecrits = [f"coalesce({regle}, false)::bigint * {2**i}" for i, regle in enumerate(regles)]
    comptes = requete.ask(SQL["masques"], masque=" + ".join(bits_ecrits) or "0")
    masques = comptes["masque"].astype(int)
    bits = {nom: (masques // 2**i) % 2 == 1 for i, nom in enumerate(nommes)}
    n = comptes["n"].astype(int)
    return Recouvrements(
        int(n.sum()),
        int(n[masques > 0].sum()),
        pd.DataFrame({a: {b: int(n[bits[a] & bits[b]].sum()) for b in nommes} for a in nommes}, index=list(nommes)),
        {nom: int(n[masques == 2**i].sum()) for i, nom in enumerate(nommes)},
    )


def drapeaux(lecteur: Lecteur, criteres: Criteres) -> pd.DataFrame:
    """The SNE's flags beside our counts, one row per flag of DRAPEAUX that the data bear.

    `drapeau`, `segment`, then four counts of active demandes that never overlap: `n_les_deux` (flagged and in the
    segment), `n_drapeau_propose` (flagged alone, a proposal or a passage in CAL recorded), `n_drapeau_sans_rien`
    (flagged alone, nothing recorded: only these are under-recording), `n_sans_drapeau` (in the segment alone).
    """
    presents = lecteur.colonnes("demandes")
    lignes = []
    for drapeau, segment in DRAPEAUX.items():
        if drapeau in presents:
            requete = Requete(lecteur, criteres)
            lus = requete.ask(
                SQL["drapeau_et_segment"],
                regle=requete.regle(segment),
                expression=expression(f"drapeau_{drapeau}"),
            )
            lignes.append(lus.assign(drapeau=drapeau, segment=segment))
    noms = ["drapeau", "segment", *COMPTES_DU_DRAPEAU]
    return pd.concat(lignes, ignore_index=True)[noms] if lignes else pd.DataFrame(columns=noms)


def completude(lecteur: Lecteur, jour: date) -> pd.DataFrame:
    """What bailleurs recorded over the 12 months up to `jour`: « sans proposition enregistrée » is worth no more.

    One row per bailleur: `bailleur` (code), `nom` (empty when not given), `n` (attributions), `n_avec_evenement` (those
    whose demande has a proposition or a passage in commission recorded), `part` (0–1, empty without an attribution),
    `n_evenements` (recorded under its code) and `est_sans_evenement`: nothing at all was recorded for it. The reader
    must see the whole Métropole: elsewhere the events of households out of its scope would be missing.
    """
    lues = lecteur.query(SQL["completude"], jour=jour, debut=step_back(jour, 12))
    return lues.assign(
        part=(lues["n_avec_evenement"] / lues["n"].where(lues["n"] > 0)).astype("float64"),
        est_sans_evenement=(lues["n_evenements"] == 0) & (lues["n_avec_evenement"] == 0),
    )


def _requete(lecteur: Lecteur, criteres: Criteres, *quoi: Quoi | None) -> Requete:
    criteres.check(lecteur, *quoi)
    return Requete(lecteur, criteres)


def _valeurs(colonne: pd.Series) -> list[Any]:
    """Python values; days as dates."""
    if pd.api.types.is_datetime64_dtype(colonne):
        return colonne.to_numpy("datetime64[D]").tolist()
    return colonne.astype(object).tolist()


def _motif(quoi: Quoi, noms: Mapping[str, str] | None) -> Callable[[Ligne], str]:
    if isinstance(quoi, SegmentLibre):
        return lambda ligne: quoi.motif(ligne, noms)
    return segment_de(quoi).motif
