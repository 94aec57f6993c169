"""What changed between two séances beside the decision: parameters in force, unknowns, revised data, recording."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.indicateurs import INDICATEURS
from mel_core.indicateurs.comptage import duree
from mel_core.indicateurs.mesures import wilson
from mel_core.indicateurs.parametrage import EN_VIGUEUR, versions
from mel_core.journal import Inscrit
from mel_core.seance.coordination.decisions import Decision
from mel_core.seance.coordination.temoins import COMPTES, DU_PROFIL, VACANCE, Temoin, TemoinIndicateur, TemoinPreuve
from mel_core.seance.preuves import ProfilBlocage
from mel_core.seance.verdict import DEMANDES, PART, CibleAEcheance, Direction, Valeur
from mel_core.secret.bail import Audience, lease, reader
from mel_core.secret.montrer import SECTEUR_ET_PROFIL
from mel_core.socle import langue
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.sql import blocs

_SQL = blocs(__file__, "resultats.sql")
# Below these, a movement is not worth a sentence; assumed, to be adjusted with the co-pilots.
ECART_INCONNUS = 0.02
CHUTE_EVENEMENTS = 0.5
EVENEMENTS_MIN = 30
_AUCUNE = "aucune valeur"
NON_DITE = "part non dite, trop peu de cas"
SENS_DITS = {Direction.HAUSSE: "au moins", Direction.BAISSE: "au plus", Direction.BANDE: "autour de"}


def parametres(entrepot: Entrepot, avant: Collection[Seance], maintenant: Seance) -> tuple[str, ...]:
    """One sentence per parameter whose value in force is not the same at the end of `maintenant` and of a séance of
    `avant`: the latest one where it had that other value.
    """
    nouveaux, ecarts = _en_vigueur(entrepot, maintenant), dict[tuple[str, str], str]()
    for seance in sorted(avant, reverse=True):
        anciens = _en_vigueur(entrepot, seance)
        for nom in dict.fromkeys([*anciens, *nouveaux]):
            ancienne, nouvelle = (valeurs.get(nom, _AUCUNE) for valeurs in (anciens, nouveaux))
            if ancienne != nouvelle:
                phrase = f"{nom} : {ancienne} à la séance {seance}, {nouvelle} à la séance {maintenant}."
                ecarts.setdefault((nom, ancienne), phrase)
    return tuple(ecarts.values())


def _en_vigueur(entrepot: Entrepot, seance: Seance) -> dict[str, str]:
    """Parameters of one year (thresholds, ceilings) are left out: each year has its own, nothing is replaced."""
    with entrepot.open(Portee.mel(), seance) as lecteur:
        table = versions(lecteur, seance)
    table = table[(table["etat"] == EN_VIGUEUR) & ~table["parametre"].str.fullmatch(r".* \d{4}")]
    return dict(zip(table["parametre"], table["valeur"], strict=True))


@dataclass(frozen=True)
class SaisieEnBaisse(Inscrit):
    """A bailleur that records far fewer events than at the séance before: `n` at `seance`, `n_avant` then."""

    bailleur: str
    nom: str
    seance: Seance
    n: int
    n_avant: int

    def phrase(self) -> str:
        est_sien = reader().cle == "bailleur" and reader().code == self.bailleur
        n, avant = (reader().compte(x, est_sien=est_sien) for x in (self.n, self.n_avant))
        return (
            f"{self.nom} a enregistré {langue.effectif(n, 'événement')} à la séance {self.seance}, "
            f"{langue.nombre(avant)} à la précédente : ce que l’on mesure chez ce bailleur a pu changer."
        )


def saisies(entrepot: Entrepot, avant: Seance, maintenant: Seance) -> tuple[SaisieEnBaisse, ...]:
    """The bailleurs that record far fewer events of the follow-up than before (or none any more).

    Those of before are counted in what served that séance too: a bailleur may have left every file since. None where
    the data cover one of the two semesters in part: fewer months hold fewer events, whoever records them.
    """
    a, b = Periode.de(avant), Periode.de(maintenant)
    with entrepot.open(Portee.mel(), maintenant) as lecteur:
        if any(duree(lecteur, p).couverts != p.n_mois for p in (a, b)):
            return ()
        table, relues = _evenements(lecteur, a, b), lecteur.instantane.identifiant
    with entrepot.open(Portee.mel(), avant) as ancien:
        if ancien.instantane.identifiant != relues and ancien.gel is None:  # erased, its rows count nothing any more
            table = _connect(_evenements(ancien, a, b), table)
    return tuple(
        SaisieEnBaisse(str(r.code_bailleur), str(r.nom), maintenant, int(r.maintenant), int(r.avant))
        for r in table.itertuples()
        if r.avant >= EVENEMENTS_MIN and r.maintenant < CHUTE_EVENEMENTS * r.avant
    )


def _connect(ancienne: pd.DataFrame, nouvelle: pd.DataFrame) -> pd.DataFrame:
    """`maintenant` of the latter, `avant` of the one that has the most; nothing where neither has the bailleur."""
    toutes = pd.concat([nouvelle, ancienne.assign(maintenant=0)])
    return toutes.groupby("code_bailleur", as_index=False).agg({"nom": "first", "avant": "max", "maintenant": "max"})


def _evenements(lecteur: Lecteur, avant: Periode, maintenant: Periode) -> pd.DataFrame:
    return lecteur.query(
        _SQL["evenements_par_bailleur"],
        avant_debut=avant.debut,
        avant_fin=avant.fin,
        debut=maintenant.debut,
        fin=maintenant.fin,
    )


def de_la_mesure(decision: Decision, relue: Valeur, maintenant: Valeur) -> list[str]:
    """What makes both values of the figure of a decision less comparable. `relue`: the first one, read in the data of
    today."""
    alors, temoin = decision.alors, decision.temoin
    if alors is None or temoin is None:
        return []
    dits = []
    if alors.valeur is not None and (phrase := _revision(decision, alors, relue)):
        dits.append(phrase)
    if isinstance(temoin, TemoinIndicateur) and alors.n and maintenant.n:
        avant, apres = (v.n_inconnus / v.n for v in (alors, maintenant))
        if abs(apres - avant) >= ECART_INCONNUS:
            parts = [_pour(temoin).part(v.n_inconnus, v.n) for v in (alors, maintenant)]
            suite = f"est passée de {langue.part(parts[0])} à {langue.part(parts[1])}"
            if any(map(pd.isna, parts)):
                suite = "a augmenté" if apres > avant else "a baissé"
            dits.append(f"La part des attributions inconnues pour « {INDICATEURS[temoin.nom].titre} » {suite}.")
    return dits


def _revision(decision: Decision, alors: Valeur, relue: Valeur) -> str:
    """How the value of then reads today; empty when it reads the same, on the same counts."""
    avant, apres = (say_valeur(v, decision) for v in (alors, relue))
    est_tue = NON_DITE in avant or NON_DITE in apres
    if relue.valeur is None:
        dite = "" if est_tue else f", {avant},"
        return (
            f"La valeur d’alors{dite} ne se relit plus dans les données d’aujourd’hui : ce que l’on compare a pu "
            "changer."
        )
    if relue.valeur == alors.valeur and _effectifs(relue) == _effectifs(alors):
        return ""
    # Which of them is not known: a parameter dated before both séances, added since, is the same at both.
    debut = "Les données ou un paramètre ont été révisés depuis"
    if avant == apres or est_tue:
        return f"{debut} : la valeur d’alors a changé."
    return f"{debut} : la valeur d’alors, {avant}, se lit aujourd’hui {apres}."


def _effectifs(valeur: Valeur) -> tuple[int, ...]:
    """The counts that a value is made of; a count is its own."""
    return () if valeur.unite == DEMANDES else (valeur.numerateur, valeur.n_connus)


def _pour(temoin: Temoin | None) -> Audience:
    """As whom a figure is read, and what it is of: a commune and a bailleur read theirs exactly."""
    siens: dict[str, object] = {}
    qui = reader()
    if _est_en_partie(temoin) and _est_d_un_profil(temoin) and not _est_au_bilan(temoin):
        qui = qui.de(SECTEUR_ET_PROFIL)
    if isinstance(temoin, TemoinIndicateur):
        siens = {**temoin.cellule, **{c: v for c in ("commune", "bailleur") if (v := getattr(temoin, c))}}
    elif isinstance(temoin, TemoinPreuve) and not temoin.secteur.est_fin:
        siens = {"commune": temoin.secteur.communes[0] if len(temoin.secteur.communes) == 1 else ""}
    return qui.chez(qui.cle, str(siens.get(qui.cle, "")))


def _est_en_partie(temoin: Temoin | None) -> bool:
    """Whether it is read in part of an ICI."""
    if isinstance(temoin, TemoinIndicateur):
        return bool(temoin.commune or temoin.bailleur or set(temoin.cellule) - set(DU_PROFIL.values()))
    return isinstance(temoin, TemoinPreuve) and not temoin.secteur.est_entiere


def _est_a_taire(temoin: Temoin | None) -> bool:
    """Of a résidence, a room reads neither label nor income."""
    if isinstance(temoin, TemoinIndicateur):
        return temoin.unite == PART and "residence" in temoin.cellule
    if not isinstance(temoin, TemoinPreuve) or temoin.mesure == VACANCE:
        return False
    return bool(temoin.secteur.residences) and bool(temoin.profil.label or temoin.profil.ressources)


def se_dit(valeur: Valeur, temoin: Temoin | None = None) -> bool:
    """Whether anything may be concluded aloud from a value: a share and a median of so many known at the least, a count
    that is said."""
    qui = _pour(temoin)
    if qui.lit_tout:
        return True
    if _est_a_taire(temoin):
        return False
    if valeur.unite == DEMANDES:
        return valeur.valeur is None or qui.compte(int(valeur.valeur)).est_dit
    return valeur.n_connus >= qui.regle.cote_des


def say_valeur(valeur: Valeur, decision: Decision | None = None, temoin: Temoin | None = None) -> str:
    """`61,4 % (27 sur 44)`, `27 mois`, `1 204 demandes`, or `—`, with the months covered when they are not the whole
    period: the one way in which a screen or a document says a figure.

    What a room is not told of a share is said by its side of the target of `decision`, then by how many are known.
    `temoin`: the figure, where there is no decision yet.
    """
    temoin = decision.temoin if decision else temoin
    with lease(_pour(temoin)):
        if valeur.valeur is not None and not reader().lit_tout and _est_a_taire(temoin):
            return "non dit, d’une résidence"
        dite = _say_valeur(valeur, decision, temoin)
    if valeur.valeur is None or valeur.duree.est_entiere or valeur.unite == DEMANDES:
        return dite
    return f"{dite}, sur {valeur.duree}"


def _say_valeur(valeur: Valeur, decision: Decision | None, temoin: Temoin | None) -> str:
    if valeur.valeur is None:
        return langue.ABSENT
    if valeur.unite == DEMANDES:
        return langue.effectif(reader().compte(int(valeur.valeur)), "demande")
    connus = reader().compte(valeur.n_connus)
    if valeur.unite != PART:
        if se_dit(valeur):
            return say_nombre(valeur.valeur, valeur.unite)
        return f"non dit ({langue.effectif(connus, *COMPTES[valeur.quoi])})"
    part = reader().part(valeur.numerateur, valeur.n_connus, est_classe=_est_une_part_d_un_tout(temoin))
    if pd.isna(part):
        cote = _cote(valeur, decision) if valeur.duree.est_entiere and se_dit(valeur) else ""
        return f"{cote or NON_DITE} ({langue.effectif(connus, *COMPTES[valeur.quoi])})"
    dite = f"{langue.part(part)} ({langue.sur(reader().compte(valeur.numerateur), connus)})"
    return f"{dite}{_cote_cache(part, valeur.valeur, decision)}" if valeur.duree.est_entiere else dite


def _est_d_un_profil(temoin: Temoin | None) -> bool:
    """Whether it counts some of the households of its place, of whom the others are told too."""
    if isinstance(temoin, TemoinPreuve) and temoin.mesure == VACANCE:
        return False
    return isinstance(temoin, TemoinIndicateur | TemoinPreuve) and temoin.profil != ProfilBlocage()


def _est_au_bilan(temoin: Temoin | None) -> bool:
    """Whether the bilan says the same cell: first accesses, or mutations, of one commune or one quartier (see
    `secteur.LieuDuSecteur`)."""
    if not isinstance(temoin, TemoinIndicateur) or temoin.bailleur:
        return False
    lieux = {*temoin.cellule, *(("commune",) if temoin.commune else ())} - {DU_PROFIL["acces"]}
    return temoin.profil == ProfilBlocage(acces=temoin.profil.acces) and lieux in ({"commune"}, {"quartier"})


def _est_une_part_d_un_tout(temoin: Temoin | None) -> bool:
    """Whether the other shares of the same whole say it as well: those of the other profiles, of the other classes of
    ressources, of the other réservataires of a bailleur."""
    if isinstance(temoin, TemoinIndicateur):
        est_d_un_bailleur = bool(temoin.bailleur) or "bailleur" in temoin.cellule
        if temoin.classe or (est_d_un_bailleur and "reservataire" in temoin.cellule):
            return True
    return _est_d_un_profil(temoin)


def _cote_cache(dite: float, exacte: Fraction, decision: Decision | None) -> str:
    """`, au-dessous de la cible`: the side that a share to the unit does not show, of a target that it would be read as
    holding, or as missing. The share itself is the one that is said elsewhere, where nothing is aimed at."""
    but = decision.but if decision else None
    if but is None:
        return ""
    reste = but.reste(exacte)
    if (reste == 0) == (but.reste(Fraction(str(dite))) == 0):
        return ""
    return f", {'à' if reste == 0 else 'au-dessus de' if exacte > but.valeur else 'au-dessous de'} la cible"


def _cote(valeur: Valeur, decision: Decision | None) -> str:
    """The side of the target, decided on the exact counts; empty without a target, and where chance alone may have put
    the value on that side: how far it is, nobody may say."""
    if decision is None or decision.cible is None or valeur.valeur is None:
        return ""
    (bas,), (haut,) = wilson(np.array([valeur.numerateur]), np.array([valeur.n_connus]))
    if bas <= float(decision.cible) <= haut:
        return ""
    return "au-dessus de la cible" if valeur.valeur > decision.cible else "au-dessous de la cible"


def est_deja_atteinte(cible: CibleAEcheance, valeur: Valeur, temoin: Temoin) -> bool:
    """Whether what is read of a value over its whole window meets the target already: by what is said alone, a target
    typed over and over would tell the rest."""
    qui = _pour(temoin)
    if valeur.valeur is None or not valeur.duree.est_entiere:
        return False
    dite: object = valeur.valeur
    if not qui.lit_tout:
        if not se_dit(valeur, temoin):
            return False
        dite = (
            qui.compte(int(valeur.valeur)).dit
            if valeur.unite == DEMANDES
            else qui.part(valeur.numerateur, valeur.n_connus, est_classe=_est_une_part_d_un_tout(temoin))
            if valeur.unite == PART
            else valeur.valeur
        )
    return not pd.isna(dite) and cible.reste(Fraction(str(dite))) == 0


def say_cible(decision: Decision) -> str:
    """`au moins 45 %`: the target and the way to it; empty when the decision has none."""
    if decision.temoin is None or decision.cible is None or decision.va_vers is None:
        return ""
    return f"{SENS_DITS[decision.va_vers]} {say_nombre(decision.cible, decision.temoin.unite)}"


def say_nombre(nombre: object, unite: str) -> str:
    """A value or a target in its unit: `50 %`, `27 mois`, `1 204 demandes`."""
    n = float(nombre)  # type: ignore[arg-type]
    if unite == PART:
        return langue.part(n)
    decimales = 0 if n == int(n) else 1
    nom = "mois" if unite == "mois" else langue.agree(n, "demande")
    return f"{langue.nombre(n, decimales)}{langue.INSECABLE}{nom}"
