"""The sentences of the measures of the bilan. Pure: rows of the contract in, French out (see `phrases`)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mel_core.contrat.tables import TABLES
from mel_core.indicateurs import INDICATEURS
from mel_core.indicateurs.besoins import Manque, remede
from mel_core.indicateurs.manques import Silence
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.indicateurs.phrases_constats import (
    QUARTIERS,
    TROP_FAIBLE_DIT,
    duree_de,
    ecart_dit,
    est_tenu,
    sans_conclure,
    say_part,
    sur_la_duree,
    vont,
)
from mel_core.socle import cibles, langue
from mel_core.socle.appellations import FRAGILITES_DITES
from mel_core.socle.valeurs import Compte

TROP_FAIBLE_COURT = "effectif trop faible"
HORS_CONTINGENT = ("AUCUN", "inconnu")  # lines that are no contingent, however large


def part_dite(nom: str, ou: str, ligne: pd.Series, ailleurs: pd.Series | None = None) -> str:
    """`Dans l’ICI 2, 22,6 % des 3 707 attributions …, contre 21 % dans la Métropole.`

    `nom`: the indicator. `ligne`, `ailleurs`: rows of the contract, here and in the whole Métropole. Of an objective in
    number, `250 des 8 955 attributions (3 %)`.
    """
    indicateur = INDICATEURS[nom]
    n = ligne["n_connus"]
    qui = f"{langue.de_tous(n, 'attribution')} {indicateur.connus}".strip()
    combien = f"**{say_part(ligne)}** {qui}"
    if cibles.est_en_nombre(ligne):  # held to a number, and not to a share: a room could not work it out
        combien = f"**{langue.nombre(ligne['numerateur'])}** {qui} ({langue.part(ligne['part'])})"
    debut = f"Dans {ou}, {combien} {vont(n)} {indicateur.vont}"
    if not duree_de(ligne).est_entiere:
        return f"{debut}{_reserves(ligne)}."
    if "cible" in ligne and pd.notna(ligne["cible"]):
        return f"{debut} : {_contre_la_cible(nom, ligne)}."
    if ailleurs is not None and pd.notna(ailleurs["part"]):
        debut += f" ({langue.part(ailleurs['part'])} dans la Métropole)"
    return f"{debut}{_reserves(ligne)}."


def _reserves(ligne: pd.Series, *, est_une_part: bool = True) -> str:
    """What ends the sentence of a finding: the months that the data cover when they are not twelve (contract §2), and,
    of a share, that too few are known to conclude (§4). `ligne`: what it is about."""
    est_faible = est_une_part and pd.notna(ligne["part"]) and ligne["n_connus"] < EFFECTIF_MINIMAL
    return sur_la_duree(ligne) + (f" ; {TROP_FAIBLE_DIT}" if est_faible else "")


def _contre_la_cible(nom: str, ligne: pd.Series) -> str:
    """The law's rule, or the objective that was set: a share, or a number a year (`il en manque 32 pour…`)."""
    ecart = ligne["ecart_attributions"]
    quoi = "la règle nationale" if INDICATEURS[nom].depend_du_seuil else "l’objectif"
    but = f"{quoi} de {cibles.objectif_dit(ligne)}"
    if ligne["verdict"] == "indetermine":
        return sans_conclure(ligne)
    tenu = "respectée" if INDICATEURS[nom].depend_du_seuil else "tenu"
    if est_tenu(ligne["verdict"], ecart):
        return f"{but} est {tenu}"
    if ligne.get("cote") == "indecis":  # so near that the count which is said is the objective's
        return f"{but} n’est pas {tenu} (écart de {langue.effectif(ecart, 'attribution')})"
    est_exces = ligne.get("cote") == "au-dessus"
    return f"{ecart_dit(ecart, est_exces, gras=True)} pour {'ne pas dépasser' if est_exces else 'atteindre'} {but}"


def ressources(ou: str, synthese: pd.Series) -> str:
    """`synthese`: `equilibre` over the whole scope."""
    return (
        f"Dans {ou}, **{langue.part(synthese['part'])}** {langue.de_tous(synthese['n_connus'], 'attribution')} "
        f"aux ressources connues {vont(synthese['n_connus'])} à des ménages modestes ou très modestes ; "
        f"{_sur(synthese['n_inconnus'], synthese['n'])} {langue.agree(synthese['n_inconnus'], 'a', 'ont')} des "
        f"ressources inconnues{_reserves(synthese)}."
    )


def _sur(n: Compte, total: Compte) -> str:
    return f"**{langue.nombre(n)}** sur {langue.nombre(total)}"


def aci_lieux(ou: str, ensemble: pd.Series, classes: pd.DataFrame) -> str:
    """`classes`: `aci` cut by fragilite_commune; those too few to conclude are not named."""
    noms = {"fragile": "en communes fragiles", "moyenne": "en fragilité moyenne", "sans": "sans fragilité"}
    acces = langue.de_tous(ensemble["n_connus"], "premier accès", "premiers accès")
    debut = f"Dans {ou}, **{langue.part(ensemble['part'])}** {acces} {vont(ensemble['n_connus'])} à des ménages ACI"
    parts = [
        f"**{langue.part(ligne.part)}** {noms[ligne.fragilite_commune]}"
        for ligne in classes.sort_values("fragilite_commune").itertuples()
        if ligne.fragilite_commune in noms and ligne.n_connus >= EFFECTIF_MINIMAL and pd.notna(ligne.part)
    ]
    return f"{debut}{f' : {langue.liste(parts)}' if parts else ''}{_reserves(ensemble)}."


def mutations(ou: str, par_acces: pd.DataFrame, fragiles: pd.DataFrame) -> str:
    """`par_acces`: `equilibre` cut by mutation; `fragiles`: the same in the fragile quartiers alone."""
    acces = par_acces.set_index("mutation")
    ici = acces.loc["mutation"]
    phrase = (
        f"Dans {ou}, **{langue.part(ici['part'])}** {langue.de_tous(ici['n_connus'], 'mutation')} "
        f"aux ressources connues {vont(ici['n_connus'])} à des ménages modestes"
    )
    if "premier_acces" in acces.index and pd.notna(acces.loc["premier_acces", "part"]):
        phrase += _contre(ici["part"], acces.loc["premier_acces", "part"], "des premiers accès")
    fragiles = fragiles[(fragiles["mutation"] == "mutation") & fragiles["n_connus"].ge(EFFECTIF_MINIMAL)]
    fragiles = fragiles[fragiles["part"].notna()]
    if len(fragiles):
        phrase += f" ; dans les {QUARTIERS['fragile']}, **{langue.part(fragiles['part'].iloc[0])}**"
    return f"{phrase}{_reserves(ici)}."


def _contre(part: float, autre: float, de_qui: str) -> str:
    """`, contre **52 %** des premiers accès`; two shares that read alike are set against each other by no number."""
    dite = langue.part(autre)
    return f", autant que {de_qui}" if dite == langue.part(part) else f", contre **{dite}** {de_qui}"


def npru(ou: str, ligne: pd.Series, ailleurs: pd.Series | None = None) -> str:
    """Counts rather than a share: relogements are few."""
    attributions = langue.agree(ligne["n_connus"], "attribution")
    phrase = (
        f"Dans {ou}, {_sur(ligne['numerateur'], ligne['n_connus'])} {attributions} "
        f"{langue.agree(ligne['numerateur'], 'reloge', 'relogent')} un ménage du NPRU"
    )
    if pd.notna(ligne["cible"]) and pd.notna(ligne["part"]) and duree_de(ligne).est_entiere:
        return f"{phrase} : {_contre_la_cible('npru', ligne)}."
    if ailleurs is not None:
        phrase += f" ({langue.nombre(ailleurs['numerateur'])} dans la Métropole)"
    return f"{phrase}{_reserves(ligne, est_une_part=False)}."


def entrants(ou: str, ligne: pd.Series) -> str:
    """`ligne`: `entrants_occupants` over the whole scope."""
    debut = (
        f"Dans {ou}, **{say_part(ligne)}** {langue.de_tous(ligne['n_connus'], 'entrant')} aux "
        f"ressources connues {_sont_modestes(ligne['n_connus'])}"
    )
    if not duree_de(ligne).est_entiere:
        return f"{debut}{_reserves(ligne)}."
    if pd.isna(ligne["ecart_points"]):
        return f"{debut} ; {_sans_occupants(ligne)}{_reserves(ligne)}."
    ecart = ligne["ecart_points"]
    sens = "de plus" if ecart > 0 or ligne.get("cote") == "au-dessus" else "de moins"
    points = f"**{langue.points(abs(ecart)).removeprefix('+')} {sens}**"
    occupants = f"que les occupants en place ({langue.part(ligne['part_occupants'])})"
    return f"{debut} : {points} {occupants}{_reserves(ligne)}."


def _sans_occupants(ligne: pd.Series) -> str:
    """Why entrants are compared to nobody, of a line that says no share of the occupants."""
    n = ligne["n_occupants"]
    if n.est_possible:
        return "la part des occupants en place ne se dit pas ici"
    return "les ressources des occupants en place ne sont pas connues"


def _sont_modestes(n: Compte) -> str:
    return langue.agree(n, "est modeste", "sont modestes")


def enjeu_de_mixite(ou: str, ligne: pd.Series, autres: pd.Series | None) -> str:
    """`ligne`, `autres`: `entrants_occupants` of the résidences à enjeu de mixité, and of the others (None: none)."""
    phrase = (
        f"Dans {ou}, **{langue.part(ligne['part'])}** {langue.de_tous(ligne['n_connus'], 'entrant')} des "
        f"résidences à enjeu de mixité, aux ressources connues, {_sont_modestes(ligne['n_connus'])}"
    )
    if pd.notna(ligne["part_occupants"]):
        phrase += f" (leurs occupants : **{langue.part(ligne['part_occupants'])}**)"
    if autres is not None and pd.notna(autres["part"]):
        phrase += _contre(ligne["part"], autres["part"], "dans les autres")
    return f"{phrase}{_reserves(ligne)}."


def regle_des_typologies(regle: pd.DataFrame) -> str:
    """From the typology of a commune to its fragilité. `regle`: typologie, fragilite; empty when there is no rule."""
    dits = [
        f"typologie {langue.liste([str(t) for t in siennes['typologie']])}, {FRAGILITES_DITES[fragilite]}"
        for fragilite, siennes in regle.groupby("fragilite", sort=False)
    ]
    return f"Sans fragilité donnée : {' ; '.join(dits)}." if dits else ""


def reservataires(ou: str, lignes: pd.DataFrame, total: Compte) -> str:
    """The contingent with the largest volume. `lignes`: `nom`, `ligne`, `n_total`, `part`, `n_connus`, by volume."""
    duree = _reserves(lignes.iloc[0], est_une_part=False) if len(lignes) else ""
    contingents = lignes[~lignes["ligne"].isin(HORS_CONTINGENT) & lignes["n_total"].map(lambda n: n.est_connu)]
    if contingents.empty:
        return _sans_contingent(ou, lignes, total, duree)
    premier = contingents.loc[contingents["n_total"].astype(float).idxmax()]
    phrase = (
        f"Dans {ou}, le premier contingent par le volume est « {premier['nom']} » : {_sur(premier['n_total'], total)} "
    )
    phrase += langue.agree(total, "attribution")
    if premier["n_connus"] >= EFFECTIF_MINIMAL and pd.notna(premier["part"]):
        acces = langue.effectif(premier["n_connus"], "premier accès", "premiers accès")
        phrase += f", et **{langue.part(premier['part'])}** de ses {acces} vont à des ménages ACI"
    return f"{phrase}{duree}."


def _sans_contingent(ou: str, lignes: pd.DataFrame, total: Compte, duree: str) -> str:
    """None is of a contingent: or none is said to be, and what to fill in. `duree`: as `_reserves` says it."""
    lesquelles = "l’unique attribution" if total == 1 else f"aucune des {langue.effectif(total, 'attribution')}"
    aucune = f"Dans {ou}, {lesquelles} n’est rattachée à un contingent"
    inconnues = lignes.loc[lignes["ligne"] == "inconnu", "n_total"]
    if inconnues.empty:
        return f"{aucune}{duree}."
    n = inconnues.iloc[0]
    return (
        f"{aucune} connu : {_sur(n, total)} {langue.agree(n, 'ne dit pas son', 'ne disent pas leur')} réservataire"
        f"{duree}."
    ) + remede(" Compléter la colonne « reservataire » de « attributions », puis l’importer depuis Préparer › Imports.")


def delais(ou: str, ligne: pd.Series) -> str:
    """`ligne`: `delais` over the whole scope."""
    moitie, neuf_dixiemes = en_mois(ligne["mediane_mois"]), en_mois(ligne["p90_mois"])
    reserves = _reserves(ligne, est_une_part=False)
    if ligne["n_connus"] == 1:
        return f"Dans {ou}, l’unique attribution a demandé **{moitie}** de la demande au bail{reserves}."
    return (
        f"Dans {ou}, la moitié des {langue.effectif(ligne['n_connus'], 'attribution')} ont demandé "
        f"**{moitie} ou moins** entre la demande et le bail, neuf sur dix **{neuf_dixiemes} ou moins**{reserves}."
    )


def mois(valeur: float | None) -> str:
    """`9`, `9,5`: months of a quantile, which falls between two of them at times."""
    if valeur is None or pd.isna(valeur):
        return langue.ABSENT
    return langue.nombre(valeur, 0 if float(valeur).is_integer() else 1)


def en_mois(valeur: float | None) -> str:
    dits = mois(valeur)
    return dits if dits == langue.ABSENT else f"{dits}{langue.INSECABLE}mois"


def manque(titre: str, besoins: Sequence[Manque]) -> str:
    """Why a measure cannot be known, and what to import."""
    return f"« {titre} » ne peut pas être connu : {_a_importer(besoins)}"


def silence(titres: Sequence[str], pourquoi: Silence) -> str:
    """Why segments cannot be counted, and what to do."""
    dits = langue.liste([f"« {titre} »" for titre in titres])
    cause = (
        f"les événements ne sont enregistrés que depuis le {langue.jour(pourquoi.premier)}, après le début de la "
        f"fenêtre.{remede(' La réduire, ou importer les événements antérieurs depuis Préparer › Imports.')}"
        if pourquoi.premier
        else _a_importer(pourquoi.manques)
    )
    return f"{dits} ne {langue.agree(len(titres), 'peut pas être connu', 'peuvent pas être connus')} : {cause}"


def _a_importer(besoins: Sequence[Manque]) -> str:
    colonnes = langue.liste([_besoin(b) for b in besoins])
    tables = langue.liste(sorted({f"« {b.table} »" for b in besoins}))
    pluriel = len({b.table for b in besoins}) > 1
    lesquelles, les = ("les tables", "les ") if pluriel else ("la table", "l’")
    return f"aucun fichier importé n’apporte {colonnes}." + remede(
        f" Compléter {lesquelles} {tables}, puis {les}importer depuis Préparer › Imports."
    )


def _besoin(besoin: Manque) -> str:
    if TABLES[besoin.table].colonne(besoin.colonnes[0]).requise:
        return f"la table « {besoin.table} »"
    return f"la colonne {' ou '.join(f'« {c} »' for c in besoin.colonnes)} de « {besoin.table} »"


# By cut: where an attribution is when the cut is known, and what to fill in so that it is.
_SITUEES = {
    "qpv": (
        "dans un quartier connu",
        "la colonne « code_quartier » de « attributions », ou « code_residence » et le « code_quartier » de chaque "
        "résidence dans « residences »",
    ),
    "enjeu_mixite": (
        "dans une résidence dont l’enjeu de mixité est connu",
        "les colonnes « code_residence » de « attributions » et « enjeu_mixite » de « residences »",
    ),
}


def lieu_inconnu(titre: str, ou: str, ligne: pd.Series, coupe: str, inconnues: Compte, total: Compte) -> str:
    """Why nothing is counted of a measure of some places (those that `coupe` tells), where `inconnues` attributions of
    `total` are nobody knows in which."""
    situees, colonnes = _SITUEES[coupe]
    if ligne["n"] == 0:
        dite = f"Dans {ou}, aucune attribution n’est connue comme concernée par « {titre} » :"
    else:
        dite = f"{_trop_peu(titre, ou, ligne['n'])} ;"
    pas = langue.agree(inconnues, "n’est pas", "ne sont pas")
    dite += f" {_sur(inconnues, total)} {pas} {situees}."
    return dite + remede(f" Compléter {colonnes}, puis importer depuis Préparer › Imports.")


def seuil_absent(titre: str, annees: Sequence[int], n: Compte) -> str:
    """The honest absence of a threshold, with its remedy."""
    quand = langue.liste([str(a) for a in annees])
    return (
        f"« {titre} » ne peut pas être calculé : le seuil du premier quartile de ressources de {quand} n’a pas été "
        f"retrouvé, et aucun n’est supposé ({langue.effectif(n, 'attribution concernée', 'attributions concernées')} "
        "sur cette période)."
    )


def remede_seuil(annees: Sequence[int]) -> str:
    """The file of parameters that would answer, to complete."""
    return "\n\n".join(
        f"[[seuils_premier_quartile]]\nannee = {a}\nseuil_eur_uc = …   # € par unité de consommation et par an\n"
        f'source = "…"'
        for a in annees
    )


def rien_de_connu(titre: str, ou: str, ligne: pd.Series) -> str:
    """Nothing is counted, or nothing is known of what is counted."""
    if ligne["n_connus"].est_possible:
        return f"{_trop_peu(titre, ou, ligne['n_connus'], ligne.get('numerateur'))}{_reserves(ligne)}."
    if ligne["n"] == 0:
        return f"Dans {ou}, aucune attribution n’est concernée par « {titre} » sur cette période."
    lesquelles = (
        "l’unique attribution n’a pas"
        if ligne["n"] == 1
        else f"aucune des {langue.effectif(ligne['n'], 'attribution')} n’a"
    )
    return (
        f"Dans {ou}, {lesquelles} l’information nécessaire à « {titre} »"
        f"{remede(' : les colonnes sont là mais vides, les compléter puis importer depuis Préparer › Imports')}."
    )


def _trop_peu(titre: str, ou: str, n: Compte, numerateur: Compte | None = None) -> str:
    """Of many of whom hardly any are counted, it is those who are too few."""
    peu = f"{langue.nombre(numerateur)} sur " if numerateur and numerateur.est_tu and not n.est_tu else ""
    return f"Dans {ou}, {peu}{langue.effectif(n, 'attribution')} : trop peu pour « {titre} »"
