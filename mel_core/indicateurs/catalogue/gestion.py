"""Who comes beside who is there, whose turn it is, how long it took."""

from __future__ import annotations

from mel_core.indicateurs.besoins import DEMANDE, RESERVATAIRE, RESSOURCES, STOCK
from mel_core.indicateurs.definitions import CONVENTIONS, MODESTE, SNE, ImageBilan, Indicateur, Mesure, MesureBilan

TOUS = (
    Indicateur(
        "entrants_occupants",
        "Entrants comparés aux occupants",
        "est_modeste",
        "Part des ménages modestes parmi les entrants, à côté de leur part parmi les occupants en place. " + MODESTE,
        RESSOURCES,
        Mesure.COMPARAISON,
        connus="aux ressources connues",
        vont="à des ménages modestes ou très modestes",
        article="CIET, article 19",
        source=f"{SNE} ; Enquête sur l’occupation du parc social (OPS)",
        besoins=STOCK,
        mesures=(
            MesureBilan(
                "Entrants, occupants",
                ImageBilan.PAIRES,
                ("fragilite", "commune", "quartier", "residence", "bailleur"),
                ("Entrants modestes", "Ressources connues"),
                agenda={12: ("fragilite", "quartier", "residence")},
                nommee="Entrants et occupants",
                onglet="Entrants",
                est_obligatoire=True,
            ),
            MesureBilan(
                "Enjeu de mixité",
                ImageBilan.PAIRES,
                ("enjeu_mixite",),
                ("Entrants modestes", "Ressources connues"),
                "enjeu_mixite",
                agenda={13: ()},
                cellule=("enjeu_mixite", "oui"),
                cellule_dite="résidences à enjeu de mixité",
                coupe_des_lieux="enjeu_mixite",
            ),
        ),
    ),
    Indicateur(
        "flux",
        "Gestion en flux, par réservataire",
        "reservataire_du_flux",
        "Part de chaque réservataire dans les attributions de la gestion en flux : ni les mutations ni les relogements "
        "NPRU n’en sont. L’objectif est celui de la convention de chaque bailleur.",
        RESERVATAIRE,
        Mesure.FLUX,
        "est_en_flux",
        connus="au réservataire connu",
        vont="au titre du réservataire",
        numerateur="attributions du réservataire",
        denominateur="attributions hors mutations et relogements NPRU, au réservataire connu",
        article="Gestion en flux, CCH R. 441-5",
        etiquettes=("npru",),
        mesures=(
            MesureBilan(
                "Gestion en flux",
                ImageBilan.CONVENTIONS,
                ("reservataire", CONVENTIONS),
                ("Part du flux", "Flux connu"),
                agenda={17: ()},
                cellule=("reservataire", "PPRIOR"),
                cellule_dite="Préfet, prioritaires",
            ),
        ),
    ),
    Indicateur(
        "delais",
        "Délai d’attribution",
        "delai_mois",
        "Mois révolus entre le dépôt de la demande et la signature du bail. "
        "Ne se compare pas à l’ancienneté des demandes.",
        DEMANDE,
        Mesure.DELAI,
        connus="aux deux dates connues",
        numerateur="délai en mois",
        article="CIET, article 19",
        temoin=8,
        mesures=(
            MesureBilan(
                "Délais d’attribution",
                ImageBilan.DELAIS,
                ("commune", "quartier", "bailleur", "reservataire"),
                ("", "Deux dates connues"),
                agenda={18: ("commune",)},
                onglet="Délais",
            ),
        ),
    ),
)
