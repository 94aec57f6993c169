"""13h30 on slides: segments, engagements, préconisations, blocked mutations, offer and demand, QPV; from the answers of
their screens, as a room reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from mel_core.dossier import carte_dossier, releve
from mel_core.dossier.contexte import Contexte
from mel_core.dossier.creneaux import say_segment
from mel_core.dossier.diapositives import LIGNES_MAX, Dessin, Nombre, PageDuJour, place, serie
from mel_core.dossier.lignes_dossier import PointDuPlan, Tableau, ask_dites
from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.entrepot.perimetre import Noms
from mel_core.indicateurs.manques import DEMANDES, reserves, sans_reponse
from mel_core.indicateurs.phrases_vues import nommes, reste
from mel_core.journal import Journal
from mel_core.seance.coordination import phrases_coordination
from mel_core.seance.engagements import engagement_pris
from mel_core.seance.engagements.engagement_pris import EngagementJuge
from mel_core.secret.bail import reader
from mel_core.segments import Criteres, count_par, devant, phrases_segments, pseudonymes, titre_de
from mel_core.segments.listes import causes
from mel_core.segments.listes.causes import Notees
from mel_core.segments.phrases_segments import rank
from mel_core.simulation import lectures_offre, phrases_offre, preconisations
from mel_core.simulation.lectures_offre import AUTRES, LONGUES, MODESTES, RECENTES, TUES
from mel_core.socle import langue

_TONS_DES_ENGAGEMENTS = ("CAD3DE", "6E9BD8", "0B3D91")
_TONS_DES_ATTENTES = ("0B3D91", "6E9BD8", "EEF2F7")


@dataclass(frozen=True)
class Sources:
    """What a day is read from: the store, what serves the séance of `ou` (whole Métropole), the journal, and names;
    `lus`: the lines of the agenda that were read already, as a room reads them."""

    entrepot: Entrepot
    lecteur: Lecteur
    journal: Journal
    ou: Contexte
    noms: Noms
    lus: Mapping[PointDuPlan, Tableau] = field(default_factory=dict)


def segment(s: Sources, titre: str, nom: str, etape: str) -> PageDuJour | None:
    """Where they ask, who was before them, or what is noted of them; None of its lever, which no paper has."""
    if etape not in ("repartition", "devant", "causes"):
        return None
    phrase = say_segment(s.entrepot, s.ou.seance, s.ou.ici, nom, s.noms.noms["bailleur"])
    if not phrase:
        return None
    criteres, ou = Criteres(s.ou.seance.fin), s.ou.ici_dite
    communes = {c: s.noms.noms["commune"].get(c, c) for c, ici in s.noms.icis.items() if ici == s.ou.ici}
    with s.entrepot.open(Portee.ici(s.ou.ici), s.ou.seance) as lecteur:
        if etape == "devant":
            lus = devant.find_devant(s.lecteur, pseudonymes(lecteur, nom, criteres), criteres)
            quoi, lues = devant.QUOI, rank(lus.premiers["etiquette"], devant.ETIQUETTES, "")
            dites = reserves(lecteur, nom, criteres.debut, criteres.jour).say()
            phrase = " ".join((devant.say(ou, lus, criteres), *dites))
        elif etape == "causes":
            notees = read_notees(s, nom)
            quoi, lues = causes.QUOI, rank(notees.causes.rename(columns={"dite": "cle"}), {}, "")
            phrase = causes.say(ou, titre_de(nom), notees)
        else:
            comptes = count_par(lecteur, nom, criteres, "commune_souhaitee")
            quoi = phrases_segments.say_parmi(phrases_segments.PAR_COMMUNE, s.ou.ici)
            lues = rank(comptes[comptes["cle"].isin(communes)], communes, "commune_souhaitee")
    vues = lues[lues["n"].map(lambda n: n.est_dit)].head(LIGNES_MAX)
    if len(vues) < 2:
        return PageDuJour(titre, phrase)
    dessin = Dessin(titre, tuple(vues["nom"]), (serie(quoi, list(vues["n"]), Nombre.EFFECTIF),))
    autres = _autres(lues, len(vues)) if etape == "repartition" else ""
    return PageDuJour(titre, phrase, dessin, f"{quoi}. {autres}".rstrip())


def _autres(communes: pd.DataFrame, n_vues: int) -> str:
    """Those that a picture leaves, each with its count as it is read."""
    return nommes("commune", [(x.nom, str(x.n) if x.n.est_dit else "") for x in communes.iloc[n_vues:].itertuples()])


def read_notees(s: Sources, nom: str) -> Notees:
    """What communes and bailleurs noted of a segment in its ICI."""
    with s.entrepot.open(Portee.ici(s.ou.ici), s.ou.seance) as lecteur:
        return causes.find_notees(s.journal, pseudonymes(lecteur, nom, Criteres(s.ou.seance.fin)), s.ou.seance)


def vue(s: Sources, titre: str, nom: str) -> list[PageDuJour]:
    """One view of 13h30; nothing where it has nothing to say."""
    return list(filter(None, _VUES[nom](s, titre))) if nom in _VUES else []


def _engagements(s: Sources, titre: str) -> list[PageDuJour | None]:
    journal, bailleurs = s.journal, s.noms.noms["bailleur"]
    tous = [(f, e) for f, e in engagement_pris.find_all(journal, ici=s.ou.ici) if e.seance <= s.ou.seance]
    actes = [e for _, e in tous if e.seance == s.ou.seance]
    reponses = [
        (e, engagement_pris.answer(s.entrepot, journal, f, e, s.ou.seance)) for f, e in tous if e.seance < s.ou.seance
    ]
    verdicts = [r.verdict if isinstance(r, EngagementJuge) else r for _, r in reponses]
    phrase = phrases_coordination.engagements(s.ou.ici_dite, verdicts, len(actes))
    dits = [releve.suite_engagement(r, e, bailleurs).phrase for e, r in reponses]
    dits += [langue.typeset(e.say(bailleurs)) for e in actes]
    lus = [(e, r.n_loges if isinstance(r, EngagementJuge) else None) for e, r in reponses] + [(e, None) for e in actes]
    series = (
        serie("En attente à la signature", [reader().compte(e.effectif).dit for e, _ in lus], Nombre.EFFECTIF),
        serie("À reloger", [e.nombre for e, _ in lus], Nombre.EFFECTIF),
        serie("Relogés", [None if n is None else reader().compte(n).dit for _, n in lus], Nombre.EFFECTIF),
    )
    dessin = Dessin(titre, tuple(e.titre(bailleurs) for e, _ in lus), series, tons=_TONS_DES_ENGAGEMENTS)
    return [PageDuJour(titre, phrase, dessin, puces=tuple(dits))] if lus else []


def _preconisations(s: Sources, titre: str) -> list[PageDuJour | None]:
    frame = preconisations.par_quartier(s.lecteur, s.ou.periode, s.ou.ici)
    conseilles = preconisations.find_conseilles(frame)
    if conseilles.empty:
        return []
    sommes = lectures_offre.sum_les_classes(conseilles)
    series = tuple(serie(quoi, list(sommes[quoi]), Nombre.EFFECTIF) for quoi in (MODESTES, AUTRES))
    dessin = Dessin(titre, tuple(sommes.index), series, sont_empilees=True)
    phrase = phrases_offre.preconise(s.ou.ici_dite, conseilles)
    return [PageDuJour(titre, phrase, dessin, phrases_offre.ecartes(frame, "quartier"))]


def _mutations(s: Sources, titre: str) -> list[PageDuJour | None]:
    frame = preconisations.mutations_bloquees(s.lecteur, s.ou.seance.fin, s.ou.ici)
    if frame is None:
        return []
    vues = lectures_offre.read_attentes(frame[frame["sens"] == "souhaitee"])
    if vues.empty:
        return []
    dites = vues[vues["n"].map(lambda n: n.est_dit)].head(LIGNES_MAX)
    series = tuple(serie(quoi, list(dites[quoi]), Nombre.EFFECTIF) for quoi in (LONGUES, RECENTES, TUES))
    dessin = Dessin(titre, tuple(dites["nom"]), series, sont_empilees=True, tons=_TONS_DES_ATTENTES)
    phrase = phrases_offre.attente(s.ou.ici_dite, vues, "souhaitee")
    return [PageDuJour(titre, phrase, dessin if len(dites) > 1 else None, _autres(vues, len(dites)))]


def _offre(s: Sources, titre: str) -> list[PageDuJour | None]:
    if sans_reponse(s.lecteur, (DEMANDES,)):
        return []
    frame = preconisations.offre_demande(s.lecteur, s.ou.periode, s.ou.ici)
    montrees, en_moyenne = lectures_offre.read_les_tensions(frame)
    if not en_moyenne:
        return []
    moyenne, *_ = en_moyenne
    carte = carte_dossier.draw(
        titre,
        phrases_offre.moyenne_courte(moyenne),
        {x.commune: lectures_offre.classer_tension(x.tension, moyenne) for x in montrees.itertuples()},
        carte_dossier.TONS_DES_TENSIONS,
        [
            (x.commune, f"{x.nom} : {dit}", x.tension)
            for x in montrees.itertuples()
            if (dit := lectures_offre.tension_ecrite(x.tension))
        ],
        place(),
    )
    return [PageDuJour(titre, phrases_offre.plus_tendue(s.ou.ici_dite, montrees, s.ou.duree), carte)]


def _qpv(s: Sources, titre: str) -> list[PageDuJour | None]:
    peuplement, commissions = (
        question(s.lecteur, s.ou.periode, s.ou.ici)
        for question in (preconisations.peuplement, preconisations.commissions)
    )
    frame, ensemble, _ = lectures_offre.read_peuplement(
        peuplement, commissions, lambda nom: ask_dites(s.lecteur, nom, ("qpv",), s.ou.periode, s.ou.ici)
    )
    dans = lectures_offre.dans_les_qpv(frame)
    vus = lectures_offre.confront(dans).head(LIGNES_MAX)
    if vus.empty:
        return []
    series = (
        serie("Entrants modestes", list(vus["part_entrants"])),
        serie("Occupants modestes", list(vus["part_occupants"])),
    )
    dessin = Dessin(titre, tuple(vus["nom"]), series)
    phrase = phrases_offre.peuplement(s.ou.ici_dite, ensemble, dans)
    return [PageDuJour(titre, phrase, dessin, reste(len(dans) - len(vus), "QPV"))]


_VUES = {
    "engagements": _engagements,
    "preconisations": _preconisations,
    "mutations": _mutations,
    "offre": _offre,
    "qpv": _qpv,
}
