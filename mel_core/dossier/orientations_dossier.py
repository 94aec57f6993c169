"""13h30 on slides: segments, engagements, préconisations, blocked mutations, offer and demand, QPV; from the answers of
their screens, as a room reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from mel_core.simulation import lectures_offre, phrases_offre, preconisations
from mel_core.simulation.lectures_offre import AUTRES, LONGUES, MODESTES, RECENTES, TUES
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_EN_TETE
from mel_core.socle.valeurs import Compte

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
    criteres = Criteres(s.ou.seance.fin)
    with s.entrepot.open(Portee.ici(s.ou.ici), s.ou.seance) as lecteur:
        if etape == "devant":
            lus = devant.find_devant(s.lecteur, pseudonymes(lecteur, nom, criteres), criteres)
            publics = _compter(lus.premiers["etiquette"], devant.ETIQUETTES)
            dessin = _barres(titre, "Demandes classées premières", publics)
            dites = reserves(lecteur, nom, criteres.debut, criteres.jour).say()
            phrase = " ".join((devant.say(s.ou.ici_dite, lus, criteres), *dites))
            return PageDuJour(titre, phrase, dessin, _legende(dessin))
        if etape == "causes":
            notees = read_notees(s, nom)
            lues = _compter(notees.causes.rename(columns={"dite": "cle"}), {})
            dessin = _barres(titre, causes.QUOI, lues)
            return PageDuJour(titre, causes.say(s.ou.ici_dite, titre_de(nom), notees), dessin, _legende(dessin))
        comptes = count_par(lecteur, nom, criteres, "commune_souhaitee")
    communes = {c: s.noms.noms["commune"].get(c, c) for c, ici in s.noms.icis.items() if ici == s.ou.ici}
    lues = _compter(comptes[comptes["cle"].isin(communes)], communes)
    dessin = _barres(titre, phrases_segments.say_parmi("Demandes, dans chaque commune souhaitée", s.ou.ici), lues)
    vues = len(dessin.categories) if dessin else 0
    autres = nommes("commune", [(quoi, str(n) if n.est_dit else "") for quoi, n in lues[vues:]]) if dessin else ""
    return PageDuJour(titre, phrase, dessin, _legende(dessin, autres))


def read_notees(s: Sources, nom: str) -> Notees:
    """What communes and bailleurs noted of a segment in its ICI."""
    with s.entrepot.open(Portee.ici(s.ou.ici), s.ou.seance) as lecteur:
        return causes.find_notees(s.journal, pseudonymes(lecteur, nom, Criteres(s.ou.seance.fin)), s.ou.seance)


def _compter(comptes: pd.DataFrame, noms: Mapping[str, str]) -> list[tuple[str, Compte]]:
    """Each by its name, most first by what is read alone, as a screen has them; what is not said, last."""
    lus = [(noms.get(x.cle, x.cle), reader().compte(x.n)) for x in comptes.itertuples()]
    return sorted(lus, key=lambda x: (-(x[1].dit or 0), x[0]))


def _barres(nom: str, quoi: str, lus: Sequence[tuple[str, Compte]]) -> Dessin | None:
    """Those that are said; None of a single bar."""
    dits = [(quoi, n.dit) for quoi, n in lus if n.est_dit][:LIGNES_MAX]
    if len(dits) < 2:
        return None
    return Dessin(nom, tuple(d for d, _ in dits), (serie(quoi, [n for _, n in dits], Nombre.EFFECTIF),))


def _legende(dessin: Dessin | None, suite: str = "") -> str:
    return f"{dessin.series[0].nom}. {suite}".rstrip() if dessin else ""


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
    conseilles = frame[frame["n_modestes"].notna() & (frame["n_attendues"].fillna(0) > 0)]
    if conseilles.empty:
        return []
    sommes = conseilles.groupby("fragilite")[["n_modestes", "n_autres"]].sum()
    classes = [c for c in FRAGILITES_EN_TETE if c in sommes.index]
    dessin = Dessin(
        titre,
        tuple(FRAGILITES_EN_TETE[c] for c in classes),
        tuple(
            serie(quoi, [int(n) for n in sommes.loc[classes, colonne]], Nombre.EFFECTIF)
            for quoi, colonne in ((MODESTES, "n_modestes"), (AUTRES, "n_autres"))
        ),
        sont_empilees=True,
    )
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
    durees: dict[str, list[float | None]] = {LONGUES: [], RECENTES: [], TUES: []}
    for x in dites.itertuples():
        # A commune of which one of both waits is not said keeps the length of its whole.
        sont_dites = x.n_24_mois.est_dit and x.n_recentes.est_dit
        for quoi, n, est_dite in (
            (LONGUES, x.n_24_mois, sont_dites),
            (RECENTES, x.n_recentes, sont_dites),
            (TUES, x.n, not sont_dites),
        ):
            durees[quoi].append(n.dit if est_dite else None)
    series = tuple(serie(quoi, lus, Nombre.EFFECTIF) for quoi, lus in durees.items())
    dessin = Dessin(titre, tuple(dites["nom"]), series, sont_empilees=True, tons=_TONS_DES_ATTENTES)
    phrase = phrases_offre.attente(s.ou.ici_dite, vues, "souhaitee")
    autres = [(x.nom, str(x.n) if x.n.est_dit else "") for x in vues.iloc[len(dites) :].itertuples()]
    return [PageDuJour(titre, phrase, dessin if len(dites) > 1 else None, nommes("commune", autres))]


def _offre(s: Sources, titre: str) -> list[PageDuJour | None]:
    if sans_reponse(s.lecteur, (DEMANDES,)):
        return []
    frame = preconisations.offre_demande(s.lecteur, s.ou.periode, s.ou.ici)
    ensemble = frame[frame["typologie"] == preconisations.ENSEMBLE]
    montrees = lectures_offre.say_les_tensions(ensemble)
    servies = montrees[montrees["tension"].notna() & (montrees["n_attributions"] > 0)]
    if servies.empty:
        return []
    comptees = ensemble.set_index("commune").loc[servies["commune"]]
    demandes, attributions = (int(comptees[c].sum()) for c in ("n_demandes", "n_attributions"))
    moyenne = reader().pour_une(demandes / attributions, (demandes, attributions))
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
    dans = frame[~frame["qpv"].isin([preconisations.HORS_QPV, preconisations.INCONNU])]
    connus = dans[dans["part_entrants"].notna() & dans["part_occupants"].notna()]
    if connus.empty:
        return []
    entrants, occupants = (connus[c].astype(float) for c in ("part_entrants", "part_occupants"))
    loin = (entrants - occupants).abs().sort_values(ascending=False, kind="stable")
    vus = connus.loc[loin.index].head(LIGNES_MAX)
    series = (
        serie("Entrants modestes", list(vus["part_entrants"])),
        serie("Occupants modestes", list(vus["part_occupants"])),
    )
    dessin = Dessin(titre, tuple(vus["nom"].fillna(vus["qpv"])), series)
    phrase = phrases_offre.peuplement(s.ou.ici_dite, ensemble, dans)
    return [PageDuJour(titre, phrase, dessin, reste(len(dans) - len(vus), "QPV"))]


_VUES = {
    "engagements": _engagements,
    "preconisations": _preconisations,
    "mutations": _mutations,
    "offre": _offre,
    "qpv": _qpv,
}
