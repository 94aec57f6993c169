"""What a free segment may ask of a demande: a closed list of fields, each with its operators, values and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from mel_core.contrat import reference
from mel_core.contrat.libelles import MOTIFS, STATUTS
from mel_core.socle import langue
from mel_core.socle.appellations import TYPOLOGIES_DITES

HORS_MEL = "hors_mel"
# The fields whose codes are communes: an associated commune reads as its own (contract §1).
COMMUNES = frozenset({"commune_souhaitee", "commune_residence"})


class Operateur(StrEnum):
    """How a condition compares a field with its value; what is unknown satisfies none of them."""

    AU_MOINS = "au_moins"
    AU_PLUS = "au_plus"
    PARMI = "parmi"  # one of the codes; for a list, at least one of them
    HORS = "hors"  # none of the codes
    EST = "est"


class GenreDeChamp(StrEnum):
    """How a field reads: it decides the operators, and the fragment of regles.sql behind each."""

    NOMBRE = "nombre"
    MOIS = "mois"  # an ancienneté, compared through the date of creation
    CODE = "code"
    CLASSE = "classe"  # the rank of a code in its closed list, 0 when unknown
    LISTE = "liste"
    BITS = "bits"  # a list of codes of a closed list, one bit each
    BOOLEEN = "booleen"
    LABEL = "label"  # several booleans of one row, at least one of which holds
    SEGMENT = "segment"  # a named segment of the contract


OPERATEURS = {
    GenreDeChamp.NOMBRE: (Operateur.AU_MOINS, Operateur.AU_PLUS),
    GenreDeChamp.MOIS: (Operateur.AU_MOINS, Operateur.AU_PLUS),
    GenreDeChamp.CODE: (Operateur.PARMI, Operateur.HORS),
    GenreDeChamp.CLASSE: (Operateur.PARMI, Operateur.HORS),
    GenreDeChamp.LISTE: (Operateur.PARMI, Operateur.HORS),
    GenreDeChamp.BITS: (Operateur.PARMI, Operateur.HORS),
    GenreDeChamp.BOOLEEN: (Operateur.EST,),
    GenreDeChamp.LABEL: (Operateur.PARMI,),
    GenreDeChamp.SEGMENT: (Operateur.EST,),
}

LABELS = {
    "aci": "ACI",
    "dalo": "DALO",
    "pdalhpd": "PDALHPD",
    "mutation_bloquee": "mutation bloquée",
    "npru": "NPRU",
}
RESSOURCES = {
    "tres_modeste": "très modeste",
    "modeste": "modeste",
    "intermediaire": "intermédiaire",
    "eleve": "élevé",
}


@dataclass(frozen=True)
class Champ:
    """One field. `expression`: a column of `suivi` or a fragment of regles.sql. `colonne`: its column in a list.

    `libelles`: closed list of codes, in words (None: any code). `phrases`: how a condition reads, `{}` for its values,
    then how its contrary does; of a number, the noun in the singular and the plural. `maximum`: of a whole number.
    """

    nom: str
    titre: str
    genre: GenreDeChamp
    expression: str
    phrases: tuple[str, ...]
    libelles: Mapping[str, str] | None = field(default=None, compare=False)
    maximum: int = 1200
    colonne: str = ""

    @property
    def operateurs(self) -> tuple[Operateur, ...]:
        return OPERATEURS[self.genre]

    def rangs(self, codes: Sequence[str]) -> list[int]:
        """The places of `codes` in the closed list, from 1."""
        return [rang for rang, code in enumerate(self.libelles or (), start=1) if code in codes]

    def mots(self, code: str, noms: Mapping[str, str] | None = None) -> str:
        """The words of a code: those of `noms`, else of its closed list, else the code."""
        return (noms or {}).get(code) or (self.libelles or {}).get(code) or code


def _communes() -> dict[str, str]:
    return {code: commune.nom for code, commune in reference.communes().items()} | {HORS_MEL: "hors de la MEL"}


def _nombre(nom: str, titre: str, singulier: str, pluriel: str, maximum: int) -> Champ:
    return Champ(nom, titre, GenreDeChamp.NOMBRE, nom, (singulier, pluriel), maximum=maximum, colonne=nom)


def _label(nom: str, titre: str) -> Champ:
    return Champ(nom, titre, GenreDeChamp.BOOLEEN, nom, (f"label {titre}", f"sans label {titre}"))


_TOUS = (
    Champ(
        "anciennete_mois",
        "Ancienneté (mois)",
        GenreDeChamp.MOIS,
        "anciennete_mois",
        ("mois", "mois"),
        colonne="anciennete_mois",
    ),
    _nombre("n_passages_cal", "Passages en commission", "passage en commission", "passages en commission", 100),
    _nombre("meilleur_rang", "Meilleur rang", "", "", 100),
    Champ(
        "ressources",
        "Classe de ressources",
        GenreDeChamp.CLASSE,
        "rang_ressources",
        ("ressources : {}", "ressources hors {}"),
        RESSOURCES,
        0,
        "ressources",
    ),
    Champ(
        "premier_quartile",
        "Premier quartile",
        GenreDeChamp.BOOLEEN,
        "est_premier_quartile",
        ("premier quartile", "au-dessus du premier quartile"),
        None,
        0,
        "est_premier_quartile",
    ),
    Champ(
        "typologie",
        "Typologie souhaitée",
        GenreDeChamp.BITS,
        "typologies_bits",
        ("{}", "typologies hors {}"),
        TYPOLOGIES_DITES,
        0,
        "typologies",
    ),
    Champ(
        "commune_souhaitee",
        "Commune souhaitée",
        GenreDeChamp.LISTE,
        "communes_souhaitees",
        ("souhaite {}", "communes souhaitées hors {}"),
        _communes(),
        0,
        "communes_souhaitees",
    ),
    Champ(
        "commune_residence",
        "Commune de résidence",
        GenreDeChamp.CODE,
        "code_insee_actuel",
        ("habite {}", "résidence hors {}"),
        _communes(),
        0,
        "code_insee_actuel",
    ),
    Champ(
        "statut_logement",
        "Statut dans le logement",
        GenreDeChamp.CODE,
        "statut_logement",
        ("{}", "statut hors {}"),
        STATUTS,
        0,
        "statut_logement",
    ),
    Champ(
        "motif",
        "Motif de la demande",
        GenreDeChamp.CODE,
        "motif",
        ("motif : {}", "motif hors {}"),
        MOTIFS,
        0,
        "code_motif",
    ),
    Champ(
        "mutation",
        "Mutation ou premier accès",
        GenreDeChamp.BOOLEEN,
        "est_mutation",
        ("mutation", "premier accès"),
        colonne="est_mutation",
    ),
    Champ("label", "Label, un au moins", GenreDeChamp.LABEL, "labels", ("label {}",), LABELS),
    *(_label(nom, titre) for nom, titre in LABELS.items()),
    _nombre("n_personnes", "Taille du ménage (personnes)", "personne", "personnes", 99),
    _nombre("age", "Âge du demandeur", "an", "ans", 150),
    Champ(
        "bailleur",
        "Bailleur actuel",
        GenreDeChamp.CODE,
        "code_bailleur_actuel",
        ("logé par {}", "bailleur actuel hors {}"),
        colonne="code_bailleur_actuel",
    ),
    Champ("segment", "Segment", GenreDeChamp.SEGMENT, "", ("{}",)),
)

CHAMPS: dict[str, Champ] = {c.nom: c for c in _TOUS}


def enumerer(mots: Sequence[str], lien: str) -> str:
    """`T4 ou T5`, `T3, T4 ou T5`."""
    return f"{', '.join(mots[:-1])} {lien} {mots[-1]}" if len(mots) > 1 else "".join(mots)


def phrase(champ: Champ, operateur: Operateur, valeur: Any, noms: Mapping[str, str] | None = None) -> str:
    """A condition in French: `24 mois ou plus`, `T4 ou T5`, `souhaite Roubaix`, `statut hors locataire HLM`."""
    if champ.genre is GenreDeChamp.BOOLEEN:
        return champ.phrases[0] if valeur else champ.phrases[1]
    if champ.genre in (GenreDeChamp.NOMBRE, GenreDeChamp.MOIS):
        sens = "ou plus" if operateur is Operateur.AU_MOINS else "ou moins"
        if champ.nom == "meilleur_rang":
            return f"meilleur rang {langue.nombre(valeur)} {sens}"
        return f"{langue.effectif(valeur, *champ.phrases)} {sens}"
    mots = [champ.mots(code, noms) for code in ([valeur] if isinstance(valeur, str) else valeur)]
    if operateur is Operateur.HORS:
        return champ.phrases[1].format(enumerer(mots, "et"))
    return champ.phrases[0].format(enumerer(mots, "ou"))
