"""What the rows of a table say together, and what is missing in it as a whole (contract §1, Checks).

What is unknown without each optional column that something leans on is said for each file that lacks it. A load never
stops for such a column: it reads as unknown on all the rows of the file. A label may be declared by the mapping to be
covered by another column, or to be borne by nobody.

Beside the résidences, the survey of their occupation (OPS): a file of one row per résidence, which has none of what
makes one. Its rows are each attached to the one that bears its code, else its name when a single one does, or go out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mel_core.contrat import correspondances, regles
from mel_core.contrat.appoints import with_appoints
from mel_core.contrat.contours import DE_CONTOURS
from mel_core.contrat.entites import QUARTIER, Entites
from mel_core.contrat.lecture.brut import Entiers, Illisible, en_masque
from mel_core.contrat.lecture.table_lue import TableLue
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.reference import fold
from mel_core.contrat.regles import OCCUPATION_D_UN_AUTRE, OCCUPATION_SANS_RESIDENCE
from mel_core.contrat.tables import ETIQUETTES, RESIDENCES, SANS_LOGEMENTS
from mel_core.socle.langue import effectif, part
from mel_core.socle.periodes import Seance

_QUARTILE = "premier quartile hors QPV et autres attributions en QPV inconnus"
_OCCUPANTS = "occupants en place inconnus, et la comparaison des entrants avec eux"
_ACCUEIL = "activité de l’accueil incomplète"

# Table → columns any of which would do, the one told first → what is unknown.
SANS: dict[str, dict[tuple[str, ...], str]] = {
    "communes": {("fragilite", "typologie_fragilite"): "fragilité des communes inconnue"},
    "quartiers": {
        ("fragilite", "ips"): "fragilité des quartiers inconnue, et l’objectif de l’équilibre dans chacun",
        ("code_qpv",): "QPV, premier quartile hors QPV et autres attributions en QPV inconnus",
    },
    "residences": {
        ("enjeu_mixite",): "résidences à enjeu de mixité inconnues",
        ("n_occupants_tres_modestes",): _OCCUPANTS,
        ("n_occupants_modestes",): _OCCUPANTS,
        ("n_occupants_intermediaires",): _OCCUPANTS,
        ("n_occupants_eleves",): _OCCUPANTS,
    },
    "demandes": {
        ("revenu_fiscal",): "ressources des demandes inconnues",
        ("ressources_mensuelles",): "premier quartile des demandes inconnu",
        ("n_uc",): "premier quartile des demandes inconnu",
        ("date_radiation",): "demandes radiées après la date de référence inconnues",
        ("statut_logement",): "mutations parmi les demandes inconnues",
        ("code_insee_actuel",): "commune de résidence inconnue",
        ("code_bailleur_actuel",): "bailleur actuel inconnu",
        ("communes_souhaitees",): "communes souhaitées inconnues",
        ("typologies",): "typologies souhaitées inconnues",
        ("motif",): "motif des demandes inconnu",
        ("critere_mutation",): "critère de mutation inconnu",
        ("delai_anormalement_long",): "délai anormalement long compté d’après l’ancienneté seule",
        ("age",): "âge inconnu",
    },
    "evenements": {
        ("decision",): "poulidor, rangs 1 sans bail et non-attributions répétées inconnus",
        ("rang",): "poulidor et rangs 1 sans bail inconnus",
        ("code_bailleur",): "bailleur des événements inconnu là où leur résidence l’est",
        ("code_residence",): "résidence des passages inconnue, et qui y a été premier devant les poulidors",
    },
    "attributions": {
        ("revenu_fiscal",): "équilibre, ressources et bas revenus inconnus",
        ("n_personnes", "categorie_menage"): "équilibre, ressources et bas revenus inconnus",
        ("ressources_mensuelles",): _QUARTILE,
        ("n_uc",): _QUARTILE,
        ("code_quartier", "code_residence"): "quartier, fragilité et QPV inconnus, et les objectifs qui en dépendent",
        ("code_quartier",): "quartier inconnu là où la résidence l’est",
        ("code_residence",): "coupes par résidence et par enjeu de mixité inconnues",
        ("date_creation_demande",): "délais inconnus",
        ("reservataire",): "flux et coupe par réservataire inconnus",
        ("typologie",): "coupe par typologie inconnue",
        ("financement",): "coupe par financement inconnue",
        ("actif",): "actifs inconnus",
    },
    "accueil": {
        ("n_pre_accueil",): _ACCUEIL,
        ("n_enregistrements",): _ACCUEIL,
        ("n_entretiens",): _ACCUEIL,
    },
}

# Those without which a decisive measure counts nobody: the headers that may give one are not folded.
DECISIVES: dict[str, tuple[tuple[str, ...], ...]] = {
    "quartiers": (("fragilite", "ips"),),
    "evenements": (("decision",), ("rang",)),
    "attributions": (
        *(("revenu_fiscal",), ("n_personnes", "categorie_menage"), ("code_quartier", "code_residence")),
        *((nom,) for nom in ETIQUETTES),
    ),
}

# What cannot be known without each label.
_SANS_ETIQUETTE = {
    **dict.fromkeys(("aci", "dalo", "pdalhpd"), "les ménages ACI et ceux de droit commun"),
    "mutation_bloquee": "les mutations bloquées et les ménages de droit commun",
    "npru": "les relogements NPRU, les ménages de droit commun et le premier quartile hors QPV",
}


def report_colonnes_absentes(lue: TableLue) -> None:
    """One sentence per file and column (or choice of columns) that it has not."""
    for partie in lue.parties:
        for colonnes, quoi in SANS.get(lue.table.nom, {}).items():
            if partie.presentes.isdisjoint(colonnes):
                regle = regles.REVENUS_ABSENTS if colonnes[0] == "revenu_fiscal" else regles.COLONNE_ABSENTE
                dite = correspondances.dite(lue.table.nom, colonnes[0])
                lue.constats.report(regle, colonnes[0], fichier=partie.fichier, dite=dite, quoi=quoi)


def declare_les_absentes(lue: TableLue, mapping: Mapping) -> None:
    """Fill with false the label columns that another one covers, or that nobody is said to bear; say all of them."""
    table = lue.table.nom
    absentes = [c.nom for c in lue.table.colonnes if c.etiquette and c.nom not in lue.presentes]
    couvertes = {
        couverte: couvrante
        for couvrante, couvertes in mapping.couvre.get(table, {}).items()
        if couvrante in lue.presentes
        for couverte in couvertes
    }
    for nom in absentes:
        if nom in couvertes:
            lue.constats.report(regles.ETIQUETTE_COUVERTE, nom, couvrante=couvertes[nom])
        elif nom in mapping.absentes.get(table, ()):
            lue.constats.report(regles.ETIQUETTE_SANS_MENAGE, nom)
        else:
            lue.constats.report(regles.ETIQUETTE_ABSENTE, nom, quoi=_SANS_ETIQUETTE[nom])
            continue
        lue.declarees[nom] = couvertes.get(nom, "")
        lue.donnees[nom] = pa.repeat(pa.scalar(False), len(lue.numeros))
    lue.presentes |= lue.declarees.keys()


_PATRIMOINES = {"attributions": "attribution", "residences": "résidence"}
_SEPARATEUR = "\0"  # never in a cell: the readers refuse it


def check_dates_de_bail(lue: TableLue) -> None:
    """Attributions: a bail never precedes the demande."""
    bail, creation = (lue.donnees[nom] for nom in ("date_bail", "date_creation_demande"))
    est_anterieur = en_masque(pc.less(bail, creation))
    dates = creation.filter(pa.array(est_anterieur)).to_pylist()
    lue.apply(regles.BAIL_AVANT_DEMANDE, "date_bail", est_anterieur, details=lambda i: {"creation": dates[i]})


def gather_quartiers(lue: TableLue) -> None:
    """A contour of a quartier that another file gives too, with its index, is no second one."""
    siennes = [lue.lignes_de(p) for p in lue.parties if p.presentes <= DE_CONTOURS]
    est_un_contour = np.logical_or.reduce([*siennes, np.zeros(len(lue.numeros), bool)])
    codes = lue.donnees[lue.table.cle[0]]
    dits = codes.filter(pa.array(~est_un_contour & ~lue.rejetees))
    lue.rattachees |= est_un_contour & ~lue.rejetees & en_masque(pc.is_in(codes, value_set=dits.drop_null()))
    if n := int(lue.rattachees.sum()):
        dits_deux_fois = effectif(n, "contour est celui d’un quartier", "contours sont ceux de quartiers")
        lue.constats.note(f"{dits_deux_fois} qu’un autre fichier donne avec plus de colonnes : il vaut, rien à faire.")


def set_aside_doublons(lue: TableLue) -> None:
    """A later row with an identity already kept is a duplicate, even when it differs.

    Among the rows that are not rejected: a faulty row is rejected, never the one that is kept nor a duplicate. Rows of
    a file that has no column of the key, which is refused, are duplicates of nothing.
    """
    if not lue.presentes.issuperset(lue.table.cle):
        return
    remplies = np.logical_and.reduce([lue.est_remplie(nom) for nom in lue.table.cle])
    candidates = np.flatnonzero(lue.gardees & remplies)
    colonnes = [lue.donnees[nom] for nom in lue.table.identite if nom in lue.presentes]
    identite = pc.binary_join_element_wise(*colonnes, _SEPARATEUR, null_handling="replace")
    codes = identite.take(pa.array(candidates)).dictionary_encode().indices.to_numpy()
    premieres = pd.Series(candidates).groupby(codes).transform("first").to_numpy()
    est_doublon = premieres != candidates
    _set_aside(lue, candidates[est_doublon], premieres[est_doublon], lue.presentes)


def _set_aside(lue: TableLue, doublons: Entiers, gardees: Entiers, comparees: Iterable[str]) -> None:
    """Each of the `doublons` goes out, beside the row kept; those that differ in one of `comparees` say so."""
    lue.doublons[doublons] = True
    differentes: dict[str, Any] = {}
    for nom in comparees:
        une, autre = (lue.donnees[nom].take(pa.array(p)) for p in (doublons, gardees))
        if pa.types.is_list(une.type):  # Arrow does not compare lists
            une, autre = pc.binary_join(une, "|"), pc.binary_join(autre, "|")
        differentes[nom] = en_masque(pc.or_kleene(pc.xor(une.is_null(), autre.is_null()), pc.not_equal(une, autre)))
    places = np.flatnonzero(np.any(list(differentes.values()), axis=0))
    doublons, gardees, cle = doublons[places], gardees[places], lue.table.cle

    def valeurs() -> list[str]:
        return [" ".join(map(str, v)) for v in zip(*(lue.textes(c, doublons) for c in cle), strict=True)]

    def details(i: int) -> dict[str, Any]:
        siennes = [nom for nom in lue.table.noms if nom in differentes and differentes[nom][places[i]]]
        return {"premiere": lue.lieu(int(gardees[i]), int(doublons[i])), "colonnes": ", ".join(siennes)}

    lue.apply(regles.DOUBLON_DIFFERENT, cle[0], doublons, valeurs, details, toujours=True)


def report_manques(lue: TableLue) -> None:
    """What is missing or strange in the rows kept, said of each or of a file."""
    noms = lue.table.noms
    if "date_radiation" in noms:
        est_active = en_masque(pc.equal(lue.donnees["etat"], "ACTIVE"))
        lue.apply(regles.REACTIVATION, "date_radiation", est_active & lue.est_remplie("date_radiation"))
    for colonne in lue.table.colonnes:
        if colonne.montant and colonne.nom in lue.presentes:
            # Kept, and read as unknown by the classes of ressources.
            lue.apply(regles.MONTANT_NEGATIF, colonne.nom, en_masque(pc.less(lue.donnees[colonne.nom], 0)))
    report_colonnes_absentes(lue)
    if "revenu_fiscal" in noms:
        # In the files that have the column; of the others it has been said above.
        sans = [lue.lignes_de(p) for p in lue.parties if "revenu_fiscal" not in p.presentes]
        est_dite = np.logical_or.reduce([np.zeros(len(lue.numeros), bool), *sans])
        lue.apply(regles.REVENU_ABSENT, "revenu_fiscal", ~lue.est_remplie("revenu_fiscal") & ~est_dite)
    if "categorie_menage" in noms:
        _report_categories_absentes(lue)


def _report_categories_absentes(lue: TableLue) -> None:
    """The share of a file's kept rows whose ceiling follows from the number of persons."""
    for partie in lue.parties:
        gardees = lue.gardees & lue.lignes_de(partie)
        absentes = gardees & ~lue.est_remplie("categorie_menage")
        if absentes.any():
            par_personnes = absentes & en_masque(pc.greater(lue.donnees["n_personnes"], 0))
            lue.constats.report(
                regles.CATEGORIE_ABSENTE,
                "categorie_menage",
                fichier=partie.fichier,
                lignes=effectif(int(absentes.sum()), "ligne"),
                part=part(int(par_personnes.sum()) / int(gardees.sum())),
            )


def report_bailleurs_sans_evenement(lues: dict[str, TableLue], seance: Seance | None) -> None:
    """Bailleurs of this load, with or without attributions, and no event in the séance, else in the events' span.

    An event is a bailleur's when it bears its code, or the code of one of its résidences.
    """
    gardees = {nom: lues[nom].keep() for nom in ("evenements", *_PATRIMOINES) if nom in lues}
    jours = gardees["evenements"]["date_survenance"]
    debut, fin = (seance.debut, seance.fin) if seance else pc.min_max(jours).as_py().values()
    if debut is None:
        return
    est_dans_la_periode = pc.and_(pc.greater_equal(jours, debut), pc.less_equal(jours, fin))
    evenements = gardees["evenements"].filter(est_dans_la_periode)
    vus = set(evenements["code_bailleur"].unique().to_pylist())
    if (residences := gardees.get("residences")) is not None:
        citees = pc.is_in(residences["code_residence"], value_set=evenements["code_residence"].unique())
        vus.update(residences.filter(citees)["code_bailleur"].unique().to_pylist())
    effectifs = {
        nom: {n["values"]: n["counts"] for n in gardees[nom]["code_bailleur"].value_counts().to_pylist()}
        for nom in _PATRIMOINES
        if nom in gardees
    }
    noms = lues.get("bailleurs")
    nommes = set() if noms is None or noms.constats.est_bloquant else set(noms.keep()["code_bailleur"].to_pylist())
    for code in sorted(nommes.union(*effectifs.values()) - vus - {None}):  # a line without a code is nobody's
        patrimoine = [effectif(n[code], _PATRIMOINES[nom]) for nom, n in effectifs.items() if code in n]
        lues["evenements"].constats.report(
            regles.BAILLEUR_SANS_EVENEMENT,
            "code_bailleur",
            code,
            patrimoine=" et ".join(patrimoine) or "un nom dans la table",
            debut=f"{debut:%d/%m/%Y}",
            fin=f"{fin:%d/%m/%Y}",
        )


(CLE,) = RESIDENCES.cle
OCCUPANTS = tuple(nom for nom in RESIDENCES.noms if nom.startswith("n_occupants_") or nom == "annee_enquete")
_PROPRES_A_UNE_RESIDENCE = (SANS_LOGEMENTS[1], "code_quartier")
_DITES = (CLE, "nom", "code_bailleur", *OCCUPANTS)
_COLONNES = tuple(replace(c, requise=c.nom == CLE) for c in RESIDENCES.colonnes if c.nom in _DITES)
OCCUPATION = with_appoints(replace(RESIDENCES, colonnes=_COLONNES))
_SEULE = (
    "Ce fichier ne dit que les occupants de résidences (enquête OPS) : le donner en même temps que celui des "
    "résidences, RPLS ou le tableau du bailleur."
)


def is_occupation(entete: Iterable[str], mapping: Mapping) -> bool:
    """Whether a file given to `residences` is one of occupation: by its header, or because an answer says that nothing
    in it gives the dwellings (a mapping says it of every file, those that have them included)."""
    plis = {fold(nom) for nom in entete}

    def porte(noms: Iterable[str]) -> bool:
        return any(fold(nom) in plis or fold(mapping.nom_dans_fichier(RESIDENCES.nom, nom)) in plis for nom in noms)

    est_dite = SANS_LOGEMENTS[1] in mapping.sans(RESIDENCES.nom) or (porte([CLE]) and porte(OCCUPANTS))
    return est_dite and not porte(_PROPRES_A_UNE_RESIDENCE)


def attach(lue: TableLue, entites: Entites) -> None:
    """Give the occupants of each row of occupation to its résidence. Raises `Illisible` without a résidence to give
    them to."""
    siennes = [p for p in lue.parties if p.est_occupation]
    if not siennes:
        return
    if len(siennes) == len(lue.parties):
        raise Illisible(_SEULE)
    est_occupation = np.logical_or.reduce([lue.lignes_de(p) for p in siennes])
    residences = np.flatnonzero(~est_occupation & lue.gardees)
    _give(lue, residences, np.flatnonzero(est_occupation & ~lue.rejetees), entites)
    rattachees = lue.rattachees & est_occupation
    lues, n_rattachees, n_doublons = (int(m.sum()) for m in (est_occupation, rattachees, lue.doublons))
    restes = [(lues - n_rattachees - n_doublons, "rejetée", "rejetées"), (n_doublons, "en double", "en double")]
    lue.constats.note(
        f"Occupation (OPS) : {effectif(lues, 'ligne lue', 'lignes lues')} = "
        + effectif(n_rattachees, "donnée à sa résidence", "données à leur résidence")
        + "".join(f" + {effectif(n, un, plusieurs)}" for n, un, plusieurs in restes if n)
        + " : à comparer aux résidences de l’enquête."
    )
    # Of the occupants the survey answers, of all the rest the others do.
    occupants = frozenset(OCCUPANTS)
    lue.parties = tuple(
        replace(p, presentes=p.presentes | (frozenset(RESIDENCES.noms) - occupants if p.est_occupation else occupants))
        for p in lue.parties
    )


def _give(lue: TableLue, residences: Entiers, enquete: Entiers, entites: Entites) -> None:
    """The occupants that the rows of the survey say, to the `residences`. One that comes after another of the same
    résidence, or after what it says itself, is a duplicate, the others are rejected."""
    lignes = pd.DataFrame({nom: lue.donnees[nom].to_pylist() for nom in (CLE, "code_bailleur")}, dtype=object)
    uniques = lignes.loc[residences].dropna(subset=CLE).drop_duplicates(CLE)
    codes = lignes.loc[enquete, CLE].dropna()
    trouvees = pd.Series(entites.find(lue, uniques.index.to_numpy(), codes.index.to_numpy()), codes.index, object)
    siennes = trouvees.map(pd.Series(uniques.index, uniques[CLE]))
    lue.apply(OCCUPATION_SANS_RESIDENCE, CLE, siennes.index[siennes.isna()].to_numpy())
    siennes = siennes.dropna().astype(int)
    bailleurs = zip(*(lignes["code_bailleur"].loc[ou] for ou in (siennes.index, siennes)), strict=True)
    est_d_un_autre = np.array([dit is not None and dit != vrai for dit, vrai in bailleurs], bool)
    lue.apply(OCCUPATION_D_UN_AUTRE, "code_bailleur", siennes.index[est_d_un_autre].to_numpy())
    siennes = siennes[~est_d_un_autre]
    # A lease may give the number of the survey, which is the bailleur's own.
    lue.memes |= {
        (lignes.loc[ou, "code_bailleur"], lignes.loc[rang, CLE]): lignes.loc[ou, CLE]
        for rang, ou in siennes.items()
        if lignes.loc[rang, CLE] != lignes.loc[ou, CLE]
    }
    est_dite = np.logical_or.reduce([lue.est_remplie(nom) for nom in OCCUPANTS])
    premieres = siennes.index.to_series().groupby(siennes).transform("first").where(~est_dite[siennes], siennes)
    est_doublon = (premieres != siennes.index).to_numpy()
    _set_aside(lue, siennes.index[est_doublon].to_numpy(), premieres[est_doublon].to_numpy(), OCCUPANTS)
    attachees, sources = siennes[~est_doublon], np.arange(len(lignes))
    lue.rattachees[attachees.index] = True
    # Résidence → the row that says its occupants, itself or one of the survey; its quartier, where it does not know it.
    sources[attachees] = attachees.index
    sont_situees, situees = entites.are_quartiers(lue.donnees[QUARTIER]), np.arange(len(lignes))
    perdues = attachees[~sont_situees[attachees] & sont_situees[attachees.index]]
    situees[perdues] = perdues.index
    for nom in (*OCCUPANTS, QUARTIER):
        lue.donnees[nom] = lue.donnees[nom].take(pa.array(situees if nom == QUARTIER else sources))
    if len(perdues):
        dites = effectif(len(perdues), "résidence prend", "résidences prennent")
        lue.constats.note(f"{dites} le quartier que donne l’enquête (OPS), faute d’en avoir un : rien à faire.")
