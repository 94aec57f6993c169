"""Every rule of the contract (§1, Checks): its short stable name, its gravity, its sentence.

A sentence says what is wrong and what to do. Names between braces are given where the rule is applied; `valeur` is the
cell as found and `cle` the same as a key of TOML, `colonne` its column, `table` what the file is read for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from mel_core.contrat.rapport import Gravite


@dataclass(frozen=True)
class Regle:
    """The same name may come with two gravities: an unknown bailleur rejects an attribution, not an event. `nom`: that
    of the constant, unless it is said."""

    phrase: str
    gravite: Gravite
    nom: str = ""


_bloquant, _rejet, _avertissement = (partial(Regle, gravite=gravite) for gravite in Gravite)

# Files and columns
ILLISIBLE = _bloquant("{phrase}")
TABLE_DOUBLE = _bloquant("La table « {valeur} » est donnée deux fois ({fichiers}) : n’en garder qu’une.")
FEUILLE_MASQUEE = _bloquant(
    "La feuille « {valeur} » est masquée : l’afficher si elle fait partie du jeu, la supprimer ou la renommer sinon.",
)
COLONNE_MANQUANTE = _bloquant(
    "La colonne obligatoire « {attendue} » manque{proche} : corriger l’en-tête, ou écrire dans le mapping, "
    "sous [{table}.colonnes], le nom qu’elle porte dans le fichier.",
)
ETAT_MANQUANT = _bloquant(
    "La colonne obligatoire « {attendue} » manque{proche} : écrire dans le mapping, sous [{table}.colonnes], le nom "
    "qu’elle porte, ou, sous [{table}.etat], ce que sont toutes les demandes du fichier, {cle} = "
    '"ACTIVE", "RADIEE", ou "SELON_RADIATION" si celles qui portent une date ou un motif de radiation sont radiées.',
    nom="colonne_manquante",
)
COLONNE_DOUBLE = _bloquant(
    "La colonne « {valeur} » est deux fois dans l’en-tête, avec d’autres valeurs : en supprimer ou en renommer une.",
)
ENTETES = " | "  # between the headers that match one column, as the value of this anomaly
COLONNE_AMBIGUE = _bloquant(
    "Les en-têtes {entetes} désignent tous la colonne « {colonne} » : répondre lequel la donne dans le mapping, sous "
    "[{table}.colonnes], par exemple {colonne} = {exemple}.",
)
DONNEES_AU_DESSUS = _bloquant(
    "Cette ligne se lit comme une ligne de données au-dessus de l’en-tête (ligne {entete}) : mettre l’en-tête "
    "au-dessus des données, ou supprimer la ligne.",
)
LIGNE_DOUTEUSE = _bloquant(
    "La ligne qui commence par « {valeur} » est-elle une ligne de données, ou un total ou un titre : répondre dans le "
    'mapping, sous [{table}.lignes], {cle} = "donnee" ou {cle} = "a_part".',
)
ETIQUETTE_COUVRANTE = _bloquant(
    "L’en-tête « {valeur} » donne-t-il « {colonne} », et comprend-il {couvertes} : répondre dans le mapping, sous "
    "[{table}.colonnes], {colonne} = {cle}, et, s’il les comprend, sous [{table}.couvre], {colonne} = {liste}.",
)
VALEUR_INCONNUE = _bloquant(
    "Que veut dire « {valeur} » dans la colonne « {colonne} » ({lignes}) ? Les valeurs connues les plus proches sont "
    "{proches} : répondre dans le mapping, sous [{table}.valeurs.{colonne}], par exemple {cle} = {exemple}, ou "
    '{cle} = "" pour une valeur inconnue.',
)
TYPOLOGIE_INCONNUE = _avertissement(
    "« {valeur} » dans « {colonne} » ({lignes}) n’est pas une des typologies (C, T1 à T5, T6P) et compte à part : "
    "répondre dans le mapping, sous [{table}.valeurs.{colonne}], par exemple {cle} = {exemple}, ou "
    '{cle} = "" pour une valeur inconnue.',
)
CASES_VIDES = _avertissement(
    "« {colonne} » ne dit que « {dite} », sinon rien ({lignes}), qui est lu comme inconnu : répondre pour la colonne "
    "dans le mapping, sous [{table}.valeurs.{colonne}], si une cellule vide veut dire l’inverse, par exemple "
    '"" = "non".',
)
VALEURS_INCONNUES = _bloquant(
    "{reste} autres valeurs de « {colonne} » sont inconnues ({lignes}) : vérifier que c’est la bonne colonne.",
    nom="valeur_inconnue",
)
PUBLIC_INCONNU = _bloquant(
    "De quel label est « {dite} » dans « {colonne} » : répondre pour cette valeur dans le mapping, sous "
    '[{table}.publics], par exemple {cle} = {exemple}, ou {cle} = "" pour aucun.',
    nom="public",
)
MONTANT_AMBIGU = _bloquant(
    "Que veut dire « {valeur} » dans la colonne « {colonne} » ({lignes}) : {milliers} ou {decimales} ? Répondre pour "
    'toute la colonne dans le mapping, sous [{table}.nombres], {colonne} = "milliers" ou "decimales".',
)
ANNEE_COURTE = _avertissement(
    "« {valeur} » dans la colonne « {colonne} » ({lignes}) n’a que deux chiffres d’année : répondre pour toute la "
    'colonne dans le mapping, sous [{table}.dates], {colonne} = "2000_2099" si toutes sont de 2000 à 2099, sinon '
    "exporter avec l’année sur quatre chiffres.",
)
LISTE_AMBIGUE = _bloquant(
    "« {valeur} » dans la colonne « {colonne} » ({lignes}) est-il une liste de communes, dont certaines ne sont pas de "
    "la MEL, ou le nom d’une seule : répondre pour toute la colonne dans le mapping, sous [{table}.listes], "
    '{colonne} = "separee" ou "entiere".',
)
LIGNE_A_PART = _avertissement(
    "La ligne qui commence par « {valeur} » est {quoi} : mise à part, elle ne compte dans aucun chiffre, rien à faire.",
)
FICHIER_IGNORE = _avertissement(
    "« {valeur} » ne porte le nom d’aucune table et n’a pas été lu{proche} : le renommer s’il en est une.",
)
MODELE = _avertissement("{constat} : {remede}.")
_XML = (
    "Des fichiers XML n’ont pas été lus ({fichiers}) : si ce sont des demandes du SNE, les donner avec --mapping sne "
    "(à l’écran, le format « SNE »)."
)
XML_SEULS = _bloquant(_XML, nom="fichier_ignore")  # there is nothing else to read
XML_NON_LU = _avertissement(_XML, nom="fichier_ignore")
PUBLIC = replace(PUBLIC_INCONNU, gravite=Gravite.AVERTISSEMENT)
COLONNE_INCONNUE = _avertissement(
    "La colonne « {valeur} » n’est pas connue du contrat et n’a pas été lue{proche} : si elle compte, l’indiquer "
    "dans le mapping, sous [{table}.colonnes].",
)
COLONNE_SANS_NOM = _avertissement(
    "Sans nom dans l’en-tête, {n} : ce qui s’y trouve n’a pas été lu, ajouter un nom si cela compte.",
    nom="colonne_inconnue",
)
COLONNE_PERSONNELLE = _avertissement(
    "La colonne « {valeur} » porte une donnée personnelle : elle n’est jamais lue ni conservée, la retirer du fichier.",
)
COLONNE_DU_MAPPING = _avertissement(
    "Le mapping attend la colonne « {attendue} » pour « {colonne} », absente du fichier : celle-ci est inconnue ; "
    "corriger le mapping si le fichier la donne sous un autre nom.",
)
ETIQUETTE_ABSENTE = _avertissement(
    "La colonne « {colonne} » manque : pour toutes les lignes de ce fichier, {quoi} sont inconnus. L’ajouter à "
    "l’export, ou dire dans le mapping qu’aucun ménage ne le porte ([{table}.absentes] {colonne} = false) ou qu’une "
    'autre colonne le comprend ([{table}.couvre], par exemple aci = ["dalo", "pdalhpd"]).',
)
ETIQUETTE_COUVERTE = _avertissement(
    "La colonne « {colonne} » manque et le mapping la dit comprise dans « {couvrante} » : ses ménages y sont comptés, "
    "et ne se distinguent pas.",
    nom="etiquette_declaree",
)
ETIQUETTE_SANS_MENAGE = _avertissement(
    "La colonne « {colonne} » manque et le mapping dit qu’aucun ménage ne la porte : elle est lue comme « non » sur "
    "toutes les lignes.",
    nom="etiquette_declaree",
)

# Cells
TYPE = _rejet("« {valeur} » n’est pas {attendu} : corriger la cellule, ou la vider si la valeur est inconnue.")
TYPE_REQUIS = _rejet("« {valeur} » n’est pas {attendu} dans une colonne obligatoire : corriger la cellule.", nom="type")
DATE = _rejet("La date « {valeur} » est {faute} : la corriger.")
BORNE = _rejet("« {valeur} » est hors des bornes de « {colonne} » ({bornes}) : corriger la cellule.")
IDENTIFIANT_NUMERIQUE = _rejet(
    "L’identifiant « {valeur} » a été enregistré comme un nombre ou une date par le tableur, des chiffres ont pu "
    "être perdus : mettre la colonne au format Texte et y recopier l’identifiant d’origine.",
)
IDENTIFIANT_HABILLE = _rejet(
    "L’identifiant « {valeur} » porte un signe ajouté par un logiciel (=, guillemet, apostrophe ou signe invisible) : "
    "corriger la colonne pour n’y laisser que l’identifiant.",
)
CLE_VIDE = _rejet("La clé « {colonne} » est vide : la ligne ne désigne rien, compléter la cellule.")
REQUISE_VIDE = _rejet("« {colonne} » est obligatoire et vide : compléter la cellule.")

# Rows
ENTETE_REPETEE = _rejet("La ligne répète l’en-tête, deux exports semblent mis bout à bout : la supprimer du fichier.")
BAIL_AVANT_DEMANDE = _rejet(
    "Le bail ({valeur}) précède la création de la demande ({creation}) : corriger l’une des deux dates.",
)
REACTIVATION = _avertissement(
    "La demande est ACTIVE avec une date de radiation ({valeur}) : lue comme une réactivation, vérifier l’état.",
)
DOUBLON_DIFFERENT = _avertissement(
    "La clé « {valeur} » est déjà portée par la ligne {premiere}, avec d’autres valeurs ({colonnes}) : seule la "
    "première est gardée, vérifier laquelle est juste.",
)
OCCUPATION_SANS_RESIDENCE = _rejet(
    "Aucune résidence donnée avec cette enquête n’a le code « {valeur} », ni n’est seule à porter ce nom : le "
    "corriger, ou ajouter la résidence.",
)
OCCUPATION_D_UN_AUTRE = _rejet(
    "Cette résidence n’est pas du bailleur « {valeur} » dans le fichier des résidences : corriger l’un des deux.",
)

# References
COMMUNE_ASSOCIEE = _avertissement("{valeur} est une commune associée de Lille : lue comme {lue}, rien à faire.")
COMMUNE_REJETEE = _rejet(
    "« {valeur} » n’est ni le code INSEE d’une des 95 communes de la MEL, ni le nom d’une seule : corriger la cellule.",
    nom="commune_hors_mel",
)
COMMUNE_HORS_MEL = _avertissement(
    "« {valeur} » n’est pas le code INSEE d’une commune de la MEL : lue comme « hors_mel », la corriger si besoin.",
)
COMMUNE_SANS_EFFET = _avertissement(
    "« {valeur} » n’est pas une des 95 communes de la MEL : la ligne reste sans effet, la corriger.",
    nom="commune_hors_mel",
)
COMMUNE_ILLISIBLE = _avertissement(
    "« {valeur} » n’est ni un code INSEE, ni le nom d’une seule commune de la MEL : lue comme inconnue, la corriger.",
    nom="commune_hors_mel",
)
BAILLEUR_REJETE = _rejet(
    "Le bailleur « {valeur} » est inconnu : corriger le code, ajouter la ligne à bailleurs, ou le nommer dans le "
    "mapping, sous [bailleurs.noms].",
    nom="bailleur_inconnu",
)
BAILLEUR_INCONNU = _avertissement(
    "Le bailleur « {valeur} » est inconnu : lu comme « inconnu », corriger ou ajouter la ligne à bailleurs.",
)
BAILLEUR_PROCHE = _avertissement(
    "Le bailleur « {valeur} » n’est pas connu sous ce nom : le nommer dans le mapping, sous [bailleurs.noms], si c’est "
    "l’un de ceux qui le sont.",
    nom="bailleur_inconnu",
)
RESIDENCE_INCONNUE = _avertissement(
    "La résidence « {valeur} » est inconnue : lue comme « inconnu », corriger ou ajouter la ligne à residences.",
)
RESIDENCE_PROCHE = _avertissement(
    "La résidence « {nom} » n’est pas connue, la plus proche chez son bailleur, dans sa commune, est « {proche} » : "
    'répondre dans le mapping, sous [residences.memes], {cle} = {exemple}, ou {cle} = "" si ce n’est pas elle.',
)
QUARTIER_INCONNU = _avertissement(
    "Le quartier « {valeur} » est inconnu : à défaut, celui de la résidence compte, sinon « inconnu », le corriger ou "
    "ajouter la ligne à quartiers.",
)
DEMANDE_INCONNUE = _avertissement(
    "La demande « {valeur} » est inconnue : l’événement est gardé, corriger le numéro ou charger la demande.",
)
TABLE_ABSENTE = _avertissement(
    "La table « {cible} » n’est ni dans ce jeu ni déjà chargée, {lignes} y renvoient par « {colonne} » : la charger.",
)
CODE_DISPARU = _avertissement(
    "« {table} » n’a plus {codes} que portent des lignes déjà en place ({exemples}) : {effet} tant que la table reste "
    "ainsi, la compléter si c’est un oubli.",
)

# Completeness
REVENU_ABSENT = _avertissement(
    "Le revenu fiscal est vide : les ressources sont « inconnu », compléter si le revenu est connu."
)
REVENUS_ABSENTS = _avertissement(
    "Aucune colonne ne donne « {dite} » ({colonne}) : {quoi}, l’ajouter à l’export si elle existe.",
    nom="revenu_absent",
)
COLONNE_ABSENTE = replace(REVENUS_ABSENTS, nom="colonne_absente")
MONTANT_NEGATIF = _avertissement(
    "« {valeur} » est négatif dans « {colonne} » : aucune classe de ressources n’en est tirée, le corriger, ou vider "
    "la cellule si le montant est inconnu.",
)
CATEGORIE_ABSENTE = _avertissement(
    "« categorie_menage » est vide pour {lignes} : {part} des lignes gardées sont classées par le nombre de personnes, "
    "compléter la colonne si elle est connue.",
)
BAILLEUR_SANS_EVENEMENT = _avertissement(
    "Le bailleur « {valeur} » a {patrimoine} et aucun événement du {debut} au {fin} : vérifier qu’il les "
    "enregistre dans le SNE.",
)

globals().update(
    {
        constante: replace(regle, nom=constante.lower())
        for constante, regle in globals().items()
        if isinstance(regle, Regle) and not regle.nom
    }
)
