"""The card of each commune and of each bailleur (PDF, a page): where it stands, what it promised, what it can do next.

The same answers as its screen: its own figures exact, what is said of others as a room reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, cached_property, partial
from pathlib import Path

import pandas as pd

from mel_core.dossier import pages
from mel_core.dossier.diapositives import Dessin, categorie, serie
from mel_core.dossier.orientations_dossier import Sources
from mel_core.dossier.pages import Bloc, Ecrit, Illustration, Style, TableauDePage, Texte, fiche
from mel_core.entrepot import Portee, perimetre
from mel_core.indicateurs import compute, fiches, phrases_vues, quartiers
from mel_core.indicateurs.catalogue import ACI, EQUILIBRE, MESURES
from mel_core.indicateurs.comptage import objectifs_en_vigueur
from mel_core.indicateurs.constats import lues
from mel_core.indicateurs.definitions import COUPES_DITES, SENS_PAR_FRAGILITE, Sens
from mel_core.indicateurs.fiches import FicheLieu, LireCellules, Portrait
from mel_core.indicateurs.manques import silence
from mel_core.indicateurs.quartiers import N_MOIS
from mel_core.seance.coordination import phrases_coordination, promesses, resultats
from mel_core.seance.engagements import engagement_pris
from mel_core.secret.bail import SALLE, Audience, lease
from mel_core.segments import Criteres, count_par, phrases_segments, titre_de
from mel_core.socle import cibles, langue
from mel_core.socle.periodes import Periode, Seance

_ATTENTE = "attente_36"
_HAUTEUR_D_UN_OBJECTIF, _HAUTEUR_DE_L_IMAGE = 1.9, 6.0  # cm, at most, of two bars, and of all of them
_PARTAGE = ("commune", "bailleur")
_PARTS_DITES = 8, 5, 3  # of those with whom it shares its attributions: as many as hold on one page


def write(sources: Sources, lieux: Iterable[tuple[str, str, Path]]) -> Iterator[Path]:
    """`lieux`: commune or bailleur, its code, where its card goes."""
    cartable = _Cartable(sources)
    for coupe, code, chemin in lieux:
        with lease(Audience(cle=coupe, code=code)):
            nom = sources.noms.noms[coupe].get(code, code)
            ou = sources.ou
            titre = f"{nom} · {ou.ici} · {langue.seance(ou.seance)}"
            for n_parts in _PARTS_DITES:
                ecrit = Ecrit(titre, ou, list(cartable.blocs(coupe, code, nom, n_parts)))
                if pages.count(ecrit) == 1:
                    break
            pages.write(chemin, ecrit)
        yield chemin


class _Cartable:
    """What all the cards of a séance are read from, once: exact, and rendered as who receives one reads it."""

    def __init__(self, s: Sources) -> None:
        self.s = s
        avant = s.ou.seance.precedente
        self.avant = avant if avant in perimetre.seances(s.lecteur) else None
        self.exactes = cache(self._compute)
        self.quartiers = quartiers.read(s.lecteur, s.ou.seance, s.ou.ici)
        with lease(SALLE):
            dites = lues(self.quartiers, ("quartier", "fragilite"), n_mois=N_MOIS)
            resumes = quartiers.summarise(dites, self.quartiers)
            objectifs = objectifs_en_vigueur(s.lecteur, EQUILIBRE, s.ou.periode)
            vise = any(not o.lieu for o in objectifs)
            self.refus = quartiers.refuse(dites, resumes, a_un_objectif=vise).rstrip(".")
        self.bandes = {o.dit: float(o.bande) for o in objectifs}
        self.rouvertes = resultats.bilan(s.entrepot, s.journal, s.ou.seance, s.ou.ici).resultats
        self.attentes = cache(self._count)

    def _compute(self, indicateur: str, par: tuple[str, ...], periode: Periode, seance: Seance) -> pd.DataFrame:
        with self.s.entrepot.open(Portee.mel(), seance) as lecteur:
            return compute(lecteur, indicateur, periode, par=par, ici=self.s.ou.ici)

    def _count(self, cle: str) -> pd.DataFrame | None:
        """Who waits, by place; None where nothing tells it."""
        criteres = Criteres(self.s.ou.seance.fin)
        with self.s.entrepot.open(Portee.ici(self.s.ou.ici), self.s.ou.seance) as lecteur:
            return None if silence(lecteur, _ATTENTE, criteres.debut) else count_par(lecteur, _ATTENTE, criteres, cle)

    def lire(self, coupe: str, code: str, seance: Seance, periode: Periode, n_mois: int = 12) -> LireCellules:
        """Of the cells cut by `coupe`, its own: a cell is read by itself."""

        @cache
        def answer(nom: str, par: tuple[str, ...]) -> pd.DataFrame:
            exactes = self.exactes(nom, par, periode, seance)
            return lues(exactes[exactes[coupe] == code] if coupe in par else exactes, par, n_mois=n_mois)

        return answer

    def answer(self, coupe: str, code: str, nom: str) -> FicheLieu:
        ou = self.s.ou
        dans = f"la commune {langue.de_la_commune(nom)}" if coupe == "commune" else f"{ou.ici_dite}, chez {nom}"
        portrait = Portrait(
            coupe,
            code,
            f"Dans {dans}",
            self.lire(coupe, code, ou.seance, ou.periode),
            self.lire(coupe, code, self.avant, Periode.de(self.avant, "annee")) if self.avant else None,
            f"le {langue.seance(ou.seance.precedente)}",
            self.lire(coupe, code, ou.seance, Periode.de_mois(ou.seance, N_MOIS), N_MOIS),
        )
        return fiches.answer(portrait, self._cotes(coupe, code))

    def _cotes(self, coupe: str, code: str) -> pd.DataFrame | str:
        """Its quartiers over 36 months, those where a bailleur has résidences; or why none is judged."""
        if self.refus:
            return self.refus
        if coupe == "commune":
            siens = self.quartiers["quartier"].map(self.s.noms.communes["quartier"]) == code
        else:
            siens = self.quartiers["quartier"].isin(self.residences.get(code, ()))
        exactes = self.quartiers[siens]
        est_sienne = pd.Series(coupe == "commune", exactes.index)
        dites = lues(exactes, ("quartier", "fragilite"), est_sienne, N_MOIS)
        return dites[dites["cible"].notna()]

    @cached_property
    def residences(self) -> dict[str, set[str]]:
        """Of each bailleur, the quartiers where it has some."""
        lues = perimetre.residences(self.s.lecteur)
        return {code: set(siennes["quartier"]) for code, siennes in lues.groupby("bailleur")}

    def blocs(self, coupe: str, code: str, nom: str, n_parts: int) -> Iterator[Bloc]:
        card, ou = self.answer(coupe, code, nom), self.s.ou
        yield Texte(langue.typeset(card.phrase).replace("*", ""), Style.GRAS)
        if card.lignes:
            hauteur = min(_HAUTEUR_D_UN_OBJECTIF * len(card.lignes), _HAUTEUR_DE_L_IMAGE)
            yield Illustration(self._dessin(card, nom), 0.9 + hauteur)
        dits = [
            *self._a_faire(card, (coupe, code, nom)),
            *card.constats,
            *self._attend(coupe, code),
            *self._promis(coupe, code, nom),
        ]
        yield fiche([(langue.typeset(tete), langue.typeset(dit).replace("*", "")) for tete, dit in dits])
        yield from self._partage(coupe, code, n_parts)
        # On one page: what it is about is above, when its data were published at its foot.
        dit = dict(ou.etablissement)
        yield Texte(f"{dit['Établi par']}, {dit['Établi le']}. {dit['Chiffres']}.", Style.ITALIQUE)

    def _partage(self, coupe: str, code: str, n_parts: int) -> Iterator[Bloc]:
        """Its attributions, of a commune by bailleur, of a bailleur by commune, the most first: the cells that its
        workbook has."""
        autre = _PARTAGE[coupe == "commune"]
        lire = self.lire(coupe, code, self.s.ou.seance, self.s.ou.periode)
        lus = {nom: lire(nom, _PARTAGE).set_index(autre) for nom in (EQUILIBRE, ACI)}
        volumes = lus[EQUILIBRE]["n"].map(float).sort_values(ascending=False, kind="stable")
        gardes = list(volumes.index[:n_parts])
        if len(gardes) < 2:
            return
        noms = self.s.noms.noms[autre]
        lignes = [
            (
                noms.get(c, c),
                langue.nombre(lus[EQUILIBRE].loc[c, "n"]),
                *(_part(cellules, c) for cellules in lus.values()),
            )
            for c in gardes
        ]
        tetes = COUPES_DITES[autre][1], "Attributions", *(MESURES[nom].titre for nom in lus)
        yield TableauDePage(tetes, lignes, (6, 2.6, 4.2, 4.2), a_gauche=True)
        if suite := phrases_vues.reste(len(volumes) - len(gardes), autre, ou="dans le classeur"):
            yield Texte(suite)

    def _dessin(self, card: FicheLieu, nom: str) -> Dessin:
        """Its share beside that of the ICI and its objective, a line for each; a band is said, no line draws it."""
        bandes = [
            self.bandes.get(x.sienne["cible_de"]) if SENS_PAR_FRAGILITE.get(x.classe) == Sens.BANDE else None
            for x in card.lignes
        ]
        lus = list(zip(card.lignes, bandes, strict=True))
        vises = [
            None if bande or pd.isna(x.sienne["cible"]) or cibles.est_en_nombre(x.sienne) else x.sienne["cible"]
            for x, bande in lus
        ]
        series = (
            serie("Part constatée", [x.sienne["part"] for x in card.lignes]),
            serie(self.s.ou.ici, [x.ici["part"] if x.ici else None for x in card.lignes]),
            serie("Objectif", vises, est_objectif=True),
        )
        noms = [categorie(pd.Series({**x.sienne, "nom": x.titre, "bande": bande})) for x, bande in lus]
        return Dessin(nom, tuple(noms), series if any(vises) else series[:2])

    def _a_faire(self, card: FicheLieu, lieu: tuple[str, str, str]) -> Iterator[tuple[str, str]]:
        """What the day decided of it, whole, then what is to do."""
        journal, ou, (coupe, code, _) = self.s.journal, (self.s.ou.seance, self.s.ou.ici), lieu
        prises = promesses.find_prises(journal, ou, lieu)
        yield from zip(["Décidé", *[""] * len(prises)], map(promesses.say_prise, prises), strict=False)
        name = partial(phrases_coordination.sujet, noms=self.s.noms.connues)
        points = promesses.say_points(journal, ou, coupe, code, name)
        if dits := [dit for dit in (card.a_faire, points) if dit]:
            yield "À faire", " ; ".join(dits)

    def _attend(self, coupe: str, code: str) -> Iterator[tuple[str, str]]:
        if (comptes := self.attentes(phrases_segments.CLES_DES_LIEUX[coupe])) is not None:
            yield "Demandes", phrases_segments.chez(comptes, coupe, code, titre_de(_ATTENTE), self.s.ou.ici)

    def _promis(self, coupe: str, code: str, nom: str) -> Iterator[tuple[str, str]]:
        s = self.s
        answer = partial(engagement_pris.answer, s.entrepot, s.journal, seance=s.ou.seance)
        noms, bailleurs = s.noms.connues, s.noms.noms["bailleur"]
        ou, lieu = (s.ou.seance, s.ou.ici), (coupe, code, nom)
        dits = promesses.say_promises(s.journal, ou, lieu, answer, self.rouvertes, noms, bailleurs)
        yield from zip(["Promis", *[""] * len(dits)], dits, strict=False)


def _part(cellules: pd.DataFrame, code: str) -> str:
    """`53,0 % (387 sur 730)`."""
    if code not in cellules.index or pd.isna((lue := cellules.loc[code])["part"]):
        return langue.ABSENT
    return f"{langue.part(lue['part'])} ({langue.nombre(lue['numerateur'])} sur {langue.nombre(lue['n_connus'])})"
