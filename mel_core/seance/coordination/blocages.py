"""Blocages reported ahead of a séance: taken in, grouped, ordered, kept or set aside, every step in the journal.

Each operation takes the entry that its author had on screen: changed by somebody else meanwhile, it raises `Perime`.
The same `op_id` again changes nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from mel_core.journal import Auteur, Fiche, Inscrit, Journal
from mel_core.seance import gardes
from mel_core.seance.coordination import textes
from mel_core.seance.preuves import ProfilBlocage, Secteur
from mel_core.socle.appellations import Appele
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance

OBJET = "blocage"
_DIT, PROPOSITION, _PRESENTE = "Ce que la Salle lira", "Proposition des co-pilotes", "Qui présente"
RETIRE = "retiré par qui l’a signalé"
_TRIE = "Les co-pilotes ont trié ce blocage : le leur dire, il ne se change plus ici."
# What whoever reports says; the rest is the co-pilots'.
DE_QUI_SIGNALE = (
    "organisation",
    "secteur",
    "profil",
    "constat",
    "depuis_le",
    "tente",
    "bailleur",
    "presente",
    "contexte",
)


class EtatBlocage(Appele):
    """Where a blocage is in the sorting: received, kept for the day, merged into another one, or set aside."""

    RECU = "recu", "reçu"
    RETENU = "retenu", "retenu"
    FUSIONNE = "fusionne", "regroupé"
    ECARTE = "ecarte", "écarté"


@dataclass(frozen=True)
class Blocage(Inscrit):
    """What somebody reports: `constat` (what happens) in `secteur` for `profil`, since `depuis_le`, what was `tente`.

    `organisation`: MEL, DDTM, AR-Habitat, Action Logement, or the code of a commune or bailleur. `rang`: its place in
    the agenda, from 1. `rattache_a`: the blocage that it was merged into. `motif_refus`: why it was set aside. `dit`:
    what a room reads of it, in the words of the co-pilots; empty until they wrote them. `constat` and `tente` stay with
    who reported it and the co-pilots. `bailleur`: code of the one that it is about; `presente`: who will tell it, an
    office; `proposition`: what the co-pilots propose to decide, which the room reads; `contexte`: what the list that it
    was reported from says, which is no complaint.
    """

    seance: Seance
    organisation: str
    secteur: Secteur
    constat: str
    profil: ProfilBlocage = field(default_factory=ProfilBlocage)
    depuis_le: date | None = None
    tente: str = ""
    etat: EtatBlocage = EtatBlocage.RECU
    motif_refus: str = ""
    rang: int | None = None
    rattache_a: str = ""
    dit: str = ""
    bailleur: str = ""
    presente: str = ""
    proposition: str = ""
    contexte: str = ""

    def __post_init__(self) -> None:
        textes.check("Ce qui bloque", self.recit)
        textes.check("Ce qui a été tenté", self.tente, obligatoire=False)
        for champ, texte in ((_DIT, self.dit), (PROPOSITION, self.proposition), (_PRESENTE, self.presente)):
            textes.check(champ, texte, obligatoire=False)
        textes.check("Organisation", self.organisation)
        textes.check("Motif", self.motif_refus, obligatoire=self.etat is EtatBlocage.ECARTE)
        if not self.secteur.ici:
            raise AppelIncorrect("Le blocage ne dit pas dans quelle ICI il se traite : la choisir.")
        if self.motif_refus and self.etat is not EtatBlocage.ECARTE:
            raise AppelIncorrect("Un motif de refus va avec un blocage écarté : l’écarter, ou effacer le motif.")
        if bool(self.rattache_a) != (self.etat is EtatBlocage.FUSIONNE):
            raise AppelIncorrect("Un blocage regroupé dit avec lequel : choisir le blocage qui le porte.")
        if self.rang is not None and self.rang < 1:
            raise AppelIncorrect("Le rang d’un blocage se compte à partir de 1 : le corriger.")

    @property
    def recit(self) -> str:
        """What is said of it by who reported it, and by the list that it comes from."""
        return f"{self.constat} {self.contexte}".strip()

    @property
    def ici(self) -> str:
        return self.secteur.ici

    @property
    def est_retire(self) -> bool:
        """Taken back by its sender: nobody set it aside."""
        return self.etat is EtatBlocage.ECARTE and self.motif_refus == RETIRE

    @property
    def etat_dit(self) -> str:
        return "retiré" if self.est_retire else self.etat.titre

    @property
    def est_corrigible(self) -> bool:
        """By its sender: as long as nobody sorted it, or once it was set aside, to answer why."""
        return self.etat is EtatBlocage.RECU or (self.etat is EtatBlocage.ECARTE and not self.est_retire)

    def contenu(self) -> dict[str, Any]:
        """`ici` stands at the top, where it can be filtered, as `seance` and `etat` are."""
        contenu = super().contenu()
        return {**contenu, "ici": contenu["secteur"].pop("ici")}

    @classmethod
    def depuis(cls, ecrit: Fiche | Mapping[str, Any]) -> Blocage:
        c = ecrit.contenu if isinstance(ecrit, Fiche) else ecrit
        return super().depuis({**c, "secteur": {**c["secteur"], "ici": c["ici"]}})


Lu = tuple[Fiche, Blocage]


def report(journal: Journal, blocage: Blocage, auteur: Auteur, *, identifiant: str, op_id: str) -> Fiche:
    """Report a blocage: received, not yet sorted. Raises `AppelIncorrect` once the relevé of its séance is signed."""
    _require_ouverte(journal, blocage)
    if blocage.etat is not EtatBlocage.RECU:
        raise AppelIncorrect("Un blocage se signale avant d’être trié : le signaler, puis le retenir ou l’écarter.")
    textes.refuse_personne({**_libres(blocage), _DIT: blocage.dit, PROPOSITION: blocage.proposition})
    return journal.write(OBJET, identifiant, blocage.contenu(), auteur, op_id)


def _require_ouverte(journal: Journal, blocage: Blocage) -> None:
    if gardes.est_signee(journal, blocage.seance, blocage.ici):
        raise AppelIncorrect(
            f"Le relevé de la séance {blocage.seance} de l’{blocage.ici} est signé et ne reçoit plus de blocage : le "
            f"signaler à la séance {blocage.seance.suivante}."
        )


def _libres(blocage: Blocage) -> dict[str, str]:
    """What its sender words, by field."""
    return {"Ce qui bloque": blocage.recit, "Ce qui a été tenté": blocage.tente, _PRESENTE: blocage.presente}


def seance_ouverte(journal: Journal, seance: Seance, ici: str) -> Seance:
    """Where a report for this séance goes: itself, or the next one whose relevé is not signed."""
    while gardes.est_signee(journal, seance, ici):
        seance = seance.suivante
    return seance


def amend(journal: Journal, fiche: Fiche, blocage: Blocage, auteur: Auteur, op_id: str) -> Fiche:
    """Its sender says all that they reported of it as `blocage` does, as long as nobody sorted it; what the co-pilots
    worded of it stays. Set aside, it is so answered, and to be sorted again: raises `AppelIncorrect` once the relevé
    of its séance is signed."""
    avant, dits = Blocage.depuis(fiche), {champ: getattr(blocage, champ) for champ in DE_QUI_SIGNALE}
    if not avant.est_corrigible:
        raise AppelIncorrect(_TRIE)
    _require_pas_reporte(journal, fiche, avant)
    if avant.etat is EtatBlocage.ECARTE:
        _require_ouverte(journal, avant)
    textes.refuse_personne(_libres(blocage))
    return correct(journal, fiche, auteur, op_id, **dits, etat=EtatBlocage.RECU, motif_refus="")


def withdraw(journal: Journal, fiche: Fiche, auteur: Auteur, op_id: str) -> Fiche:
    """Its sender takes it back, as long as nobody sorted it; co-pilots still read that there was one."""
    blocage = Blocage.depuis(fiche)
    if blocage.etat is not EtatBlocage.RECU:
        raise AppelIncorrect(_TRIE)
    _require_pas_reporte(journal, fiche, blocage)
    return refuse(journal, fiche, RETIRE, auteur, op_id)


def carry_over(journal: Journal, fiche: Fiche, seance: Seance, auteur: Auteur) -> Fiche:
    """Report again at `seance`, once, what an earlier one left: to be sorted as any other, with what had been merged
    into it.

    Those go first: cut before the end, it is still what the earlier one left, and is started over.
    """
    blocage, nom = Blocage.depuis(fiche), identifiant_reporte(journal, fiche, seance)
    reporte = replace(blocage, seance=seance, etat=EtatBlocage.RECU, rang=None, rattache_a="", motif_refus="")
    _require_ouverte(journal, reporte)
    for f, b in membres(journal, (fiche, blocage)):
        suivi, siens = replace(b, seance=seance, rattache_a=nom), identifiant_reporte(journal, f, seance)
        journal.write(OBJET, siens, suivi.contenu(), auteur, siens)
    return report(journal, reporte, auteur, identifiant=nom, op_id=nom)


def identifiant_reporte(journal: Journal, fiche: Fiche, seance: Seance) -> str:
    """Of what `fiche` is, or would be, once it is carried over to `seance`."""
    return journal.op_id_de("reporter", fiche.identifiant, seance)


def reports(journal: Journal, lus: Sequence[Lu]) -> dict[str, Seance]:
    """Of `lus`, by identifiant, those that were carried over to another of them, and to which séance."""
    connus, seances = {fiche.identifiant for fiche, _ in lus}, {b.seance for _, b in lus}
    return {
        fiche.identifiant: seance
        for fiche, b in lus
        for seance in seances
        if seance.rang > b.seance.rang and identifiant_reporte(journal, fiche, seance) in connus
    }


def _require_pas_reporte(journal: Journal, fiche: Fiche, blocage: Blocage) -> None:
    if seance := reports(journal, find_all(journal, ici=blocage.ici)).get(fiche.identifiant):
        raise AppelIncorrect(f"Ce blocage est reporté à la séance {seance} : c’est là qu’il se corrige ou se retire.")


def origine(journal: Journal, reporte: Lu) -> Lu | None:
    """What was carried over to be `reporte`; None for what was reported at its own séance."""
    nom, seance = reporte[0].identifiant, reporte[1].seance
    avant = (lu for lu in find_all(journal, ici=reporte[1].ici) if lu[1].seance.rang < seance.rang)
    return next((lu for lu in avant if identifiant_reporte(journal, lu[0], seance) == nom), None)


def correct(journal: Journal, fiche: Fiche, auteur: Auteur, op_id: str, **champs: Any) -> Fiche:
    """Change fields of the blocage as it was read in `fiche`."""
    blocage = replace(Blocage.depuis(fiche), **champs)
    textes.refuse_personne({_DIT: blocage.dit, PROPOSITION: blocage.proposition, "Motif": blocage.motif_refus})
    return journal.write(OBJET, fiche.identifiant, blocage.contenu(), auteur, op_id, fiche.version)


def retain(journal: Journal, fiche: Fiche, auteur: Auteur, op_id: str) -> Fiche:
    """Put it on the agenda (also what was set aside or merged before)."""
    return correct(journal, fiche, auteur, op_id, etat=EtatBlocage.RETENU, motif_refus="", rattache_a="")


def refuse(journal: Journal, fiche: Fiche, motif: str, auteur: Auteur, op_id: str) -> Fiche:
    """Set it aside; whoever reported it reads why. What had been merged into it is to be sorted again.

    It goes first: started over with the same `op_id` after a cut, the others are released then.
    """
    ecartee = correct(
        journal, fiche, auteur, op_id, etat=EtatBlocage.ECARTE, motif_refus=motif, rattache_a="", rang=None
    )
    for porte in _portes(journal, {fiche.identifiant}):
        correct(journal, porte, auteur, f"{op_id}-{porte.identifiant}", etat=EtatBlocage.RECU, rattache_a="")
    return ecartee


def _portes(journal: Journal, noms: Set[str]) -> list[Fiche]:
    """What was merged into the blocages `noms`."""
    return [f for f in journal.find_all(OBJET) if not f.effacee and f.contenu["rattache_a"] in noms]


def tie(journal: Journal, fiche: Fiche, principale: Fiche, auteur: Auteur, op_id: str) -> Fiche:
    """Merge one blocage into another of the same séance and ICI, that stands by itself."""
    if fiche.identifiant == principale.identifiant:
        raise AppelIncorrect("Un blocage ne se regroupe pas avec lui-même : en choisir un autre.")
    blocage, porteur = Blocage.depuis(fiche), Blocage.depuis(principale)
    if (blocage.seance, blocage.ici) != (porteur.seance, porteur.ici):
        raise AppelIncorrect("Ces deux blocages ne sont pas de la même séance et de la même ICI : en choisir un autre.")
    if porteur.etat in (EtatBlocage.FUSIONNE, EtatBlocage.ECARTE):
        raise AppelIncorrect(f"Ce blocage est {porteur.etat.titre} et n’en porte pas d’autre : en choisir un autre.")
    return correct(
        journal,
        fiche,
        auteur,
        op_id,
        etat=EtatBlocage.FUSIONNE,
        rattache_a=principale.identifiant,
        motif_refus="",
        rang=None,
    )


def merge(
    journal: Journal, principale: Fiche, autres: Sequence[Fiche], auteur: Auteur, op_id: str
) -> tuple[Fiche, ...]:
    """Merge `autres`, and what had been merged into them, into `principale`, which is kept, and proposes all that they
    proposed. Their new entries.

    Each entry is written by itself: started over with the same `op_id` after a cut, what was done is not done twice.
    """
    noms = {f.identifiant for f in autres}
    if principale.identifiant in noms:
        raise AppelIncorrect("Un blocage ne se regroupe pas avec lui-même : en choisir un autre.")
    avant, portes = Blocage.depuis(principale), _portes(journal, noms)
    # Of `autres` alone: what had been merged into them gave them its own.
    dites = propositions([avant, *map(Blocage.depuis, autres)])
    propose = f"{'. '.join(dites)}." if dites != propositions([avant]) else avant.proposition
    textes.check(PROPOSITION, propose, obligatoire=False)
    textes.refuse_personne({PROPOSITION: propose})
    fusionnees = [
        tie(journal, f, principale, auteur, f"{op_id}-{f.identifiant}")
        for f in (*autres, *(p for p in portes if p.identifiant not in noms))
    ]
    if avant.etat is EtatBlocage.RECU or propose != avant.proposition:
        op_id_porteur = f"{op_id}-{principale.identifiant}"
        retenue = correct(journal, principale, auteur, op_id_porteur, etat=EtatBlocage.RETENU, proposition=propose)
        fusionnees.insert(0, retenue)
    return tuple(fusionnees)


def propositions(joints: Sequence[Blocage]) -> list[str]:
    """What is proposed of each blocage, less its full stop and what one before says already."""
    dites: list[str] = []
    for dite in (b.proposition.strip().removesuffix(".") for b in joints):
        if dite and not any(dite in deja for deja in dites):
            dites.append(dite)
    return dites


def order(journal: Journal, fiches: Sequence[Fiche], auteur: Auteur, op_id: str) -> tuple[Fiche, ...]:
    """Give `fiches` the ranks 1, 2… in this order; what already has its rank is left alone. The entries, in order."""
    if len({f.identifiant for f in fiches}) < len(fiches):
        raise AppelIncorrect("Un blocage est deux fois dans l’ordre du jour : ne l’y laisser qu’une fois.")
    return tuple(
        fiche
        if fiche.contenu["rang"] == rang
        else correct(journal, fiche, auteur, f"{op_id}-{fiche.identifiant}", rang=rang)
        for rang, fiche in enumerate(fiches, 1)
    )


def find_all(journal: Journal, **filtres: str) -> list[Lu]:
    """The blocages by rank, then (without one) as they came. `filtres`: `seance`, `ici`, `etat`, `organisation`."""
    lus = Blocage.find_all(journal, OBJET, **filtres)
    return sorted(lus, key=lambda lu: (lu[1].rang is None, lu[1].rang or 0))


def groupes(lus: Sequence[Lu]) -> list[tuple[Lu, list[Lu]]]:
    """Each blocage that stands by itself and was not set aside, with those that were merged into it, directly or not.

    `lus`: all those of a séance and ICI. Each one that was not set aside is found once, and once only: merged into one
    that no longer stands, it stands by itself.
    """
    connus = {fiche.identifiant: blocage for fiche, blocage in lus}
    tetes = {nom: _tete(nom, connus) for nom, blocage in connus.items() if blocage.etat is not EtatBlocage.ECARTE}
    return [
        (porteur, [lu for lu in lus if lu is not porteur and tetes.get(lu[0].identifiant) == porteur[0].identifiant])
        for porteur in lus
        if tetes.get(porteur[0].identifiant) == porteur[0].identifiant
    ]


def membres(journal: Journal, porteur: Lu) -> list[Lu]:
    """What was merged into the blocage `porteur`, directly or not."""
    lus = find_all(journal, seance=str(porteur[1].seance), ici=porteur[1].ici)
    return next((portes for (f, _), portes in groupes(lus) if f.identifiant == porteur[0].identifiant), [])


def ordre_du_jour(lus: Sequence[Lu]) -> list[tuple[Lu, list[Lu]]]:
    """The items of the agenda in their order: of `groupes`, those that the co-pilots kept."""
    return [(porteur, membres) for porteur, membres in groupes(lus) if porteur[1].etat is EtatBlocage.RETENU]


def _tete(nom: str, connus: Mapping[str, Blocage]) -> str:
    """Which blocage bears `nom`: itself, or the last one up the merges that still stands."""
    vus = {nom}
    while (porteur := connus[nom].rattache_a) in connus and connus[porteur].etat is not EtatBlocage.ECARTE:
        if porteur in vus:
            return min(vus)  # each into the other, by two people at once: one of them bears all
        vus.add(porteur)
        nom = porteur
    return nom
