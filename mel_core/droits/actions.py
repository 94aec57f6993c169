"""Who may do what: one table, action × profile, and the sentence of each refusal (security.md, *Rights*).

Which rows a profile sees is `Profil.portee`; what of a figure may be said is `mel_core.secret`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from mel_core.droits.acces import INSTRUCTEURS, Profil, TypeProfil

_COPILOTES = frozenset({TypeProfil.COPILOTE})
_ORGANISATIONS = frozenset({TypeProfil.COMMUNE, TypeProfil.BAILLEUR, TypeProfil.RESERVATAIRE})


@dataclass(frozen=True)
class Droit:
    """`quoi` completes « Seul un co-pilote peut … ». `profils`: who may. `en_salle`: whether Salle leaves it open.
    `refus`: what whoever may not is told, where it is not that only a co-pilot may."""

    quoi: str
    profils: frozenset[TypeProfil] = _COPILOTES
    en_salle: bool = True
    refus: str = ""


class Action(Enum):
    """What may be refused: a row of the table."""

    # Rows, and what quotes them: never in Salle.
    LIRE_LISTES = Droit(
        "lire une liste",
        _COPILOTES | _ORGANISATIONS,
        en_salle=False,
        refus="Un animateur est toujours en Salle, où aucune liste ne s’ouvre : la demander à un co-pilote.",
    )
    LIRE_TOUTE_LISTE = Droit("ouvrir la liste de toute commune", en_salle=False)
    LIRE_NUMEROS = Droit(
        "lire les numéros uniques",
        frozenset(INSTRUCTEURS),
        en_salle=False,
        refus="Ce profil ne lit pas les numéros uniques : demander le droit d’instruire (« instruit = true ») au "
        "responsable des habilitations.",
    )
    COMPOSER_SEGMENT = Droit("composer un segment libre", en_salle=False)
    IMPORTER = Droit("importer un jeu de données", en_salle=False)
    CONTROLER_QUALITE = Droit("contrôler la qualité des données", en_salle=False)
    TELECHARGER_TABLEAU = Droit(
        "télécharger un tableau",
        _COPILOTES | _ORGANISATIONS,
        en_salle=False,
        refus="Un animateur est toujours en Salle, où aucun tableau ne s’emporte : le demander à un co-pilote.",
    )
    SUIVRE_ATTENDUS = Droit("suivre ce que chacun doit avant la séance", en_salle=False)
    LIRE_JOURNAL = Droit("lire le journal", en_salle=False)
    LIRE_CHIFFRES_EXACTS = Droit("lire les chiffres exacts de tous", en_salle=False)
    # What changes the store or the séance.
    PUBLIER = Droit("publier un jeu de données")
    PUBLIER_CONTOURS = Droit("publier des contours")
    REVENIR_A_UNE_PUBLICATION = Droit("revenir à une publication")
    FIXER_OBJECTIFS = Droit("fixer les objectifs et paramètres")
    PREPARER_SEQUENCE = Droit("préparer la séquence de la séance")
    PREPARER_DOSSIER = Droit("préparer le dossier de séance")
    SIGNALER_BLOCAGE = Droit(
        "signaler un blocage",
        _COPILOTES | _ORGANISATIONS,
        refus="Un blocage se signale au nom d’une commune, d’un bailleur, d’un réservataire ou d’un co-pilote : "
        "changer de profil, ou le dicter à un co-pilote.",
    )
    SIGNALER_POUR_AUTRUI = Droit("signaler un blocage ou noter ce qui fonctionne au nom d’un autre")
    SAISIR_ACCUEIL = Droit(
        "saisir le mois d’un lieu d’accueil",
        _COPILOTES | {TypeProfil.COMMUNE},
        refus="Le mois d’un lieu d’accueil est saisi par la commune qui le porte ou par un co-pilote : le lui donner.",
    )
    FIXER_DATE = Droit("fixer la date de la séance")
    TRIER_BLOCAGES = Droit("trier les blocages")
    ORDONNER_BLOCAGES = Droit("ordonner les blocages")
    INSCRIRE_BLOCAGE = Droit("inscrire un blocage à l’ordre du jour")
    ACTER_DECISION = Droit("acter une décision")
    NOTER_PRATIQUE = Droit("noter ce qui fonctionne")
    DIRE_ISSUE = Droit("dire ce qu’une décision est devenue")
    ACTER_ENGAGEMENT = Droit("acter un engagement")
    GARDER_SCENARIO = Droit(
        "garder un scénario",
        _COPILOTES | _ORGANISATIONS,
        refus="Un scénario se garde au nom d’une commune, d’un bailleur, d’un réservataire ou d’un co-pilote : changer "
        "de profil, ou le dicter à un co-pilote.",
    )
    INSCRIRE_AU_RELEVE = Droit("inscrire un scénario au relevé, ou l’en retirer")
    FAIRE_SIGNER = Droit("faire signer le relevé")
    SIGNER_EN_COPILOTE = Droit("signer au nom d’un co-pilote")
    PASSER_EN_SALLE = Droit("passer en Salle")
    REVENIR_EN_PREPARATION = Droit("revenir en Préparation")

    def refus(self, profil: Profil, *, en_salle: bool, est_repetition: bool = False) -> str:
        """Why this profile may not, in one sentence that says what to do; empty when it may.

        `est_repetition`: all data are fictitious, and a profile that instructs need not be in the register.
        """
        droit = self.value
        est_permis = profil.type in droit.profils
        if self is Action.LIRE_NUMEROS:
            est_permis = est_permis and (profil.instruit or est_repetition)
        if not est_permis:
            return droit.refus or (
                f"Seul un co-pilote (MEL, DDTM, AR-Habitat) peut {droit.quoi} : changer de profil ou s’adresser à l’un "
                "d’eux."
            )
        if en_salle and not droit.en_salle:
            return (
                "L’affichage est en Salle, où aucune liste ne s’ouvre : choisir « Revenir en Préparation » dans le "
                "menu du profil, ou le demander à un co-pilote."
            )
        return ""
