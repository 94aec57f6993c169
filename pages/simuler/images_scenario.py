"""The pictures of a scenario’s answer: its charts, which follow the lever, and its map, drawn when the hand rests; how
its figures are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from html import escape
from textwrap import wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from mel_core.indicateurs import phrases_constats
from mel_core.secret.bail import reader
from mel_core.simulation import programmation
from mel_core.simulation.programmation import PART_2017, au_moins, share_out
from mel_core.simulation.reorientation.phrases import part_de_l_effort
from mel_core.simulation.scenarios import Resultat
from mel_core.simulation.scenarios.projections import ResultatConvergence
from mel_core.socle import langue
from mel_core.socle.valeurs import Compte
from pages.commun import memo
from pages.commun.choix_perimetre import Perimetre
from pages.commun.images import cartes, couleurs, courbes
from pages.commun.images import lignes as dessins
from pages.commun.images.cartes import Carte
from pages.commun.images.gabarit import Image, axe_de_parts, bulle, figure
from pages.commun.mesures import lecture_scenario

LIGNES_DESSINEES = 10
_LETTRES = 28  # of a figure under its bars
_PRODUITS = (("PLAI", "n_plai_vise", couleurs.AU_DESSOUS), ("PLUS", "n_plus_vise", couleurs.AU_DESSOUS_CLAIR))
_AVANT = "PLAI aujourd’hui"


def operations(programmees: pd.DataFrame) -> Image:
    """The largest operations, those that change first; the PLAI planned today as a mark. Under the axis, how many of
    them are drawn when not all are."""
    connues = programmees[programmees["est_connue"] & (programmees["n_sociaux"] > 0).fillna(False)]
    vues = connues.assign(change=connues["ecart_plai"] != 0).sort_values(
        ["change", "n_sociaux", "operation"], ascending=[False, False, True], ignore_index=True
    )[:LIGNES_DESSINEES]
    dits = [
        f"{x.n_plai} → {x.n_plai_vise} PLAI sur {x.n_sociaux}" if x.change else f"{x.n_plai} PLAI sur {x.n_sociaux}"
        for x in vues.itertuples()
    ]
    noms = [f"{x.nom_commune}, {x.annee}{' (NPRU)' if x.npru else ''}" for x in vues.itertuples()]
    infobulles = [
        f"{nom} : {d}, soit {langue.part(part)}"
        for nom, d, part in zip(vues["nom"].fillna(vues["operation"]), dits, vues["part_visee"], strict=True)
    ]
    reste = "" if len(vues) == len(connues) else f"les {len(vues)} premières opérations sur {len(connues)}"
    barres = [dessins.barres(vues[c].astype(float), produit, ton, infobulles) for produit, c, ton in _PRODUITS]
    marque = {"size": 14, "symbol": "diamond", "color": couleurs.PAPIER, "line": {"color": couleurs.ENCRE, "width": 2}}
    return dessins.en_lignes(
        pd.DataFrame({"libelle": noms, "valeur_dit": dits}),
        [*barres, dessins.points(vues["n_plai"].astype(float), _AVANT, marque, infobulles)],
        dessins.nombres(
            vues["n_sociaux"].astype(float), langue.typeset(" ; ".join(filter(None, ("logements PLUS et PLAI", reste))))
        ),
        "PLAI et PLUS par opération",
        " ; ".join([*filter(None, [reste]), *(f"{nom} {dit}" for nom, dit in zip(noms, dits, strict=True))]),
        barmode="stack",
        legend={"traceorder": "normal"},
    )


BARRES_MAX = 9
LOGEMENTS_EXEMPLE, PART_SOCIALE_EXEMPLE = 30, Fraction(3, 10)
EN_MOINS, EN_PLUS, LES_DEUX, RIEN = "en moins", "en plus", "les deux", "rien à réorienter"
SANS = "aucune attribution"
SENS = {
    EN_MOINS: couleurs.AU_DESSUS_CLAIR,
    EN_PLUS: couleurs.AU_DESSOUS_CLAIR,
    LES_DEUX: couleurs.PROCHE_CLAIR,
    RIEN: couleurs.SANS_AVIS,
    SANS: couleurs.FILET,
}
FIGURES = {
    "n_attendues": "attributions attendues et connues",
    "a_reorienter": "attributions à réorienter",
    "n_en_plus": "ménages visés en plus",
    "n_en_moins": "ménages visés en moins",
    "part": "part atteinte",
    "part_fragile": "part modeste, quartiers fragiles",
    "part_moyenne": "part modeste, fragilité moyenne",
    "part_sans": "part modeste, sans fragilité",
    "n_loges": "ménages ACI logés",
    "n_stock": "ménages ACI en attente",
    "n_restants": "ménages encore en attente",
    "semestres": "semestres pour écouler",
    "semestres_sans_entrees": "semestres, sans nouvelles entrées",
    "n_reorientes": "attributions à réorienter",
    "n_equilibre": "dont pour l’équilibre",
    "n_aci": "dont pour les ménages ACI",
    "n_communs": "dont pour les deux à la fois",
    "n_objectifs": "objectifs, lieu par lieu",
    "n_objectifs_tenus": "objectifs tenus",
    "part_aci": "part ACI en premier accès",
    "ecart_initial": "écart d’occupation aujourd’hui",
    "ecart_horizon": "écart d’occupation à l’horizon",
    "ecart_limite": "écart à très long terme, à entrants constants",
    "part_inatteignable": "ce qu’il resterait de l’écart d’aujourd’hui",
    "semestre_moitie": "semestre où l’écart est réduit de moitié",
    "n_residences": "résidences projetées",
    "n_logements_laisses": "logements laissés hors du calcul",
    "n": "demandes",
    "n_servis": "ménages relogés par semestre",
    "n_deplaces": "attributions déplacées",
    "n_plai": "PLAI",
    "n_sociaux": "PLUS et PLAI",
    "part_plai": "part de PLAI",
    "n_plai_dus": "PLAI dus à la reconstitution",
    "annees_logements": "années pour reconstituer, opérations NPRU seules",
    "annees_plai_min": "années, si tous les PLAI comptent",
    "annees_plai_max": "années, si seuls ceux au-delà de 20 % comptent",
    "n_tete": "demandes en tête de file",
    "n_entrent": "entrent en tête de file",
    "n_menage_aci": "ménages ACI en tête",
    "n_mutation_bloquee": "mutations bloquées en tête",
    "n_delai_anormalement_long": "délais anormalement longs en tête",
    "n_sur_occupation": "sur-occupations en tête",
}


def noms(choisi: Perimetre) -> dict[str, str]:
    """What communes and bailleurs are called, by code."""
    return choisi.noms("commune") | choisi.bailleurs


def name(choisi: Perimetre, lignes: pd.DataFrame, cle: str) -> pd.DataFrame:
    """`lignes`, one row per place (`cle`: commune or bailleur; see `reponses.par`), with `code` and `nom`."""
    return lignes.assign(code=lignes[cle], nom=lignes[cle].map(noms(choisi)).fillna(lignes[cle]))


def mouvements(
    montrees: pd.DataFrame,
    titre: str = "Attributions à réorienter par commune",
    unite: str = "attributions à réorienter",
) -> Image:
    """`montrees`: see `name`. What is not drawn is summed at the end. `unite`: under the axis."""
    bouge = montrees[montrees["a_reorienter"].gt(0)]
    lignes = [(x.nom, int(x.n_en_moins), int(x.n_en_plus)) for x in bouge[:BARRES_MAX].itertuples()]
    reste = bouge[BARRES_MAX:]
    if len(reste):
        lignes.append(
            (
                langue.effectif(len(reste), "autre commune", "autres communes"),
                int(reste["n_en_moins"].sum()),
                int(reste["n_en_plus"].sum()),
            )
        )
    dits = [phrases_constats.mouvement(moins, plus) for _, moins, plus in lignes]
    infobulles = [f"{nom} : {dit}" for (nom, _, _), dit in zip(lignes, dits, strict=True)]
    base = pd.DataFrame({"libelle": [nom for nom, _, _ in lignes], "valeur_dit": dits, "infobulle": infobulles})
    # To the left of 0, what there is too much of; to the right, what is missing.
    cotes = {
        EN_MOINS: (pd.Series([-moins for _, moins, _ in lignes], dtype="int64"), couleurs.AU_DESSUS),
        EN_PLUS: (pd.Series([plus for _, _, plus in lignes], dtype="int64"), couleurs.AU_DESSOUS),
    }
    return dessins.deux_sens(base, cotes, unite, titre, None if infobulles else "rien à réorienter")


def tete(constat: Mapping[str, Any], synthese: Mapping[str, Any]) -> Image:
    """Who stands at the head of the queue, with the weights of the scenario, beside the order of arrival."""
    cles = [c for c in synthese if c.startswith("n_") and c not in ("n_tete", "n_entrent")]
    dits = [f"{chiffre(c, synthese[c])}, contre {chiffre(c, constat[c])}" for c in cles]
    noms = [nom(c).removesuffix(" en tête") for c in cles]
    lignes = pd.DataFrame(
        {
            "libelle": [langue.capitalize(n) for n in noms],
            "valeur_dit": dits,
            "infobulle": [f"{n} : {dit} par ancienneté" for n, dit in zip(noms, dits, strict=True)],
            "effectif": [float(synthese[c] or 0) for c in cles],
        }
    )
    titre = "En tête de file avec ces poids, contre l’ancienneté seule"
    return dessins.effectifs(lignes, titre, titre)


_TONS = (couleurs.PROCHE_CLAIR, couleurs.AU_DESSOUS, couleurs.AU_DESSOUS_CLAIR, couleurs.AU_DESSUS)
_COMPARES = 4  # figures beside each other: more would be no picture


def cote_a_cote(colonnes: Mapping[str, Mapping[str, Any]], cles: Sequence[str]) -> Image | None:
    """The first figures that the scenarios do not share, a bar each and its constat, each figure on its own scale; None
    where they share all of them.

    `colonnes`: of each, by what it is called, the constat first, its figures as they are read.
    """
    nombres = {titre: {c: _nombre(siens.get(c)) for c in cles} for titre, siens in colonnes.items()}
    # Of two that are the same everywhere, the first is enough.
    dessines = {tuple(x[c] for x in nombres.values()): c for c in reversed(cles)}
    bougent = [c for c in cles if c in dessines.values() and len({x[c] for x in nombres.values()}) > 1][:_COMPARES]
    if not bougent:
        return None
    plus_grands = {c: max(abs(x[c]) for x in nombres.values()) or 1 for c in bougent}
    noms = ["<br>".join(wrap(langue.capitalize(nom(c)), _LETTRES)) for c in bougent]
    barres, lus = [], []
    for (titre, siens), ton in zip(colonnes.items(), _TONS, strict=False):
        dits = [chiffre(c, siens.get(c)) for c in bougent]
        hauteurs = [nombres[titre][c] / plus_grands[c] for c in bougent]
        bulles = [f"{titre} : {nom(c)}, {dit}" for c, dit in zip(bougent, dits, strict=True)]
        trait = {"marker": {"color": ton, "line": dessins.CONTOUR_FIN}, "text": dits, "textposition": "outside"}
        barres.append(
            go.Bar(x=noms, y=hauteurs, name=titre, showlegend=True, cliponaxis=False, **trait, **bulle(bulles))
        )
        lus += bulles
    axe = {"visible": False, "range": [min(0.0, *(h for b in barres for h in b.y)), 1.15]}
    titre = "Scénarios côte à côte, chaque chiffre à son échelle"
    return Image(figure(barres, barmode="group", yaxis=axe), titre, " ; ".join(lus))


def _nombre(valeur: Any) -> float:
    """How long its bar is; nothing for what is not said."""
    lu = float(valeur) if valeur is not None else 0.0
    return 0.0 if lu != lu else lu


def _sens(moins: float, plus: float) -> str:
    if moins > 0 and plus > 0:
        return LES_DEUX
    return EN_MOINS if moins > 0 else EN_PLUS if plus > 0 else RIEN


def chiffre(cle: str, valeur: object) -> str:
    """A operations of a scenario as it is read: shares in per cent, gaps in points, the rest whole (or to a tenth)."""
    if isinstance(valeur, Compte):
        return str(valeur)
    if valeur is None or valeur != valeur:
        return langue.ABSENT
    if cle.startswith("ecart"):
        return langue.points(100 * float(valeur))  # type: ignore[arg-type]
    if cle.startswith("part"):
        return langue.part(valeur)  # type: ignore[arg-type]
    return langue.nombre(valeur, 0 if float(valeur).is_integer() else 1)  # type: ignore[arg-type]


def nom(cle: str) -> str:
    """What a operations is called on screen."""
    return FIGURES.get(cle, cle.removeprefix("n_").replace("_", " "))


def exemple(part_plai: Fraction) -> str:
    """The deck's operation of 30 dwellings, in 2017 and at the share tried, one square a dwelling (HTML)."""
    sociaux = au_moins(LOGEMENTS_EXEMPLE, PART_SOCIALE_EXEMPLE)
    lignes = "".join(
        _ligne_exemple(quand, *share_out(sociaux, part))
        for quand, part in (
            (f"En 2017, {langue.part(PART_2017)}", PART_2017),
            (f"À {langue.part(part_plai)}", part_plai),
        )
    )
    titre = (
        f"Une opération de {LOGEMENTS_EXEMPLE} logements, dont {sociaux} sociaux ({langue.part(PART_SOCIALE_EXEMPLE)})"
    )
    conclusion = programmation.contre_2017(sociaux, part_plai)
    return f'<div class="exemple"><h3>{titre}</h3>{lignes}<p>{escape(conclusion)}</p></div>'


def _ligne_exemple(quand: str, n_plus: int, n_plai: int) -> str:
    carres = '<i class="plai">▪</i>' * n_plai + "<i></i>" * n_plus
    dit = f"{n_plus}{langue.INSECABLE}PLUS + {n_plai}{langue.INSECABLE}PLAI"
    return f'<p><span>{escape(quand)}</span><span class="carres" aria-hidden="true">{carres}</span><b>{dit}</b></p>'


COTES = {"equilibre": "Équilibre : ménages modestes", "aci": "Ménages ACI en premier accès"}
_UNITES = {"equilibre": "attributions, pour l’équilibre", "aci": "attributions, pour les ménages ACI"}
PAR_COMMUNE = ("equilibre", "aci")
LIEUX = (*PAR_COMMUNE, "plan")


def images(choisi: Perimetre, resultat: Resultat) -> tuple[Image, ...]:
    """The charts, side by side."""
    return _images(lecture_scenario.cle(resultat.scenario), choisi, resultat)


@memo.said(1024, est_partage=True)
def _images(cle: lecture_scenario.Cle, _choisi: Perimetre, _resultat: Resultat) -> tuple[Image, ...]:
    # The key says the snapshot, the séance and the ICI: all that is read of the perimeter.
    simulation, lignes = _resultat.scenario.simulation, _resultat.resultat
    if simulation in LIEUX and not reader().lit_tout:
        # Place by place, every value of its levers would give exact counts back.
        return _parts(*lecture_scenario.chiffres(_choisi, _resultat))
    if simulation == "plan":
        return _plan(_choisi, _resultat)
    if simulation in PAR_COMMUNE:
        unite = f"attributions : {part_de_l_effort(_choisi.ici_dite)}"
        return (mouvements(name(_choisi, _resultat.details["commune"], "commune"), unite=unite),)
    if simulation == "engagement" and not lignes.empty:
        avec, sans = (reader().comptes(s, ["stock_debut", "restants"]) for s in (lignes, _resultat.details["constat"]))
        return (courbes.restants(avec, sans, _choisi.seance),)
    if isinstance(_resultat, ResultatConvergence) and _resultat.synthese["ecart_initial"] is not None:
        moitie, dites = _resultat.synthese["semestre_moitie"], _resultat.classes_dites()
        suites = (t[t["fragilite"].isin(dites)] for t in (lignes, _resultat.details["constat"]))
        essai, constat = map(reader().projetees, suites)
        return (courbes.trajectoires(essai, constat, moitie),)
    if simulation == "programmation" and not lignes.empty:
        return (operations(lignes),)
    if simulation == "ordonnancement":
        return (tete(*lecture_scenario.chiffres(_choisi, _resultat)),)
    return ()


def _parts(constat: Mapping[str, Any], synthese: Mapping[str, Any]) -> tuple[Image, ...]:
    """Each share that is aimed at, from where it is; none where it is not said."""
    parts = {c: (constat[c], synthese[c]) for c in synthese if c.startswith("part") and pd.notna(constat.get(c))}
    if not parts:
        return ()
    dits = [f"{chiffre(c, avant)} → {chiffre(c, vise)}" for c, (avant, vise) in parts.items()]
    noms = [langue.capitalize(nom(c).removeprefix("part modeste, ")) for c in parts]
    bulles = [f"{nomme} : {dit}" for nomme, dit in zip(noms, dits, strict=True)]
    lignes = pd.DataFrame({"libelle": noms, "valeur_dit": dits, "infobulle": bulles})
    bornes = pd.DataFrame(list(parts.values()), columns=["avant", "vise"]).astype(float)
    titre, series = "Parts, au constat et visées", ("Constat", "Visé")
    return (dessins.deux_points(lignes.join(bornes), series, ("avant", "vise"), axe_de_parts(), titre),)


def _plan(choisi: Perimetre, resultat: Resultat) -> tuple[Image, ...]:
    """The two sides of a plan, commune by commune: a same attribution may serve both."""
    communes = resultat.details["commune"]
    return tuple(
        mouvements(
            name(choisi, communes[communes["indicateur"] == indicateur], "commune"),
            quoi,
            _UNITES[indicateur],
        )
        for indicateur, quoi in COTES.items()
    )


def a_une_carte(resultat: Resultat) -> bool:
    """Whether the answer says what moves in each commune, to who reads every count."""
    return resultat.scenario.simulation in PAR_COMMUNE and reader().lit_tout


def carte(choisi: Perimetre, resultat: Resultat) -> Carte:
    """What moves in each commune: the same numbers as the bars."""
    return _carte(lecture_scenario.cle(resultat.scenario), choisi, resultat)


@memo.said(1024, est_partage=True)
def _carte(cle: lecture_scenario.Cle, _choisi: Perimetre, _resultat: Resultat) -> Carte:
    vues = {x.commune: (x.n_en_moins, x.n_en_plus) for x in _resultat.details["commune"].itertuples()}
    nommees = _choisi.communes
    dits = {c: dit for c in nommees if c in vues and (dit := phrases_constats.mouvement(*vues[c]))}
    sens = [_sens(*vues[c]) if c in vues else SANS for c in nommees]
    lieux = pd.DataFrame(
        {
            "code": list(nommees),
            "classe": sens,
            "dit": [f"{nom} : {dits.get(c, dit)}" for (c, nom), dit in zip(nommees.items(), sens, strict=True)],
            "etiquette": [f"{nom}\n{dits[c]}" if c in dits else nom for c, nom in nommees.items()],
            "poids": [sum(map(int, vues[c])) if c in dits else 0 for c in nommees],
        }
    )
    lecture = "À réorienter : " + (", ".join(f"{nommees[c]} {dit}" for c, dit in dits.items()) or "rien")
    titre = "Carte des communes selon ce qui y est à réorienter"
    legende = f"Ménages visés : {part_de_l_effort(_choisi.ici_dite)}"
    return cartes.communes(lieux, SENS, titre, lecture, legende)
