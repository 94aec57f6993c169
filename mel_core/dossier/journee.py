"""The day on slides: a page per message of the séance's sequence, in its order, from the answers of its screens.

A lever has none: paper does not move. What has nothing to say has none either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import pandas as pd

from mel_core.dossier import carte_dossier, creneaux, orientations_dossier, releve
from mel_core.dossier.actes_ecrits import Releve
from mel_core.dossier.creneaux import Page
from mel_core.dossier.diapositives import (
    TONS_DES_COTES,
    Dessin,
    Nombre,
    PageDuJour,
    dessin_de,
    notes_de,
    place,
    reserves,
    serie,
)
from mel_core.dossier.lignes_dossier import POINTS, PointDuPlan, Tableau, ask_constat, ask_dites, effectif_dit, read
from mel_core.dossier.orientations_dossier import Sources
from mel_core.entrepot import Portee, perimetre
from mel_core.indicateurs import constats, phrases_constats, phrases_lieux, quartiers
from mel_core.indicateurs.catalogue import MESURES
from mel_core.indicateurs.comptage import objectifs_en_vigueur
from mel_core.indicateurs.constats import lues
from mel_core.indicateurs.couverture import couverture
from mel_core.indicateurs.definitions import CARTE, LEVIER, SEANCES, ImageBilan, MesureBilan, par
from mel_core.indicateurs.phrases_constats import TROP_PEU
from mel_core.indicateurs.quartiers import N_MOIS
from mel_core.seance import proposition
from mel_core.seance.coordination import phrases_coordination
from mel_core.seance.proposition import FONCTIONNE
from mel_core.seance.sequence import Message
from mel_core.secret.bail import SALLE, lease
from mel_core.socle import langue
from mel_core.socle.appellations import FRAGILITES_EN_TETE, RESERVATAIRES
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.valeurs import Duree

_SEANCES_DITES = 6


@lease(SALLE)
def messages_de(s: Sources) -> tuple[Message, ...]:
    """The sequence of the day, as the room has it."""
    seance, ici = s.ou.seance, s.ou.ici
    ailleurs = perimetre.seances(s.lecteur)
    answer = partial(_ask, s, seance)
    avant = partial(_ask, s, seance.precedente) if seance.precedente in ailleurs else None
    say = partial(phrases_coordination.sujet, noms={**RESERVATAIRES, **s.noms.connues})
    points = proposition.name_points(s.journal, seance, ici, say)
    ecrits = proposition.find_ecrits(s.journal, seance, ici, partial(orientations_dossier.read_notees, s))
    constats_lus = proposition.gather(answer, avant)
    juges = quartiers.sont_juges(s.lecteur, seance)
    proposes = proposition.propose(ici, constats_lus, points, "", ecrits=ecrits, par_quartier=juges)
    return proposition.read(s.journal, proposition.identifiant(seance, ici), proposes, points)


def _ask(s: Sources, seance: Seance, indicateur: str, coupes: tuple[str, ...]) -> pd.DataFrame:
    periode = Periode.de(seance, "annee")
    if seance == s.ou.seance:
        return ask_dites(s.lecteur, indicateur, coupes, periode, s.ou.ici)
    with s.entrepot.open(Portee.mel(), seance) as lecteur:
        return ask_dites(lecteur, indicateur, coupes, periode, s.ou.ici)


@lease(SALLE)
def pages_de(s: Sources, messages: Sequence[Message]) -> list[PageDuJour]:
    """The pages of `messages`, in their order."""
    nommees = {**RESERVATAIRES, **s.noms.connues}
    points = creneaux.coordination(s.entrepot, s.journal, s.ou.seance, s.ou.ici, nommees)
    acte = releve.releve_de(s.entrepot, s.journal, s.ou.seance, s.ou.ici, s.noms)
    lues = (page for message in messages for page in _pages(s, message, points, acte))
    # Without the marks of emphasis of the screens.
    dites = [replace(page, phrase=langue.typeset(page.phrase).replace("*", "")) for page in lues]
    # No slide that only says again, without a picture, what another one says.
    images = {page.phrase for page in dites if page.dessin}
    vues: list[PageDuJour] = []
    for page in dites:
        est_redite = page.dessin is None and page.phrase and page.phrase in images | {v.phrase for v in vues}
        if not est_redite:
            vues.append(page)
    return vues


def _pages(s: Sources, message: Message, points: dict[str, PageDuJour], acte: Releve) -> Iterator[PageDuJour]:
    demandes = message.parametres
    if message.page == "introduction":
        dites = creneaux.introduction(acte, points)
        yield from (PageDuJour(titre, puces=tuple(liste)) for titre, liste in dites)
    elif message.page == "cloture":
        yield from filter(None, [creneaux.cloture(acte, s.ou, f"Clôture · {message.titre}")])
    elif message.page == "bilan" and "fiche" not in demandes and "lieu" not in demandes:
        yield from filter(None, [_bilan(s, f"9h30 · {message.titre}", demandes["objectif"], demandes.get("coupe", ""))])
    elif message.page == "coordination":
        cle = demandes.get("point", FONCTIONNE)
        cles = (creneaux.LAISSES, FONCTIONNE) if cle == FONCTIONNE else (cle,)
        yield from (points[c] for c in cles if c in points)
    elif message.page == "orientations":
        titre = f"13h30 · {message.titre}"
        if nom := demandes.get("segment"):
            etape = demandes.get("etape", "repartition")
            yield from filter(None, [orientations_dossier.segment(s, titre, nom, etape)])
        else:
            yield from orientations_dossier.vue(s, titre, demandes.get("vue", ""))


def textes_de(pages: Sequence[PageDuJour]) -> list[Page]:
    """What a note says of them beside the lines of the agenda, which it has with their tables."""
    lignes = tuple(f"9h30 · {point.mesure.titre}" for point in POINTS)
    dites = ((page.titre, [*filter(None, [page.phrase]), *page.puces]) for page in pages)
    return [(titre, liste) for titre, liste in dites if not titre.startswith(lignes)]


def _bilan(s: Sources, titre: str, code: str, vue: str) -> PageDuJour | None:
    mesure = MESURES[code]
    vue = vue or mesure.coupes[0]
    if vue == LEVIER:
        return None
    if vue == SEANCES:
        return _seances(s, titre, mesure)
    coupe = "commune" if vue == CARTE else vue
    point = PointDuPlan(mesure, par(coupe))
    dit = s.lus.get(point) or read(s.lecteur, s.noms, point, s.ou.periode, s.ou.ici).pour()
    if not dit.est_connu:
        return None
    notes = notes_de(dit, s.ou)
    if vue == "quartier" and mesure.classe:
        par_cotes = _cotes(s, titre)
        return replace(par_cotes, notes=notes) if par_cotes else None
    phrase = dit.phrase
    if vue in ("bailleur", "commune", CARTE) and vue != mesure.coupes[0] and mesure.image is ImageBilan.PARTS:
        phrase = _say_lieux(s, dit, coupe) or phrase
    if vue == CARTE:
        carte = _carte(s, dit, titre)
        return PageDuJour(titre, phrase, carte, notes=notes) if carte.renvois else None
    compte = " · ".join([effectif_dit(dit), *reserves(dit)])
    return PageDuJour(titre, phrase, dessin_de(dit), compte, notes=notes)


def _say_lieux(s: Sources, dit: Tableau, coupe: str) -> str:
    """The sentence of the screen that tells a measure by place, then how much of it is known."""
    cellules = ask_dites(s.lecteur, dit.point.indicateur, par(coupe), s.ou.periode, s.ou.ici)
    nommees = cellules.assign(nom=[s.noms.name((c,), (coupe,)) for c in cellules[coupe]])
    phrase = phrases_lieux.say(s.ou.ici_dite, coupe, nommees)
    lue = couverture(s.lecteur, dit.point.indicateur, s.ou.periode, s.ou.ici, par(coupe))
    suite = lue.say() if lue else ""
    return f"{phrase} {suite}".rstrip() if phrase else ""


def _carte(s: Sources, dit: Tableau, titre: str) -> carte_dossier.CarteDessinee:
    """Every commune of the ICI by how it stands to its own objective, the gaps that are said beside it."""
    cellules = ask_dites(s.lecteur, dit.point.indicateur, ("commune",), s.ou.periode, s.ou.ici)
    lignes = {x["commune"]: x for _, x in cellules.iterrows()}
    communes = {c: s.noms.noms["commune"].get(c, c) for c, ici in s.noms.icis.items() if ici == s.ou.ici}
    ecarts = {c: phrases_constats.ecart_de(x) for c, x in lignes.items() if x["part"] == x["part"] and c in communes}
    return carte_dossier.draw(
        titre,
        "Écart à l’objectif",
        {c: phrases_constats.verdict_de(lignes[c]) if c in lignes else TROP_PEU for c in communes},
        carte_dossier.TONS_DES_VERDICTS,
        [(c, f"{communes[c]} : {e.dit()}", e.taille) for c, e in ecarts.items() if e.taille],
        place(),
    )


def _cotes(s: Sources, titre: str) -> PageDuJour | None:
    """How many quartiers of each type are on each side of their objective, over 36 months."""
    exactes = quartiers.read(s.lecteur, s.ou.seance, s.ou.ici)
    dites = lues(exactes, ("quartier", "fragilite"), n_mois=N_MOIS)
    resumes = quartiers.summarise(dites, exactes)
    voulu = next((o for o in objectifs_en_vigueur(s.lecteur, "equilibre", s.ou.periode) if not o.lieu), None)
    if voulu is None or quartiers.refuse(dites, resumes, a_un_objectif=True):
        return None
    comptes = pd.DataFrame([r.par_cote for r in resumes])
    dessin = Dessin(
        titre,
        tuple(f"{FRAGILITES_EN_TETE[r.fragilite]} ({langue.nombre(r.n)})" for r in resumes),
        tuple(serie(langue.capitalize(quoi), list(comptes[quoi]), Nombre.EFFECTIF) for quoi in comptes),
        sont_empilees=True,
        tons=TONS_DES_COTES,
    )
    phrase = quartiers.say(s.ou.ici_dite, resumes, langue.part(voulu.valeur))
    sous_titre = f"Quartiers, par côté de leur objectif, sur {Duree(N_MOIS)}"
    return PageDuJour(titre, phrase, dessin, sous_titre)


def _seances(s: Sources, titre: str, mesure: MesureBilan) -> PageDuJour | None:
    """A count at every séance that is read beside this one, each by the snapshot that serves it."""
    tenues = perimetre.seances(s.lecteur)
    passees = [t for t in reversed(tenues) if t <= s.ou.seance and t.precedente in tenues][-_SEANCES_DITES:]
    coupes = mesure.cellule[:1] if mesure.cellule else ()
    lignes = {t: constats.find(mesure, _ask(s, t, mesure.indicateur_de_synthese, coupes)) for t in passees}
    dites = {
        langue.capitalize(langue.seance(t)): x["numerateur"].dit
        for t, x in lignes.items()
        if phrases_constats.duree_de(x).est_entiere and x["numerateur"].est_dit
    }
    constat = ask_constat(s.lecteur, mesure.code, "", s.ou.periode, s.ou.ici)
    if not constat.est_connu:
        return None
    dessin = Dessin(titre, tuple(dites), (serie(mesure.qui[0], list(dites.values()), Nombre.EFFECTIF),))
    sous_titre = f"{mesure.qui[0]}, {s.ou.duree} par séance"
    return PageDuJour(titre, constat.say(), dessin if len(dites) > 1 else None, sous_titre if len(dites) > 1 else "")
