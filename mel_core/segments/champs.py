"""What a free segment may ask of a demande: a closed list of fields, each with its operators, values and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from mel_core.contrat import reference
from mel_core.contrat.explications import MOTIFS, STATUTS
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
    """One field. `phrases`: how a condition reads, `{}` for its values, then how its contrary does; of a number, the
    noun in the singular and the plural.

    `libelles`: closed list of codes, in words (None: any code). `expression`: a column of `suivi` or a fragment of
    regles.sql, that of its name unless said. `colonne`: its column in a list, that one unless said. `maximum`: of a
    whole number.
    """

    nom: str
    titre: str
    genre: GenreDeChamp
    phrases: tuple[str, ...]
    libelles: Mapping[str, str] | None = field(default=None, compare=False)
    expression: str = ""
    colonne: str = ""
    maximum: int = 1200

    def __post_init__(self) -> None:
        object.__setattr__(self, "expression", self.expression or self.nom)
        object.__setattr__(self, "colonne", self.colonne or self.expression)

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
    return Champ(nom, titre, GenreDeChamp.NOMBRE, (singulier, pluriel), maximum=maximum)


def _booleen(nom: str, titre: str, oui: str, non: str) -> Champ:
    return Champ(nom, titre, GenreDeChamp.BOOLEEN, (oui, non), expression=nom if nom in LABELS else f"est_{nom}")


def _code(nom: str, titre: str, oui: str, non: str, libelles: Mapping[str, str] | None, expression: str) -> Champ:
    return Champ(nom, titre, GenreDeChamp.CODE, (oui, non), libelles, expression)


_RESSOURCES = Champ(
    "ressources",
    "Classe de ressources",
    GenreDeChamp.CLASSE,
    ("ressources : {}", "ressources hors {}"),
    RESSOURCES,
    "rang_ressources",
    "ressources",
)
_TYPOLOGIE = Champ(
    "typologie",
    "Typologie souhaitée",
    GenreDeChamp.BITS,
    ("{}", "typologies hors {}"),
    TYPOLOGIES_DITES,
    "typologies_bits",
    "typologies",
)
_COMMUNE = Champ(
    "commune_souhaitee",
    "Commune souhaitée",
    GenreDeChamp.LISTE,
    ("souhaite {}", "communes souhaitées hors {}"),
    _communes(),
    "communes_souhaitees",
)
_TOUS = (
    Champ("anciennete_mois", "Ancienneté (mois)", GenreDeChamp.MOIS, ("mois", "mois")),
    _nombre("n_passages_cal", "Passages en commission", "passage en commission", "passages en commission", 100),
    _nombre("meilleur_rang", "Meilleur rang", "", "", 100),
    _RESSOURCES,
    _booleen("premier_quartile", "Premier quartile", "premier quartile", "au-dessus du premier quartile"),
    _TYPOLOGIE,
    _COMMUNE,
    _code(
        "commune_residence", "Commune de résidence", "habite {}", "résidence hors {}", _communes(), "code_insee_actuel"
    ),
    _code("statut_logement", "Statut dans le logement", "{}", "statut hors {}", STATUTS, "statut_logement"),
    Champ(
        "motif",
        "Motif de la demande",
        GenreDeChamp.CODE,
        ("motif : {}", "motif hors {}"),
        MOTIFS,
        colonne="code_motif",
    ),
    _booleen("mutation", "Mutation ou premier accès", "mutation", "premier accès"),
    Champ("label", "Label, un au moins", GenreDeChamp.LABEL, ("label {}",), LABELS, "labels"),
    *(_booleen(nom, titre, f"label {titre}", f"sans label {titre}") for nom, titre in LABELS.items()),
    _nombre("n_personnes", "Taille du ménage (personnes)", "personne", "personnes", 99),
    _nombre("age", "Âge du demandeur", "an", "ans", 150),
    _code("bailleur", "Bailleur actuel", "logé par {}", "bailleur actuel hors {}", None, "code_bailleur_actuel"),
    Champ("segment", "Segment", GenreDeChamp.SEGMENT, ("{}",)),
)

CHAMPS: dict[str, Champ] = {c.nom: c for c in _TOUS}


def join_mots(mots: Sequence[str], lien: str) -> str:
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
        return champ.phrases[1].format(join_mots(mots, "et"))
    return champ.phrases[0].format(join_mots(mots, "ou"))
