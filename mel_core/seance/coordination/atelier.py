"""The workspace of a séance (product.md, *Préparer*): who owes what by when, what came, who was reminded.

All of it is read from what is already written: reports, sorting, outcomes, publications. Two acts alone are noted here:
that somebody was reminded, and an answer that nothing else tells (« rien à signaler », the dossier sent).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from textwrap import shorten

from mel_core.entrepot import Entrepot, Lecteur, Portee, perimetre, publications
from mel_core.indicateurs.qualite import completude
from mel_core.journal import Auteur, Fiche, Inscrit, Journal
from mel_core.seance import clotures, gardes
from mel_core.seance.coordination import blocages, decisions, presences, resultats
from mel_core.seance.coordination import phrases_coordination as phrases
from mel_core.seance.coordination.blocages import EtatBlocage
from mel_core.socle import langue
from mel_core.socle.appellations import Appele
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.horloge import jour_de
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.sql import blocs

OBJET = "relance"
COPILOTES = "copilotes"
A_JOUR = "Personne n’est à relancer."
_SQL = blocs(__file__, "atelier.sql")
_SILENCE_J = 61  # days without a lease, at the end of the semester, after which a file is of part of it
_SIGNES_DITS = 70  # of a decision, to tell which


class Echeance(Appele):
    """What is due before a séance, in the order of its deadlines."""

    REMONTEES = "remontees", "Remontées des communes"
    FICHIERS = "fichiers", "Fichiers des bailleurs"
    TRI = "tri", "Tri des blocages"
    SUITES = "suites", "Suites données aux décisions"
    PROPOSITIONS = "propositions", "Propositions des co-pilotes"
    DOSSIER = "dossier", "Dossier de séance envoyé"

    @property
    def jours(self) -> int:
        """How many days before the séance."""
        return _JOURS[self]

    def avant(self, jour: date) -> date:
        """The last day to give it, of a séance held on `jour`."""
        return jour - timedelta(self.jours)


_JOURS = {
    Echeance.REMONTEES: 60,
    Echeance.FICHIERS: 45,
    Echeance.TRI: 45,
    Echeance.SUITES: 30,
    Echeance.PROPOSITIONS: 30,
    Echeance.DOSSIER: 7,
}
# What nothing else tells, that a co-pilot notes: what the gesture is called.
A_NOTER = {
    Echeance.REMONTEES: "Rien à signaler",
    Echeance.SUITES: "Suite donnée",
    Echeance.DOSSIER: "Dossier envoyé",
}


@dataclass(frozen=True)
class Relance(Inscrit):
    """What was noted of what `acteur` owes at `etape`: reminded on, answered on (see `A_NOTER`)."""

    seance: Seance
    ici: str
    etape: Echeance
    acteur: str
    relance_le: date | None = None
    repondu_le: date | None = None


@dataclass(frozen=True)
class Attendu:
    """What `acteur` (code of a commune or of a bailleur, name of an owner, COPILOTES) owes. `echeance`: None while the
    day of the séance is not fixed; `recu_le`: None until it came; `precision`: what of it is left, or which;
    `est_clos`: the relevé is signed, and what did not come is owed no more."""

    etape: Echeance
    acteur: str
    echeance: date | None
    recu_le: date | None = None
    relance_le: date | None = None
    precision: str = ""
    est_clos: bool = False

    @property
    def en_bref(self) -> str:
        """Its `precision`, on a line."""
        return shorten(self.precision, _SIGNES_DITS, placeholder="…")

    @property
    def est_du(self) -> bool:
        return self.recu_le is None and not self.est_clos

    def est_en_retard(self, aujourdhui: date) -> bool:
        return self.est_du and self.echeance is not None and aujourdhui > self.echeance

    def etat(self, aujourdhui: date) -> str:
        """`reçu le 12 janvier 2018`, `en retard de 3 jours, relancé le 2 mars 2018`."""
        relance = f", relancé le {langue.jour(self.relance_le)}" if self.relance_le and not self.recu_le else ""
        if self.recu_le:
            return f"{'fait' if self.acteur == COPILOTES else 'reçu'} le {langue.jour(self.recu_le)}"
        if self.est_clos:
            return f"{'non fait' if self.acteur == COPILOTES else 'sans réponse'}{relance}"
        if self.echeance is None:
            return f"attendu{relance}"
        if self.est_en_retard(aujourdhui):
            return f"en retard de {langue.effectif((aujourdhui - self.echeance).days, 'jour')}{relance}"
        return f"attendu avant le {langue.jour(self.echeance)}{relance}"


@dataclass(frozen=True)
class Attendus:
    """Of a séance of one ICI, held on `jour` (None: not fixed): all that is owed, by deadline, then as the data list
    who owes it. `signee_le`: when its relevé was, after which nothing is."""

    seance: Seance
    ici: str
    jour: date | None
    attendus: Sequence[Attendu]
    signee_le: date | None = None

    def de(self, etape: Echeance) -> list[Attendu]:
        return [a for a in self.attendus if a.etape is etape]

    def say(self, aujourdhui: date) -> str:
        """The counters, in a sentence: `12 communes sur 40 ont répondu`."""
        reste = (self.jour - aujourdhui).days if self.jour else 0
        dans = f" (dans {langue.effectif(reste, 'jour')})" if reste > 0 else ""
        quand = f", le {langue.jour(self.jour)}{dans}" if self.jour else ", sans date"
        if self.signee_le:
            signee = f"relevé signé le {langue.jour(self.signee_le)}, plus rien n’est attendu"
            return langue.typeset(f"Séance {self.seance} de {langue.ici(self.ici)}{quand} : **{signee}**.")
        comptes = [dit for etape in Echeance if (dit := self._compte(etape))]
        retards = sum(a.est_en_retard(aujourdhui) for a in self.attendus)
        retard = f" {langue.effectif(retards, 'réponse')} en retard." if retards else ""
        return langue.typeset(f"Séance {self.seance} de {langue.ici(self.ici)}{quand} : {' ; '.join(comptes)}.{retard}")

    def _compte(self, etape: Echeance) -> str:
        siens = self.de(etape)
        if not siens:
            return ""
        n, total = sum(a.recu_le is not None for a in siens), len(siens)
        if etape in (Echeance.REMONTEES, Echeance.FICHIERS):
            donne = f"donné {langue.agree(n, 'son', 'leur')} fichier"
            qui, fait = ("commune", "répondu") if etape is Echeance.REMONTEES else ("bailleur", donne)
            return f"**{langue.effectif(n, qui)} sur {langue.nombre(total)}** {langue.agree(n, 'a', 'ont')} {fait}"
        if etape is Echeance.SUITES:
            return f"{langue.effectif(n, 'suite donnée', 'suites données')} sur {langue.nombre(total)}"
        (seul,) = siens
        if etape is Echeance.DOSSIER:
            return f"dossier {'envoyé' if seul.recu_le else 'à envoyer'}"
        return seul.precision

    def remind(self, acteur: str, nom: str, aujourdhui: date) -> str:
        """The text of a reminder to `acteur`, to be copied: all that it still owes. Empty when it owes nothing."""
        dus = [a for a in self.attendus if a.acteur == acteur and a.est_du]
        if not dus:
            return ""
        jour = f" du {langue.jour(self.jour)}" if self.jour else ""
        lignes = [f"– {_demande(a, self.seance)}{_quand(a, aujourdhui)}" for a in dus]
        texte = [
            f"Objet : ICI, préparation de la séance{jour} ({self.ici})",
            "",
            "Bonjour,",
            "",
            f"Pour la séance{jour} de {langue.ici(self.ici)}, qui regarde le {langue.seance(self.seance)}, il nous "
            f"manque encore, de {nom} :",
            *(f"{ligne}{' ;' if ligne is not lignes[-1] else '.'}" for ligne in lignes),
            "",
            "Merci de nous répondre, même s’il n’y a rien à signaler.",
            "",
            "Les co-pilotes (MEL, DDTM, AR-Habitat)",
        ]
        return langue.typeset("\n".join(texte))


def _demande(attendu: Attendu, seance: Seance) -> str:
    """What is asked, to whoever owes it."""
    if attendu.etape is Echeance.REMONTEES:
        return "ce qui bloque (ou « rien à signaler »), dans Préparer › Blocages ou par retour"
    if attendu.etape is Echeance.FICHIERS:
        deja = f" (nous avons vos {attendu.precision})" if attendu.precision else ""
        return f"votre fichier des attributions et des événements du {langue.seance(seance)}{deja}"
    return f"ce qu’est devenue la décision « {attendu.precision} », en une phrase, par retour"


def _quand(attendu: Attendu, aujourdhui: date) -> str:
    if attendu.echeance is None:
        return ""
    verbe = "attendu depuis" if attendu.est_en_retard(aujourdhui) else "avant"
    return f", {verbe} le {langue.jour(attendu.echeance)}"


def find(journal: Journal, entrepot: Entrepot, lecteur: Lecteur, seance: Seance, ici: str) -> Attendus:
    """What is owed to `seance` in `ici`. `lecteur`: of all the rows of the data in service, which know who is there;
    they may stop before the semester of the séance."""
    jour = presences.jour_de(journal, seance, ici)
    notees = {(r.etape, r.acteur): r for _, r in Relance.find_all(journal, OBJET, seance=str(seance), ici=ici)}
    lus = (
        *_remontees(journal, lecteur, seance, ici),
        *_fichiers(journal, entrepot, lecteur, seance, ici),
        *_suites(journal, entrepot, seance, ici),
        *_des_copilotes(journal, seance, ici),
    )
    signee = journal.read(gardes.SIGNATURE, gardes.identifiant_de(seance, ici))
    signee_le = jour_de(signee.instant) if signee and not signee.effacee else None
    rangs = {etape: rang for rang, etape in enumerate(Echeance)}
    dates = (_date(a, jour, notees) for a in sorted(lus, key=lambda a: rangs[a.etape]))
    attendus = tuple(replace(a, est_clos=signee_le is not None) for a in dates)
    return Attendus(seance, ici, jour, attendus, signee_le)


def _date(attendu: Attendu, jour: date | None, notees: Mapping[tuple[Echeance, str], Relance]) -> Attendu:
    """With its deadline, and what was noted of it."""
    notee = notees.get((attendu.etape, attendu.acteur))
    return replace(
        attendu,
        echeance=jour and attendu.etape.avant(jour),
        recu_le=attendu.recu_le or (notee.repondu_le if notee else None),
        relance_le=notee.relance_le if notee else None,
    )


def _remontees(journal: Journal, lecteur: Lecteur, seance: Seance, ici: str) -> Iterator[Attendu]:
    """What was carried over from a séance before answers nothing."""
    lus = blocages.find_all(journal, ici=ici)
    reportes = {blocages.identifiant_reporte(journal, fiche, seance) for fiche, b in lus if b.seance < seance}
    recues: dict[str, datetime] = {}
    for fiche, blocage in lus:
        if blocage.seance == seance and fiche.identifiant not in reportes:
            premiere, *_ = journal.historique(blocages.OBJET, fiche.identifiant)
            recues.setdefault(blocage.organisation, premiere.instant)
    communes = perimetre.communes(lecteur)
    for code in communes.loc[communes["ici"] == ici].sort_values("nom")["commune"]:
        yield Attendu(Echeance.REMONTEES, str(code), None, recues.get(str(code)))


def _fichiers(journal: Journal, entrepot: Entrepot, lecteur: Lecteur, seance: Seance, ici: str) -> Iterator[Attendu]:
    """Of each bailleur of the ICI: its leases of the whole semester, in what is in service, since the first publication
    that had some of them."""
    if lecteur.gel is not None:
        return  # its rows are erased: it was held, and nothing is owed
    connus = completude.par_bailleur(lecteur, Periode.de(seance.precedente, "annee"), ici)
    servis = _semestre(lecteur, seance)
    recus: dict[str, datetime] = {}
    for publication in reversed(publications.find_with_snapshots(entrepot, journal)):
        if set(servis) <= set(recus):
            break
        est_lue = "attributions" in publication.tables
        lue = entrepot.open_publiee(publication.instantane, Portee.mel()) if est_lue else None
        if lue is not None:
            with lue:
                entiers = [code for code, fin in _semestre(lue, seance).items() if not _est_court(fin, seance)]
                recus = dict.fromkeys(entiers, publication.fiche.instant) | recus
    for code in connus.loc[connus["porteur"] != "inconnu", "porteur"]:
        fin = servis.get(code)
        est_court = fin is not None and _est_court(fin, seance)
        precision = f"baux jusqu’en {langue.mois(fin)}" if fin and est_court else ""
        recu = recus.get(code) if fin and not est_court else None
        yield Attendu(Echeance.FICHIERS, code, None, recu, precision=precision)


def _est_court(fin: date, seance: Seance) -> bool:
    """Whether a file whose last lease is of that day is of part of the semester."""
    return (seance.fin - fin).days > _SILENCE_J


def _semestre(lecteur: Lecteur, seance: Seance) -> dict[str, date]:
    """Code of each bailleur with leases in the semester → the day of the last one."""
    periode = Periode.de(seance, "semestre")
    lus = lecteur.recall(_SQL["recus"], debut=periode.debut, fin=periode.fin)
    return dict(zip(lus["bailleur"], lus["fin"].dt.date, strict=True)) if len(lus) else {}


def _suites(journal: Journal, entrepot: Entrepot, seance: Seance, ici: str) -> Iterator[Attendu]:
    """The owner of each decision that reopens and that no figure measures says what was done of it: to the co-pilots,
    who write it at 9h00. Of the others the figure tells."""
    for fiche, decision in resultats.rouvertes(entrepot, journal, seance, ici):
        if decision.temoin is not None:
            continue
        dite = resultats.read_issue(journal, fiche.identifiant, seance) or clotures.en_vigueur(
            journal, fiche.identifiant, seance
        )
        qui = decision.porteur or decision.responsable
        yield Attendu(Echeance.SUITES, qui, None, dite[0].instant if dite else None, precision=decision.texte)


def count_laisses(journal: Journal, seance: Seance, ici: str) -> int:
    """How many points left by the séances before wait to be carried over to this one: none once its relevé is signed,
    they wait at the next."""
    return 0 if gardes.est_signee(journal, seance, ici) else len(decisions.laisses(journal, seance.precedente, ici))


def _des_copilotes(journal: Journal, seance: Seance, ici: str) -> Iterator[Attendu]:
    lus = blocages.find_all(journal, seance=str(seance), ici=ici)
    a_trier = sum(b.etat is EtatBlocage.RECU for _, b in lus)
    dernier = max((f.instant for f, _ in lus), default=None)
    laisses = count_laisses(journal, seance, ici)
    restes = [f"{langue.effectif(a_trier, 'blocage')} à trier"] if a_trier else []
    if laisses:
        restes.append(phrases.a_reporter(laisses))
    dit = ", ".join(restes) or ("tri fait" if lus else "aucun blocage signalé")
    yield Attendu(Echeance.TRI, COPILOTES, None, None if restes else dernier, precision=dit)
    if points := blocages.ordre_du_jour(lus):
        sans = sum(not b.proposition.strip() for (_, b), _ in points)
        dit = f"{langue.effectif(sans, 'point')} sans proposition" if sans else "propositions écrites"
        yield Attendu(Echeance.PROPOSITIONS, COPILOTES, None, None if sans else dernier, precision=dit)
    yield Attendu(Echeance.DOSSIER, COPILOTES, None)


def note(
    journal: Journal,
    seance: Seance,
    ici: str,
    attendu: Attendu,
    auteur: Auteur,
    op_id: str,
    *,
    relance_le: date | None = None,
    repondu_le: date | None = None,
) -> Fiche:
    """Write that `acteur` was reminded, or answered: what was noted before of the same stays. Raises `AppelIncorrect`
    for an answer that is told elsewhere."""
    if repondu_le is not None and attendu.etape not in A_NOTER:
        raise AppelIncorrect(f"« {attendu.etape.titre} » se lit de ce qui est écrit : il n’y a rien à noter.")
    identifiant = journal.op_id_de(OBJET, str(seance), ici, attendu.etape, attendu.acteur)
    deja = Relance.find(journal, OBJET, identifiant)
    avant = deja[1] if deja else Relance(seance, ici, attendu.etape, attendu.acteur)
    apres = replace(avant, relance_le=relance_le or avant.relance_le, repondu_le=repondu_le or avant.repondu_le)
    return journal.write(OBJET, identifiant, apres.contenu(), auteur, op_id, deja[0].version if deja else 0)
