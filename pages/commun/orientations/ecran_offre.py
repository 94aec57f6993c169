"""13h30, the offer: what each quartier and résidence calls for, offer against demand, blocked mutations, QPV."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mel_core import langue
from mel_core.secret.regroupement import SEUIL
from pages.commun import cadre, donnees, perimetre, widgets
from pages.commun.orientations import attentes_mutations, constructeur
from pages.commun.orientations import lecture_offre as lecture
from pages.commun.perimetre import Perimetre

FRAGILITES = {"fragile": "fragile", "moyenne": "moyenne", "sans": "sans fragilité", "inconnu": "inconnue"}
MAILLES = {"quartier": "Par quartier", "residence": "Par résidence"}
SENS = {"souhaitee": "Commune souhaitée", "residence": "Commune habitée"}
_MASQUE_DIT = f"« — » : inconnu, ou moins de {SEUIL} ménages."
_TYPOLOGIES = ("ensemble", "T1", "T2", "T3", "T4", "T5", "T6P")


def _cle(choisi: Perimetre) -> tuple[str, str, str]:
    return choisi.instantane.identifiant, str(choisi.seance), choisi.ici or ""


def _message(texte: str) -> None:
    with st.container(key="message"):
        st.markdown(langue.typographier(texte))


def _choisir(cle: str, options: dict[str, str]) -> str:
    return perimetre.option("Maille", cle, list(options), options.__getitem__, partout=True)


def _entier(valeur: object) -> str:
    return langue.nombre(valeur)  # type: ignore[arg-type]


def preconisations(choisi: Perimetre) -> None:
    """How many modest households to welcome among the lettings expected, where the objectives say so."""
    maille = _choisir("maille", MAILLES)
    frame = lecture.lieux(*_cle(choisi), maille)
    cadre.etat(cadre.HYPOTHESE, "six mois qui viennent, vacances attendues d’après la rotation de chaque résidence")
    conseilles = frame[_est_conseille(frame)]
    ecartes = dire_les_ecartes(frame, maille)
    if conseilles.empty:
        _message(
            f"Dans {choisi.ici_dite}, aucune préconisation : il manque un objectif en vigueur, la fragilité des "
            "quartiers ou la rotation des résidences."
        )
        st.html(f'<p class="reserve">{ecartes}</p>')
        return
    fragiles = conseilles[conseilles["fragilite"] == "fragile"]
    autres = conseilles[conseilles["fragilite"] != "fragile"]
    _message(
        f"Dans {choisi.ici_dite}, sur **{_entier(int(fragiles['n_attendues'].sum()))}** logements attendus dans les "
        f"quartiers fragiles, accueillir **{_entier(int(fragiles['n_modestes'].sum()))}** ménages modestes ; ailleurs, "
        f"**{_entier(int(autres['n_modestes'].sum()))}** sur {_entier(int(autres['n_attendues'].sum()))}."
    )
    vues = conseilles.sort_values("n_attendues", ascending=False)
    communes = donnees.communes(choisi.instantane.identifiant, str(choisi.seance))
    lieux = {"Lieu": vues["nom"].fillna("Sans nom")}
    lieux["Commune"] = vues["commune"].map(dict(zip(communes["commune"], communes["nom"], strict=True)))
    if maille == "residence":
        lieux["Bailleur"] = vues["bailleur"].map(constructeur.noms_des_bailleurs(choisi)).fillna(vues["bailleur"])
    table = pd.DataFrame(
        {
            **lieux,
            "Attendus": vues["n_attendues"].astype(float),
            "Modestes à accueillir": vues["n_modestes"].astype(float),
            "Autres": vues["n_autres"].astype(float),
            "Fragilité": vues["fragilite"].map(FRAGILITES),
            "Vacance": vues["part_vacance"].astype(float),
            "Entrants modestes": vues["part_entrants"].astype(float),
            "Occupants modestes": vues["part_occupants"].astype(float),
        }
    )
    parts = dict.fromkeys(("Vacance", "Occupants modestes", "Entrants modestes"), langue.part)
    entiers = dict.fromkeys(("Attendus", "Modestes à accueillir", "Autres"), langue.nombre)
    widgets.grille(table, {**parts, **entiers}, f"Préconisations {MAILLES[maille].lower()}")
    st.html(
        f'<p class="reserve">{ecartes} Entrants : 12 mois. {_MASQUE_DIT} La somme des résidences fait '
        "celle de leur quartier.</p>"
    )


def _est_conseille(frame: pd.DataFrame) -> pd.Series:
    return frame["n_modestes"].notna() & (frame["n_attendues"].fillna(0) > 0)


def dire_les_ecartes(frame: pd.DataFrame, maille: str) -> str:
    """How many places have no line, and why: none is left out in silence."""
    lieux = frame[frame[maille] != "inconnu"]
    sans_rotation = lieux["n_attendues"].isna()
    sans_logement = lieux["n_attendues"].fillna(-1) == 0
    sans_dosage = ~sans_rotation & ~sans_logement & lieux["n_modestes"].isna()
    sans_fragilite = sans_dosage & (lieux["fragilite"] == "inconnu")
    raisons = [
        f"{langue.nombre(int(masque.sum()))} {raison}"
        for masque, raison in (
            (sans_rotation, "sans rotation connue"),
            (sans_fragilite, "sans fragilité connue"),
            (sans_dosage & ~sans_fragilite, "sans objectif en vigueur ou qui s’y tienne"),
            (sans_logement, "sans logement attendu"),
        )
        if masque.any()
    ]
    n = len(lieux) - int(_est_conseille(lieux).sum())
    if n == 0:
        return ""
    mot = "quartier" if maille == "quartier" else "résidence"
    return langue.typographier(f"Sans préconisation : {langue.effectif(n, mot)} ({langue.liste(raisons)}).")


def offre(choisi: Perimetre) -> None:
    """How many ask for how many given, by commune and typologie."""
    if not choisi.ici:
        _message("L’offre et la demande se lisent ICI par ICI : choisir une ICI.")
        return
    frame = lecture.offre_demande(*_cle(choisi))
    ensemble = frame[frame["typologie"] == "ensemble"].sort_values("n_demandes", ascending=False)
    sures = ensemble[ensemble["n_attributions"] >= SEUIL]
    if sures.empty:
        _message(f"Dans {choisi.ici_dite}, trop peu d’attributions pour mesurer une tension.")
        return
    premier = sures.loc[sures["tension"].idxmax()]
    sans = int((ensemble["n_attributions"] == 0).sum())
    rien = langue.effectif(sans, "commune demandée n’a rien offert", "communes demandées n’ont rien offert")
    _message(
        f"Dans {choisi.ici_dite}, la commune la plus tendue est **{premier['nom']}** : "
        f"**{langue.nombre(premier['tension'], 1)} demandes pour une attribution** en 12 mois "
        f"({langue.nombre(premier['n_demandes'])} pour {langue.nombre(premier['n_attributions'])})"
        f"{f' ; {rien}' if sans else ''}."
    )
    visibles = frame[
        (frame["n_demandes"] >= SEUIL) & ((frame["n_attributions"] >= SEUIL) | (frame["n_attributions"] == 0))
    ]
    tensions = visibles.pivot_table(index="nom", columns="typologie", values="tension", aggfunc="first")
    colonnes = [t for t in _TYPOLOGIES if t in tensions]
    table = ensemble[["nom", "n_demandes", "n_attributions", "n_logements", "n_vacants"]].merge(
        tensions[colonnes].reset_index(), on="nom", how="left"
    )
    for colonne in ("n_demandes", "n_attributions", "n_vacants"):
        valeurs = table[colonne].astype("float64")
        table[colonne] = valeurs.where((valeurs >= SEUIL) | (valeurs == 0))
    noms = {"ensemble": "Tension, toutes", "T6P": "T6 et plus"}
    table = table.rename(
        columns={
            "nom": "Commune",
            "n_demandes": "La souhaitent",
            "n_attributions": "Attributions (12 mois)",
            "n_logements": "Logements",
            "n_vacants": "Vacants",
            **{t: noms.get(t, t) for t in colonnes},
        }
    )
    comptes = ("La souhaitent", "Attributions (12 mois)", "Logements", "Vacants")
    table = table.astype(dict.fromkeys(comptes, "float64"))
    formats = dict.fromkeys(comptes, langue.nombre) | {
        noms.get(t, t): (lambda v: langue.nombre(v, 1)) for t in colonnes
    }
    widgets.grille(table, formats, "Demandes pour une attribution, par commune et typologie")
    st.html(
        '<p class="reserve">Tension : demandes actives qui souhaitent la commune, pour une attribution des 12 derniers '
        f"mois ; une demande compte dans chaque souhait. {_MASQUE_DIT}</p>"
    )


def mutations(choisi: Perimetre) -> None:
    """The blocked mutations pending, by commune, the longest waits first."""
    sens = _choisir("mutations_par", SENS)
    frame = lecture.mutations_bloquees(*_cle(choisi))
    if frame is None:
        _message("Les données n’ont pas la colonne « mutation_bloquee » : la demander au prochain import.")
        return
    siennes = frame[frame["sens"] == sens]
    vues = attentes_mutations.montrer(siennes)
    if vues.empty:
        _message(f"Dans {choisi.ici_dite}, aucune commune ne compte au moins {SEUIL} mutations bloquées en attente.")
        return
    _message(f"Dans {choisi.ici_dite}, {attentes_mutations.dire(vues.iloc[0], sens)}")
    table = pd.DataFrame(
        {
            SENS[sens]: vues["nom"],
            "Mutations bloquées": vues["n"].astype(float),
            "36 mois ou plus": vues["n_36_mois"],
            "Part, 36 mois": vues["part_36_mois"],
            "24 mois ou plus": vues["n_24_mois"],
            "Part, 24 mois": vues["part_24_mois"],
            "Attente médiane (mois)": vues["mediane_mois"].astype(float),
        }
    )
    parts = dict.fromkeys(("Part, 36 mois", "Part, 24 mois"), langue.part)
    formats = {c: parts.get(c, langue.nombre) for c in list(table)[1:]}
    widgets.grille(table, formats, "Mutations bloquées en attente")
    st.html(f'<p class="reserve">{attentes_mutations.dire_les_tues(len(siennes), len(vues))}</p>')


def juger_les_qpv(dans: pd.DataFrame) -> str:
    """How many QPV hold the objective in force, or why none is judged: no objective is ever supposed."""
    jugees = dans[dans["part_regle"].notna() & dans["cible"].notna()]
    if jugees.empty:
        motif = (
            "le seuil du premier quartile manque, l’ajouter dans Préparer › Objectifs et paramètres"
            if (dans["motif"] == "seuil_absent").any()
            else "aucun objectif n’est en vigueur"
            if dans["part_regle"].notna().any()
            else "trop peu d’entrants"
        )
        return f"la règle hors premier quartile ne se juge dans aucun QPV : {motif}"
    tenus = int((jugees["part_regle"] >= jugees["cible"]).sum())
    cibles = jugees["cible"].unique()
    quoi = f"au moins {langue.part(float(cibles[0]), 0)}" if len(cibles) == 1 else "la part voulue"
    verbe = langue.accorder(tenus, "accueille", "accueillent")
    reste = len(dans) - len(jugees)
    suite = f" ; {langue.nombre(reste)} ne se juge{'nt' if reste > 1 else ''} pas" if reste else ""
    return (
        f"**{langue.nombre(tenus)} QPV sur {langue.nombre(len(jugees))}** {verbe} {quoi} de ménages hors du premier "
        f"quartile{suite}"
    )


def qpv(choisi: Perimetre) -> None:
    """Who lives and who comes in each QPV, beside the national ruler; what the commissions returned."""
    frame, commissions = lecture.qpv(*_cle(choisi))
    dans = frame[~frame["qpv"].isin(["hors_qpv", "inconnu"])]
    if dans.empty:
        _message(f"Dans {choisi.ici_dite}, aucun QPV n’est décrit dans les données.")
        return
    _message(f"Dans {choisi.ici_dite}, {juger_les_qpv(dans)}.")
    table = pd.DataFrame(
        {
            "QPV": frame["nom"].fillna(frame["qpv"].map({"hors_qpv": "Hors QPV", "inconnu": "Quartier inconnu"})),
            "Logements": frame["n_logements"].astype(float),
            "Occupants modestes": frame["part_occupants"].astype(float),
            "Entrants modestes": frame["part_entrants"].astype(float),
            "Part à la règle nationale": frame["part_regle"].astype(float),
            "Objectif": frame["cible"].astype(float),
        }
    )
    parts = dict.fromkeys(
        ("Occupants modestes", "Entrants modestes", "Part à la règle nationale", "Objectif"), langue.part
    )
    widgets.grille(table, {"Logements": langue.nombre, **parts}, "Peuplement des QPV")
    st.html(
        '<p class="reserve">Règle : en QPV, au moins la moitié hors du premier quartile ; hors QPV, au moins un quart '
        f"du premier quartile (loi du 27 janvier 2017). {_MASQUE_DIT}</p>"
    )
    if not commissions.empty:
        st.markdown("#### Retour des commissions de désignation")
        retours = pd.DataFrame(
            {
                "QPV": commissions["nom"].fillna(commissions["qpv"]),
                "Commissions": commissions["n_commissions"].astype(float),
                "Candidats": commissions["n_candidats"].astype("float64"),
                "Désignés": commissions["part_designes"].astype(float),
            }
        )
        retours["Candidats"] = retours["Candidats"].where(retours["Candidats"] >= SEUIL)
        retours["Désignés"] = retours["Désignés"].where(retours["Candidats"].notna())
        formats = {"Commissions": langue.nombre, "Candidats": langue.nombre, "Désignés": langue.part}
        widgets.grille(retours, formats, "Retour des commissions de désignation")
