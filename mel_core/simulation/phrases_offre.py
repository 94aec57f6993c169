"""The sentences of the offer at 13h30: what is advised, who waits blocked, where it is tense, who comes to the QPV.

Pure: values as they are read in, French out. Numbers between ** are the ones to see from the last row. What to do about
what lacks is for who prepares: a room is sent nowhere.
"""

from __future__ import annotations

import pandas as pd

from mel_core.indicateurs.besoins import remede
from mel_core.indicateurs.definitions import Methode
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.indicateurs.phrases_constats import TROP_FAIBLE_DIT
from mel_core.indicateurs.suivi.besoins_mutations import REGLE_DU_BESOIN
from mel_core.secret.bail import SALLE, reader
from mel_core.segments.phrases_segments import TENSION, de_l_ici
from mel_core.socle import langue
from mel_core.socle.valeurs import Compte, Duree

PAR_ICI = "L’offre et la demande se lisent ICI par ICI."
# How the number of modest households advised is to be read, by class of quartier.
_MESURES = {"fragile": "au plus ", "moyenne": "environ ", "sans": "au moins "}
_LIEUX = {"fragile": "en quartiers fragiles", "moyenne": "en fragilité moyenne", "sans": "en quartiers sans fragilité"}
_MAILLES = {"quartier": "quartier", "residence": "résidence"}
_ATTRIBUTIONS = "attributions de la période"
_ACTIVES = "demandes actives au dernier jour de la séance"
# View of 13h30 → what it counts, over what, what it leaves out.
METHODES = {
    "preconisations": Methode(
        "Logements attendus en six mois : la moitié de logements × rotation annuelle de la résidence. Ménages modestes "
        "à y accueillir : l’objectif d’équilibre en vigueur sur l’ensemble des logements attendus de la classe de "
        "quartiers, dans chaque ICI, partagé au plus fort reste entre ses quartiers puis leurs résidences ; les parts "
        "s’additionnent. Au plus dans les quartiers fragiles, au moins dans ceux sans fragilité.",
        f"{_ATTRIBUTIONS} aux ressources connues, occupants de la dernière enquête",
        "les lieux sans rotation, sans fragilité ou sans objectif en vigueur, comptés sous le tableau",
    ),
    "mutations": Methode(
        "Demandes actives marquées « mutation bloquée », par commune souhaitée (une demande compte dans chacune) ou "
        "habitée, ou par critère, un seul par demande, donné par qui a reconnu la mutation bloquée ; attente en mois "
        "entiers depuis le dépôt de la demande. « Refus pour impayés » : non-attributions et irrecevabilités opposées "
        "en commission, en 12 mois, à des locataires HLM, là où est le logement, et dont le motif enregistré dit "
        "« impayé ».",
        _ACTIVES,
        "rien : toute commune d’une mutation bloquée a sa ligne",
    ),
    "offre": Methode(
        f"Tension : {TENSION}. « Besoins des mutations » (support de 2017 : adapter la programmation) : demandes "
        "actives de ménages logés en HLM ; souhaits, une fois dans chaque typologie voulue ; besoins supposés, "
        f"{REGLE_DU_BESOIN} : c’est une hypothèse de l’application ; mutations, baux signés en 12 mois par des ménages "
        "déjà logés dans le parc social ; programmés, logements sociaux des opérations qui donnent toutes leurs "
        "typologies (table « programmation », colonnes « n_t1 » à « n_t6p », propres à l’application).",
        f"{_ACTIVES}, sur {_ATTRIBUTIONS}",
        "les demandes qui ne disent pas de commune, et dans le détail celles qui ne disent pas de typologie",
    ),
    "qpv": Methode(
        "Ménages modestes parmi ceux qui arrivent (entrants) et parmi ceux qui habitent (occupants de la dernière "
        "enquête). Règle nationale (loi du 27 janvier 2017) : en QPV, part des attributions à des ménages hors du "
        "premier quartile de ressources ; hors QPV, part du premier quartile ou des relogements NPRU. Seuil du premier "
        "quartile : celui de l’année.",
        f"{_ATTRIBUTIONS} et occupants aux ressources connues ; pour la règle, quartile connu",
        "les attributions au quartier inconnu ou aux ressources inconnues",
    ),
}


def preconise(ou: str, conseilles: pd.DataFrame) -> str:
    """`Dans l’ICI 2, accueillir au plus **405** ménages modestes sur **811** logements attendus en quartiers fragiles,
    environ **267** sur **534** en fragilité moyenne…`; what lacks where nothing is advised. `conseilles`: the rows of
    `preconisations.par_quartier` or `par_residence` that advise something."""
    if conseilles.empty:
        return (
            f"Dans {ou}, aucune préconisation : il manque un objectif en vigueur, la fragilité des quartiers ou la "
            "rotation des résidences."
        )
    dits: list[str] = []
    for classe, lieu in _LIEUX.items():
        siens = conseilles[conseilles["fragilite"] == classe]
        if len(siens):
            attendus, modestes = (langue.nombre(int(siens[c].sum())) for c in ("n_attendues", "n_modestes"))
            qui, quoi = ("", "") if dits else (" ménages modestes", " logements attendus")
            dits.append(f"{_MESURES[classe]}**{modestes}**{qui} sur **{attendus}**{quoi} {lieu}")
    return f"Dans {ou}, accueillir {langue.liste(dits)}."


def ecartes(frame: pd.DataFrame, maille: str) -> str:
    """How many places of `maille` (quartier, residence) have no line, and at a desk why: none is left out in
    silence."""
    lieux = frame[frame[maille] != "inconnu"]
    sans_rotation, sans_logement = lieux["n_attendues"].isna(), lieux["n_attendues"].fillna(-1) == 0
    sans_dosage = ~sans_rotation & ~sans_logement & lieux["n_modestes"].isna()
    sans_fragilite = sans_dosage & (lieux["fragilite"] == "inconnu")
    comptes = {
        "sans rotation connue": int(sans_rotation.sum()),
        "sans fragilité connue": int(sans_fragilite.sum()),
        "sans objectif en vigueur ou qui s’y tienne": int((sans_dosage & ~sans_fragilite).sum()),
        "sans logement attendu": int(sans_logement.sum()),
    }
    n = sum(comptes.values())
    if not n:
        return ""
    dites = langue.liste([f"{langue.nombre(k)} {raison}" for raison, k in comptes.items() if k])
    pourquoi = "" if reader() == SALLE else f" ({dites})"
    return langue.typeset(f"Sans préconisation : {langue.effectif(n, _MAILLES[maille])}{pourquoi}.")


def attente(ou: str, vues: pd.DataFrame, sens: str) -> str:
    """`Dans l’ICI 1, pour **Lille**, **1 053** mutations bloquées attendent, dont **312** depuis 24 mois (**40** depuis
    36 mois)…`; where most wait for 24 months in another commune, it is named too.

    `vues`: the counts of the communes, as they are read, those of which most wait first; `sens`: `souhaitee`, or
    `residence`.
    """
    if vues.empty:
        return f"Dans {ou}, aucune mutation bloquée n’est en attente."
    premiere, qui = vues.iloc[0], "pour" if sens == "souhaitee" else "à"
    deux_ans, trois_ans = (f"**{langue.nombre(premiere[f'n_{mois}_mois'])}** depuis {mois} mois" for mois in (24, 36))
    mediane = premiere["mediane_mois"]
    suite = "" if pd.isna(mediane) else f" ; attente médiane : **{langue.nombre(mediane, 0)} mois**"
    durees = f"{deux_ans} ({trois_ans}){suite}"
    longues = vues[[n > premiere["n_24_mois"].au_plus for n in vues["n_24_mois"]]]
    if len(longues):
        plus = longues.loc[longues["n_24_mois"].astype(float).idxmax()]
        durees = f"{deux_ans} ; {qui} **{plus['nom']}**, {plus['n']}, dont **{plus['n_24_mois']}**"
    return f"Dans {ou}, {qui} **{premiere['nom']}**, {_bloquees(premiere['n'])}, dont {durees}."


def criteres(ici: str, lus: pd.DataFrame, dits: pd.DataFrame) -> str:
    """How many mutations wait blocked, and the criteria that most of them hold. `lus`: the exact counts (`cle`, `n`) in
    `ici` (empty: everywhere), of which the whole is said; `dits`: as they are read, the most first, with their
    `libelle`."""
    qui = de_l_ici(ici)
    if lus.empty:
        return f"Aucune des demandes {qui} n’est une mutation bloquée en attente."
    tete = _bloquees(reader().compte(int(lus["n"].sum())), f" {qui}")
    nommes = dits[(dits["cle"] != "inconnu") & dits["n"].map(lambda n: n.est_dit)][:3]
    if nommes.empty:
        return f"{tete} ; aucun critère n’en dit assez pour être compté."
    premiers = [f"**{x['libelle']}** ({langue.nombre(x['n'])})" for x in nommes.to_dict("records")]
    return f"{tete}, d’abord : {langue.liste(premiers)}."


def _bloquees(n: Compte, qui: str = "") -> str:
    bloquees = langue.effectif(n, "mutation bloquée", "mutations bloquées")
    return f"**{bloquees}**{qui} {langue.agree(n, 'attend', 'attendent')}"


def plus_tendue(ou: str, montrees: pd.DataFrame, duree: Duree) -> str:
    """The commune where the most ask for one attribution, of those where that is no chance: one of fewer may be above,
    on the map or, in a room, unsaid. `montrees`: `nom`, `n_demandes`, `n_attributions`, `tension` as they are read."""
    comptees = montrees[montrees["tension"].notna() & (montrees["n_attributions"] > 0)]
    sures = comptees[(comptees["n_demandes"] >= EFFECTIF_MINIMAL) & (comptees["n_attributions"] >= EFFECTIF_MINIMAL)]
    if sures.empty:
        return f"Dans {ou}, trop peu d’attributions pour mesurer une tension."
    premiers = sures[sures["tension"] == sures["tension"].max()]  # to the unit, several are
    premier, sans = premiers.iloc[0], int((montrees["n_attributions"] == 0).sum())
    autres = montrees.drop(sures.index)["tension"][montrees["n_attributions"] != 0]
    parmi = "" if (autres <= premier["tension"]).all() else f", d’au moins {EFFECTIF_MINIMAL} attributions,"
    un = len(premiers) == 1
    debut = f"{'la commune la plus tendue' if un else 'les communes les plus tendues'}{parmi} {'est' if un else 'sont'}"
    comptes = f" ({langue.nombre(premier['n_demandes'])} pour {langue.nombre(premier['n_attributions'])})" if un else ""
    rien = langue.effectif(sans, "commune demandée n’a rien offert", "communes demandées n’ont rien offert")
    return (
        f"Dans {ou}, {debut} {langue.liste([f'**{nom}**' for nom in premiers['nom']])} : "
        f"**{langue.demandes_pour_une(premier['tension'])} pour une attribution** en {duree}{comptes}"
        f"{f' ; {rien}' if sans else ''}."
    )


def tension_du_lieu(ou: str, sienne: pd.Series, moyenne: float, duree: Duree) -> str:
    """`À Lille, **15 demandes pour une attribution** en 12 mois (2 630 pour 175), pour 8,2 en moyenne dans l’ICI.`
    `sienne`: the line of the commune, as it is read."""
    demandes, attributions = sienne["n_demandes"], sienne["n_attributions"]
    if pd.isna(sienne["tension"]) or sienne["tension"] == float("inf"):
        dits = langue.effectif(demandes, "demande"), langue.effectif(attributions, "attribution")
        return f"{langue.capitalize(ou)}, {dits[0]} pour {dits[1]} en {duree}."
    return (
        f"{langue.capitalize(ou)}, **{langue.demandes_pour_une(sienne['tension'])} pour une attribution** en {duree} "
        f"({demandes} pour {attributions}), pour {langue.rapport(moyenne)} en moyenne."
    )


def tension_dite(tension: float, demandes: Compte, attributions: Compte) -> str:
    """`15 demandes pour une attribution (2 630 pour 175)`: of a commune, or of those that are shown."""
    return f"{langue.demandes_pour_une(tension)} pour une attribution ({demandes} pour {attributions})"


def moyenne_courte(tension: float) -> str:
    """What a commune is set against on the map."""
    return langue.typeset(f"Demandes pour une attribution : {langue.rapport(tension)} en moyenne")


def peuplement(ou: str, ensemble: pd.Series, dans: pd.DataFrame) -> str:
    """Who comes to the QPV and who lives there, then how many of them hold the rule. `ensemble`: the sums over all of
    them, and their shares; `dans`: one row each, as `preconisations.peuplement`, as they are read."""
    if dans.empty:
        return f"Dans {ou}, aucun QPV n’est décrit dans les données."
    return f"Dans {ou}, {' ; '.join(filter(None, (entrants(ensemble), regle(dans))))}."


def entrants(ensemble: pd.Series) -> str:
    """`**62,3 %** des 812 entrants des QPV sont modestes, pour **68 %** des 9 120 occupants`; empty when too few."""
    n = ensemble["n_entrants_connus"]
    if pd.isna(ensemble["part_entrants"]):
        return ""
    sont = langue.agree(n, "est modeste", "sont modestes")
    part = f"**{langue.part(ensemble['part_entrants'])}** {langue.de_tous(n, 'entrant')}"
    dit = f"{part} des QPV aux ressources connues {sont}"
    if pd.notna(ensemble["part_occupants"]):
        en_place = langue.de_tous(ensemble["n_occupants"], "occupant")
        dit += f", pour **{langue.part(ensemble['part_occupants'])}** {en_place}"
    return f"{dit} ({TROP_FAIBLE_DIT})" if n < EFFECTIF_MINIMAL else dit


def regle(dans: pd.DataFrame) -> str:
    """How many QPV hold the objective in force, or why none is judged: no objective is ever supposed."""
    jugees = dans[dans["verdict"].isin(["atteint", "non_atteint"])]
    faibles = int((dans["verdict"] == "indetermine").sum())
    if jugees.empty:
        return f"aucun QPV ne se juge : {_sans_regle(dans, faibles)}"
    tenus, cibles = int((jugees["verdict"] == "atteint").sum()), jugees["cible"].unique()
    quoi = f"au moins {langue.part(float(cibles[0]), 0)}" if len(cibles) == 1 else "la part voulue"
    dit = f"**{langue.nombre(tenus)} QPV sur {langue.nombre(len(jugees))}**"
    dit += f" {langue.agree(tenus, 'accueille', 'accueillent')} {quoi} de ménages hors du premier quartile"
    if reste := len(dans) - len(jugees):
        pas = langue.agree(reste, "ne se juge pas", "ne se jugent pas")
        dit += f" ; {langue.nombre(reste)} {pas}{f' ({TROP_FAIBLE_DIT})' if reste == faibles else ''}"
    return dit


def _sans_regle(dans: pd.DataFrame, faibles: int) -> str:
    if (dans["motif"] == "seuil_absent").any():
        return f"le seuil du premier quartile manque{remede(', l’ajouter dans Préparer › Objectifs')}"
    if faibles:
        return TROP_FAIBLE_DIT
    return "aucun objectif n’est en vigueur" if dans["part_regle"].notna().any() else "trop peu d’entrants"


PREMIER_REGARD = (
    "Les segments se recoupent. Un premier regard, pas une cotation : ni les ressources, ni la typologie, ni le "
    "logement libre n’y entrent."
)


def tete_de_file(ensemble: pd.Series, taille: int, ou: str, *, est_l_ordre: bool = False) -> str:
    """`Dans l’ICI 2, les **2 089 premières demandes** sur 20 895…`: how many enter the head. `ensemble`: see
    `ordonnancement.compare`. `est_l_ordre`: by its weights alone, that of ancienneté, which is nobody's secret."""
    file, entrent = (reader().compte(ensemble[c]) for c in ("n", "n_entrent"))
    if file == 0:
        return f"Dans {ou}, aucune demande à ordonner."
    tete = reader().compte(min(taille, ensemble["n"]))
    fin = (
        "c’est l’ordre d’ancienneté."
        if entrent == 0 or est_l_ordre
        else f"**{langue.nombre(entrent)}** y entrent et autant en sortent par rapport à l’ordre d’ancienneté."
    )
    return (
        f"Dans {ou}, les **{langue.effectif(tete, 'première demande', 'premières demandes')}** sur "
        f"{langue.nombre(file)} sont ce que six mois d’attributions peuvent loger : {fin}"
    )
