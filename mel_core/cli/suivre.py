"""`suivre`: what the screens of the menu « Suivre » answer, one table for each question."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mel_core.cli import rendu
from mel_core.cli.analyse import AUDIENCE, FORMAT, ICI, METROPOLE, SEANCE, commande, open_donnees, option
from mel_core.entrepot import Lecteur, Portee
from mel_core.indicateurs import quartiers, suivi
from mel_core.indicateurs.besoins import Manque, toutes
from mel_core.indicateurs.manques import sans_reponse
from mel_core.indicateurs.suivi import besoins_mutations, cotation, fragilites, produits, refus_mutations, reseau
from mel_core.indicateurs.suivi.reseau import MoisSaisi
from mel_core.journal import Journal
from mel_core.secret.bail import reader
from mel_core.segments import Criteres, drapeaux
from mel_core.segments.calcul_segments import COMPTES_DU_DRAPEAU
from mel_core.socle.periodes import Periode, Seance


@dataclass(frozen=True)
class AppelSuivi:
    """Of which séance, of which ICI (None: the whole Métropole), for whom."""

    seance: Seance
    ici: str | None
    saisies: Sequence[MoisSaisi] = ()  # what places of the reception network entered on screen

    @property
    def periode(self) -> Periode:
        """The 12 months that end with the séance."""
        return Periode.de(self.seance, "annee")


Reponse = tuple[pd.DataFrame, tuple[Manque, ...]]  # and the columns without which some of it is unknown


def _indice(lecteur: Lecteur, demande: AppelSuivi) -> Reponse:
    """It is about nobody: places and published indicators."""
    return fragilites.compare_indices(suivi.quartiers(lecteur, demande.seance.fin, demande.ici)), ()


def _parcs(lecteur: Lecteur, demande: AppelSuivi) -> Reponse:
    """It is about nobody: shares of quartiers, as they are published."""
    tous = suivi.quartiers(lecteur, demande.seance.fin)
    siens = tous if demande.ici is None else tous[tous["ici"] == demande.ici]
    return fragilites.compare_parcs(siens, tous), sans_reponse(lecteur, fragilites.BESOINS_DES_PARCS)


def _besoins_mutations(lecteur: Lecteur, demande: AppelSuivi) -> Reponse:
    lus = besoins_mutations.besoins(lecteur, demande.periode, demande.ici)
    return besoins_mutations.render(lus.lignes), lus.manques


def _refus_mutations(lecteur: Lecteur, demande: AppelSuivi) -> Reponse:
    lus = refus_mutations.refus(lecteur, demande.periode, demande.ici)
    return refus_mutations.render(lus), sans_reponse(lecteur, refus_mutations.BESOINS)


def _cotation(lecteur: Lecteur, demande: AppelSuivi) -> Reponse:
    lue = cotation.cotation(lecteur, demande.periode, demande.ici)
    dite = pd.DataFrame([{}]) if lue is None else cotation.render(lue)
    return dite, sans_reponse(lecteur, cotation.BESOINS)


def _produits(lecteur: Lecteur, demande: AppelSuivi) -> Reponse:
    lus = produits.produits(lecteur, demande.periode, demande.ici)
    return produits.render(lus.lignes), lus.manques


def _fragilite(lecteur: Lecteur, demande: AppelSuivi) -> Reponse:
    """Commune by commune, as the map and its table say them: places, and nobody."""
    lus = suivi.quartiers(lecteur, demande.seance.fin, demande.ici)
    return fragilites.par_commune(lus, suivi.referentiel(lecteur, demande.ici, demande.seance.fin)), ()


def _quartiers(lecteur: Lecteur, demande: AppelSuivi) -> Reponse:
    return suivi.quartiers(lecteur, demande.seance.fin, demande.ici), ()


def _cotes_quartiers(lecteur: Lecteur, demande: AppelSuivi) -> Reponse:
    """Class by class, over 36 months: what the sentence of 9h30 says, and what a room is told."""
    exactes = quartiers.read(lecteur, demande.seance, demande.ici)
    cotes = quartiers.summarise(reader().cellules(exactes, ("quartier", "fragilite")), exactes)
    lus = pd.DataFrame([vars(c) for c in cotes])
    return lus.rename(columns={"trop": "ecart_trop", "manque": "ecart_manque"}), ()


def _volumes(lecteur: Lecteur, demande: AppelSuivi) -> pd.DataFrame:
    """Of each place and month up to the séance, with what places entered on screen. It is about nobody."""
    mois = f"{demande.seance.fin:%Y-%m}"
    return reseau.merge(suivi.accueil(lecteur, mois, demande.ici), demande.saisies, mois)


def _accueil(lecteur: Lecteur, demande: AppelSuivi) -> Reponse:
    return _volumes(lecteur, demande), sans_reponse(lecteur, toutes("accueil", *reseau.MESURES))


def _prise_en_charge(lecteur: Lecteur, demande: AppelSuivi) -> Reponse:
    """Of each measure over the 12 months, by commune then by actor: `maille`, `code`, its share beside its weight."""
    volumes, (mois, _) = reseau.sans_les_relais(_volumes(lecteur, demande)), reseau.fenetres(demande.seance)
    annee = volumes[volumes["mois"].isin(mois)]
    communes = suivi.referentiel(lecteur, demande.ici, demande.seance.fin)
    tables = [
        lues.rename(columns={maille: "code"}).assign(mesure=mesure, maille=maille)
        for mesure in reseau.MESURES
        for maille, lues in (
            ("commune", reseau.par_commune(annee, communes, mesure)),
            ("porteur", reseau.par_porteur(annee, mesure)),
        )
    ]
    colonnes = ["mesure", "maille", "code", "effectif", "part", "poids"]
    lignes_lues = pd.concat([t[colonnes] for t in tables], ignore_index=True).astype({"effectif": "Int64"})
    return lignes_lues, sans_reponse(lecteur, toutes("accueil", *reseau.MESURES))


def _drapeaux(lecteur: Lecteur, demande: AppelSuivi) -> Reponse:
    """On the last day of the séance, of the demandes that want a commune of the ICI or live in one."""
    lus = drapeaux(lecteur, Criteres(demande.seance.fin))
    return reader().comptes(lus, COMPTES_DU_DRAPEAU), ()


QUESTIONS: dict[str, tuple[Callable[[Lecteur, AppelSuivi], Reponse], str]] = {
    "indice": (_indice, "les indicateurs derrière l’indice de fragilité, à côté de ceux du support de 2017"),
    "fragilite": (_fragilite, "la fragilité de chaque commune, ses quartiers et les habitants des quartiers fragiles"),
    "quartiers": (_quartiers, "chaque quartier, sa fragilité et les indicateurs derrière son indice"),
    "cotes_quartiers": (
        _cotes_quartiers,
        "sur 36 mois, les quartiers de chaque côté de leur objectif d’équilibre, et de combien d’attributions",
    ),
    "parcs": (_parcs, "le profil des locataires du parc social, à côté de celui des résidents du parc privé"),
    "besoins_mutations": (_besoins_mutations, "les typologies des demandes de mutation, à côté de celles du programme"),
    "refus_mutations": (_refus_mutations, "les mutations refusées en commission, et celles qui le sont pour impayés"),
    "cotation": (_cotation, "les points de la cotation : qui a été logé, et qui l’aurait été par les points seuls"),
    "accueil": (_accueil, "les volumes de chaque lieu d’accueil, mois par mois"),
    "prise_en_charge": (
        _prise_en_charge,
        "la part de chaque commune et de chaque acteur de l’accueil, à côté de son poids",
    ),
    "drapeaux": (_drapeaux, "les drapeaux du SNE à côté de nos segments, et ce qui n’est pas enregistré"),
    "produits": (_produits, "les demandeurs sous chaque plafond, à côté des PLAI, PLUS et PLS programmés et attribués"),
}


_DE_LA_DEMANDE = ("drapeaux",)  # of an ICI, of the demandes of its scope: the others cut by ICI themselves


@commande(
    "ce que répondent les écrans de « Suivre », un tableau par question",
    option(
        "quoi",
        choices=tuple(QUESTIONS),
        metavar="QUOI",
        help=" ; ".join(f"{nom} : {dit}" for nom, (_, dit) in QUESTIONS.items()),
    ),
    SEANCE,
    ICI,
    FORMAT,
    AUDIENCE,
)
def suivre(options: argparse.Namespace) -> pd.DataFrame:
    """One object per row; what a room may not read is null, and its row says `masque`. `colonnes_absentes`: the columns
    that no file had, without which what is null is unknown."""
    seance, (answer, _) = Seance.read(options.seance), QUESTIONS[options.quoi]
    saisies = _saisies(options.dossier_donnees)
    portee = Portee.ici(options.ici) if options.ici and options.quoi in _DE_LA_DEMANDE else METROPOLE
    with open_donnees(options, seance, portee) as lecteur:
        table, absents = answer(lecteur, AppelSuivi(seance, options.ici, saisies))
    return rendu.say_comptes(table, options.audience, absents)


def _saisies(dossier: Path) -> list[MoisSaisi]:
    if not Journal.existe(dossier):
        return []
    return [saisi for _, saisi in MoisSaisi.find_all(Journal.du_dossier(dossier), reseau.OBJET)]
