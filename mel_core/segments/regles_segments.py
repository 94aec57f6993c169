"""The named segments of the contract (§5), as data, and why each line of a list is there, in words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from mel_core.contrat.explications import libelles
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect

Ligne = Mapping[str, Any]
RANGS_2 = "rangs_2_dits"  # of a line, where it is asked for: each of its passages behind another, in words


@dataclass(frozen=True)
class Segment:
    """`regle` names its fragment of regles.sql, or a column of `suivi`; `mois` is its default N; `faits`: the columns
    that its reason is read from, beside those of every list and `fenetre`, the months of the window (0: none);
    `precision`: what its rule in words (`phrases_segments.regle_dite`) leaves for who asks why, `{mois}` being its N.
    """

    nom: str
    titre: str
    regle: str
    motif: Callable[[Ligne], str]
    mois: int = 24
    faits: tuple[str, ...] = ()
    precision: str = ""


# Thousands of lines share a few hundred durations and months: each is put in words once.
@lru_cache(maxsize=4096)
def _en_mots(mois: int) -> str:
    return f"{langue.nombre(mois)} mois"


def _mois(ligne: Ligne) -> str:
    return _en_mots(ligne["anciennete_mois"])


def _attente(ligne: Ligne) -> str:
    return f"{_mois(ligne)}, aucune proposition enregistrée"


def _poulidor(ligne: Ligne) -> str:
    fois = f"{ligne['n_rang_2_fenetre']} fois rang 2 ou plus"
    if ligne.get(RANGS_2):
        return f"{fois}{langue.INSECABLE}: {ligne[RANGS_2]}"
    return f"{fois} depuis {langue.mois(ligne['premier_rang_2_fenetre'])}"


def _poulidor_refus(ligne: Ligne) -> str:
    return f"{_poulidor(ligne)}, un refus enregistré"


def _rang_1(ligne: Ligne) -> str:
    derniere = langue.mois(ligne["dernier_rang_1_fenetre"])
    return f"{ligne['n_rang_1_fenetre']} fois rang 1, la dernière en {derniere}, sans bail"


def _non_attribue(ligne: Ligne) -> str:
    fenetre = ligne["fenetre"]
    sans = f"aucune attribution en {_en_mots(fenetre)}" if fenetre else "jamais attribué"
    return f"{ligne['n_non_attribue_fenetre']} fois non attribué en commission, {sans}"


def _jamais(ligne: Ligne) -> str:
    return f"{_mois(ligne)}, aucune présentation enregistrée"


def _mutation(ligne: Ligne) -> str:
    critere = ligne["critere_mutation"]
    suite = f" ({libelles('critere_mutation').get(critere, critere)})" if isinstance(critere, str) else ""
    return f"mutation bloquée{suite}, {_mois(ligne)}"


def _aci(ligne: Ligne) -> str:
    labels = [label.upper() for label in ("dalo", "pdalhpd", "aci") if ligne[label] is True]
    return f"{langue.liste(labels)}, {_mois(ligne)}"


def _delai(ligne: Ligne) -> str:
    if ligne["drapeau"]:
        return f"délai anormalement long selon le SNE, {_mois(ligne)}"
    return f"{_mois(ligne)} d’ancienneté"


_SANS_RIEN = (
    "créées au plus tard {mois} mois avant la date de référence, sans proposition ni passage en commission (CAL) "
    "enregistrés jusqu’à elle"
)
_TOUS = (
    *(
        Segment(
            f"attente_{n}",
            f"Plus de {n} mois sans proposition enregistrée",
            "en_attente",
            _attente,
            n,
            precision=_SANS_RIEN,
        )
        for n in (24, 36)
    ),
    Segment(
        "poulidor",
        "Ménages Poulidor",
        "poulidor",
        _poulidor,
        faits=("n_rang_2_fenetre", "premier_rang_2_fenetre"),
        precision="en commission, au rang 2 ou plus ; un refus compte à toute date jusqu’à celle de référence ; ce "
        "sont les passages qui comptent, non les jours, et un candidat retenu sans rang ne compte d’aucun côté",
    ),
    Segment(
        "rang_1_sans_bail",
        "Rang 1 sans bail",
        "rang_1_sans_bail",
        _rang_1,
        faits=("n_rang_1_fenetre", "dernier_rang_1_fenetre"),
    ),
    Segment(
        "non_attributions_repetees",
        "Non-attributions répétées",
        "non_attribue_repete",
        _non_attribue,
        faits=("n_non_attribue_fenetre",),
    ),
    Segment(
        "jamais_presentes",
        "Jamais présentés",
        "jamais_presente",
        _jamais,
        precision="aucun événement jusqu’à la date de référence, hors événements « autre »",
    ),
    Segment(
        "mutations_bloquees_en_attente",
        "Mutations bloquées en attente",
        "mutation_bloquee",
        _mutation,
        faits=("critere_mutation",),
    ),
    Segment(
        "aci_en_attente",
        "Ménages ACI en attente",
        "est_menage_aci",
        _aci,
        faits=("aci", "dalo", "pdalhpd"),
        precision="deux marques ne comptent qu’une fois",
    ),
    Segment(
        "delai_anormalement_long",
        "Délai anormalement long",
        "delai_anormalement_long",
        _delai,
        faits=("drapeau",),
    ),
)

SEGMENTS: dict[str, Segment] = {s.nom: s for s in _TOUS}

# Lists have it beside those of the contract: who is no Poulidor by its refusal alone.
POULIDOR, POULIDOR_REFUS = "poulidor", "poulidor_refus"
DES_LISTES = SEGMENTS | {
    POULIDOR_REFUS: replace(
        SEGMENTS[POULIDOR],
        nom=POULIDOR_REFUS,
        titre="Derrière plusieurs fois, ayant refusé",
        regle=POULIDOR_REFUS,
        motif=_poulidor_refus,
    )
}


# Which steps a rule reads: months of waiting (but where the SNE's own flag says it), the least number of times its
# events are counted, the window they are counted in. The others change nothing in it.
DRAPEAU = "delai_anormalement_long"
A_MOIS = frozenset({"attente_24", "attente_36", DRAPEAU})
A_N_MIN = frozenset({POULIDOR, POULIDOR_REFUS, "non_attributions_repetees"})
A_FENETRE = A_N_MIN | {"rang_1_sans_bail"}
PAS = {"mois": A_MOIS, "n_min": A_N_MIN, "fenetre": A_FENETRE}


def refuse_pas(pas: Iterable[str], noms: Collection[str], *, est_au_drapeau: bool = False) -> None:
    """Raises `AppelIncorrect` for a step (of PAS) that no rule of the segments `noms` reads. `est_au_drapeau`: the data
    bear the SNE's own flag, which answers instead of months."""
    for un in pas:
        lus = PAS[un] - ({DRAPEAU} if est_au_drapeau else set())
        if lus.isdisjoint(noms):
            quoi = langue.liste([f"« {nom} »" for nom in noms]) or "ces conditions"
            raise AppelIncorrect(f"L’option --{un.replace('_', '-')} ne change rien à {quoi} : la retirer.")


def titre_de(nom: str, mois: int | None = None, n_min: int | None = None, fenetre: int | None = None) -> str:
    """The title of a segment at its steps (None: not said): two that differ by a step never share a title."""
    segment = segment_de(nom)
    titre, precisions = segment.titre, []
    if mois is not None and mois != segment.mois:
        habituel = f"{segment.mois} mois"
        if habituel in titre:
            titre = titre.replace(habituel, _en_mots(mois))
        else:
            precisions.append(_en_mots(mois))
    if nom in A_N_MIN and n_min is not None:
        precisions.append(f"au moins {n_min} fois")
    if nom in A_FENETRE and fenetre is not None:
        precisions.append(f"en {_en_mots(fenetre)}" if fenetre else "depuis toujours")
    return f"{titre} ({', '.join(precisions)})" if precisions else titre


def segment_de(nom: str) -> Segment:
    """Raises `AppelIncorrect` for a name that the contract does not know."""
    if nom not in DES_LISTES:
        raise AppelIncorrect(f"Le segment « {nom} » n’existe pas : choisir parmi {', '.join(SEGMENTS)}.")
    return DES_LISTES[nom]
