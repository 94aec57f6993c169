"""An objective, séance after séance: its share, and what breaks the series."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mel_core.indicateurs import phrases_constats
from mel_core.indicateurs.definitions import ImageBilan
from mel_core.indicateurs.parametrage import Rupture, find_ruptures
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_EN_TETE
from mel_core.socle.periodes import Seance
from pages.adaptateur import vivant
from pages.commun import donnees
from pages.commun.images import couleurs, courbes, lignes
from pages.commun.images.gabarit import Image
from pages.commun.mesures.lecture_bilan import Cle, seance_dite
from pages.commun.mesures.lecture_mesures import LectureMesure


def draw(lecture: LectureMesure) -> str:
    """The picture, of a share that has an objective or of a count; what breaks the series, in words."""
    if lecture.mesure.image is ImageBilan.EFFECTIFS and lecture.seances:
        vivant.draw(effectifs(lecture))
    if not lecture.mesure.a_une_carte:
        return ""
    trouvees = ruptures(lecture.cle)
    vivant.draw(tendance(lecture.cle, trouvees))
    return " ".join(r.phrase for r in trouvees)


def effectifs(lecture: LectureMesure) -> Image:
    """A count at every séance that is read beside this one, the latest below."""
    noms = [seance_dite(r.libelle) for r in lecture.seances]
    lus = [r.ligne["numerateur"] for r in lecture.seances]
    quoi = lecture.mesure.qui[0]
    return lignes.comptes(noms, lus, f"{quoi}, {lecture.duree}", f"{quoi}, séance après séance")


def _tenues(seance: str) -> list[str]:
    """The séances that the data hold, up to this one."""
    return [s for s in reversed(donnees.choix()[0]) if s <= seance]


def ruptures(cle: Cle) -> list[Rupture]:
    """What separates the séances of `tendance`."""
    premiere, seance = Seance.read(_tenues(cle.seance)[0]), Seance.read(cle.seance)
    return donnees.ask(*cle.ou, find_ruptures, cle.mesure.indicateur, premiere, seance)


def tendance(cle: Cle, trouvees: Sequence[Rupture] = ()) -> Image:
    """The share at every séance that the data hold, by class of quartiers for the 50/50; a year that they do not cover
    whole is hollow, and what breaks the series is a line across it."""
    tenues = _tenues(cle.seance)
    classe = cle.mesure.classe
    tons = couleurs.FRAGILITES if classe else {"": couleurs.AU_DESSOUS}
    rangees = []
    for tenue in tenues:
        servi = donnees.instantane(Seance.read(tenue), cle.ici).identifiant
        lues = cle._replace(identifiant=servi, seance=tenue).dites(*classe)
        duree = phrases_constats.duree_de(lues)
        for code, ton in tons.items():
            nom = FRAGILITES_EN_TETE.get(code, "")
            sienne = lues[lues["fragilite"] == code] if classe else lues
            part = float(sienne["part"].iloc[0]) if len(sienne) and pd.notna(sienne["part"].iloc[0]) else None
            sur = "" if duree.est_entiere else f" sur {duree}"
            dit = f"{seance_dite(tenue)} : {langue.part(part)}{sur}"
            bulle = f"{nom}, {dit}" if nom else dit
            rangees.append((seance_dite(tenue), part, duree.est_entiere, bulle, nom, ton))
    colonnes = ["nom", "part", "est_entiere", "infobulle", "serie", "ton"]
    cible = float(cle.objectif.valeur) if cle.objectif else None
    titre = "Part de ménages modestes" if classe else "Part de ménages ACI en premier accès"
    rangs = [next(i for i, s in enumerate(tenues) if r.jour <= Seance.read(s).fin) - 0.5 for r in trouvees]
    points = pd.DataFrame(rangees, columns=colonnes)
    return courbes.tendance(points, cible, f"{titre}, séance après séance", rangs)
