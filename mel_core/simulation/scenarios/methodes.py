"""What is said of each simulation to who asks why; docs/simulations has the rest."""

from __future__ import annotations

from mel_core.indicateurs.definitions import Methode

_BORNES = "bornes de ressources supposées (20, 40 et 60 % du plafond PLUS), le support de 2017 n’en donne pas"
_DEMANDE = "demandes actives du profil voulu au dernier jour de la séance ; logements et rotation des résidences"
_ETREINTES = (
    "une demande éligible n’est pas une acceptation ; un logement libéré est une moyenne (logements × rotation), et "
    "un nombre inconnu ne limite rien"
)
_VERDICT = (
    "infaisable au-delà des logements libérés d’une cellule ou des éligibles d’une commune ; tendu au-delà de la "
    "moitié des éligibles, ou si rien ne prouve que les ménages de plusieurs communes sont différents"
)
METHODES = {
    "equilibre": Methode(
        "Attributions à réorienter pour que la part des ménages modestes tienne l’objectif de chaque type de "
        "quartiers.",
        f"attributions de la période, {_DEMANDE}",
        f"attributions aux ressources ou au quartier inconnus ; {_ETREINTES}",
        "écart d’une classe = ⌈k − c·n⌉ au plafond, ⌈c·n − k⌉ au plancher, réparti entre les cellules du mauvais côté "
        f"aux plus forts restes ; {_VERDICT}",
        f"les attributions attendues sont celles des 12 derniers mois, au prorata de l’horizon ; {_BORNES}",
    ),
    "aci": Methode(
        "Premiers accès à réorienter pour que la part des ménages ACI (accord collectif, DALO, PDALHPD) tienne "
        "l’objectif, et ce qu’il reste de ménages ACI en attente.",
        f"premiers accès de la période, {_DEMANDE}",
        f"mutations, ménages sans information sur les labels ou au statut de logement inconnu ; {_ETREINTES}",
        "écart = ⌈c·n − k⌉, réparti aux plus forts restes ; restants = stock − relogés + entrées de la durée ; "
        f"semestres = stock ÷ (relogés − entrées par semestre) ; {_VERDICT} ; infaisable aussi au-delà du stock et "
        "des entrées",
        "les entrées des 12 derniers mois continuent ; les attributions attendues sont celles des 12 derniers mois",
    ),
    "plan": Methode(
        "Le plus petit nombre d’attributions à réorienter qui tient tous les objectifs à la fois ; sinon, ceux qui "
        "cèdent.",
        f"attributions de la période, {_DEMANDE}",
        f"lieux de moins de 30 attributions, qui comptent dans l’ensemble seulement ; {_ETREINTES}",
        "programme linéaire en nombres entiers (HiGHS) : minimiser les réorientations, sous chaque objectif, les "
        "logements libérés de chaque cellule et assez de demandeurs différents",
        f"un lieu a son objectif à partir de 30 attributions en 12 mois ; {_BORNES}",
    ),
    "convergence": Methode(
        "Part de ménages modestes parmi les occupants, par type de quartiers, et écart entre fragiles et sans "
        "fragilité.",
        "occupation et rotation des résidences, entrants des attributions de la période",
        "résidences sans occupants ou sans rotation connus ; ni évolution des ressources, ni construction, ni "
        "démolition",
        "chaque semestre, la moitié de la rotation annuelle de la résidence change d’occupant : s(t) = e + (s(0) − e) "
        "× (1 − r ÷ 2)^t, avec e la part visée des entrants ; résidences pesées par leurs logements occupés",
        f"ceux qui partent ressemblent à ceux qui restent ; rotation à la marge du curseur près ; {_BORNES}",
    ),
    "engagement": Methode(
        "Ménages d’un segment relogés et restants, semestre après semestre, si une part du flux leur est donnée.",
        "demandes actives, événements et baux au dernier jour de la séance",
        "ce que le flux donne déjà est inconnu quand les demandes des baux récents sont effacées",
        "servis = le plus petit de : visés, flux, présents ; restants = stock + entrants − servis − sortis ; déplacés "
        "= servis au-delà de ce que le flux servait déjà ; au-delà de ce qui est possible, rien n’est projeté",
        "le flux d’un semestre est la moitié des attributions de la période, l’année qui finit avec la séance",
    ),
    "programmation": Methode(
        "PLUS et PLAI de chaque opération pour une part de PLAI visée, et années pour reconstituer les logements "
        "démolis.",
        "opérations de la programmation",
        "PLS, et opérations sans détail PLUS et PLAI",
        "PLAI d’une opération = plus petit entier au moins égal à part × (PLUS + PLAI) ; PLUS = le reste",
        "2 500 à 3 500 logements démolis par le NPRU, au rythme programmé, sur toute la Métropole",
    ),
    "ordonnancement": Methode(
        "Qui entre dans la tête de file, et qui en sort, quand plusieurs critères pèsent ; au départ, l’ancienneté "
        "seule. La tête compte autant de demandes que d’attributions attendues en six mois (moitié des 12 derniers).",
        "demandes actives et événements au dernier jour de la séance",
        "rien : un critère vide compte comme « non »",
        "score = somme des poids × notes de 0 à 1 ; à score égal, la demande la plus ancienne d’abord",
        "note pleine à cinq ans d’ancienneté et à trois rangs 2 ou plus : bornes supposées, aucune règle en vigueur",
    ),
}
