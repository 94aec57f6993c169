"""The sign-off of a séance by its presidency: its figures freeze, and the relevé that was signed can be proved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mel_core.entrepot import Entrepot, Portee, perimetre
from mel_core.indicateurs.comptage import freeze
from mel_core.journal import Auteur, Fiche, Inscrit, Journal
from mel_core.seance import clotures, gardes
from mel_core.seance.coordination import blocages, decisions, presences, resultats, textes
from mel_core.seance.engagements import engagement_pris as engagements
from mel_core.seance.gardes import identifiant_de
from mel_core.socle import langue
from mel_core.socle.erreurs import AppelIncorrect
from mel_core.socle.periodes import Seance

OBJET = gardes.SIGNATURE
SCENARIO = "scenario"  # kept by Simuler, printed where it says `au_releve`


@dataclass(frozen=True)
class Versions:
    """What a relevé says, as identifiant → version: all that a signature covers.

    An item of the agenda left without a decision is among `decisions` under its own identifiant, at version 0.
    `autres`: what it prints besides, of this séance (who was there, agenda, practices, scenarios, outcomes) and of
    those before (what reopens).
    """

    decisions: Mapping[str, int] = field(default_factory=dict)
    engagements: Mapping[str, int] = field(default_factory=dict)
    autres: Mapping[str, int] = field(default_factory=dict)


def versions(journal: Journal, seance: Seance, ici: str = "") -> Versions:
    """Those in force now; to be read when they are shown, and given back to `sign`."""
    filtres = {"seance": str(seance), "ici": ici}
    actes, pris = decisions.find_all(journal, **filtres), engagements.find_all(journal, **filtres)
    laisses = {fiche.identifiant: 0 for fiche, _ in decisions.sans_decision(journal, seance, ici)}
    autres = [*_points(journal, {d.blocage for _, d in actes}, filtres), *_rouverts(journal, seance, ici)]
    for objet, voulus in (
        (presences.PRATIQUE, {}),
        (presences.OBJET, {}),
        (resultats.ISSUE, {}),
        (clotures.OBJET, {}),
        (SCENARIO, {"au_releve": True}),
    ):
        autres += [f for f in journal.find_all(objet, **filtres, **voulus) if not f.effacee]
    return Versions({**laisses, **_versions(f for f, _ in actes)}, _versions(f for f, _ in pris), _versions(autres))


def _versions(fiches: Iterable[Fiche]) -> dict[str, int]:
    return {fiche.identifiant: fiche.version for fiche in fiches}


def _points(journal: Journal, decides: set[str], filtres: Mapping[str, str]) -> list[Fiche]:
    """The items of the agenda, and those that a decision answers whatever became of them: the relevé quotes them."""
    lus = blocages.find_all(journal, **filtres)
    inscrits = {porteur[0].identifiant for porteur, _ in blocages.ordre_du_jour(lus)}
    return [fiche for fiche, _ in lus if fiche.identifiant in inscrits | decides]


def _rouverts(journal: Journal, seance: Seance, ici: str) -> list[Fiche]:
    """Decisions and engagements of the séances before, whose result the relevé gives."""
    lus = (*resultats.a_rouvrir(journal, seance, ici), *engagements.a_rouvrir(journal, seance, ici))
    return [fiche for fiche, _ in lus]


@dataclass(frozen=True)
class Signature(Inscrit):
    """`presidence`: the name of who signs (who types is the author of the entry; empty: the same person), `qualite`:
    in what capacity (« vice-présidente à l’habitat »). `decisions`, `engagements`, `autres`: as in `Versions`.

    `constats`: the aggregates of what reopened, by identifiant (see `gardes`): the verdicts of a frozen séance stay.
    `lien`: the last link of the journal when it was signed, the one that the relevé prints. `millesime`: the snapshot
    whose figures it froze.
    """

    seance: Seance
    ici: str
    qualite: str
    lien: str
    millesime: str
    decisions: Mapping[str, int] = field(default_factory=dict)
    engagements: Mapping[str, int] = field(default_factory=dict)
    presidence: str = ""
    autres: Mapping[str, int] = field(default_factory=dict)
    constats: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        textes.check("Qualité du signataire", self.qualite)
        textes.check("Présidence", self.presidence, obligatoire=False)

    @property
    def versions(self) -> Versions:
        return Versions(self.decisions, self.engagements, self.autres)


def sign(
    journal: Journal,
    entrepot: Entrepot,
    seance: Seance,
    qualite: str,
    auteur: Auteur,
    op_id: str,
    *,
    ici: str = "",
    version_vue: int = 0,
    presidence: str = "",
    vues: Versions | None = None,
) -> Fiche:
    """Freeze the séance in `ici` (empty: the whole Métropole), then write who signed which text. The same `op_id` again
    signs nothing more.

    `presidence`: who signs, `auteur` types. `vues`: what was shown (`versions`). Raises `AppelIncorrect` when it is no
    longer what the journal says, for an ICI that the snapshot does not know, or while nobody told when it met and who
    was there: nothing is frozen. The freeze comes first: a cut in between leaves figures that don't move, never a
    signature over figures that do.
    """
    textes.check("Qualité du signataire", qualite)
    textes.check("Présidence", presidence, obligatoire=False)
    if vues is not None and vues != versions(journal, seance, ici):
        raise AppelIncorrect(
            "Ce que dit le relevé a changé depuis l’affichage de cette page : le relire, puis faire signer."
        )
    if ici:
        with entrepot.open(Portee.mel(), seance) as lecteur:
            perimetre.require_ici(lecteur, ici)
        if manques := presences.find_manques(journal, seance, ici):
            raise AppelIncorrect(presences.say_manques(manques))
    entrepot = entrepot.pour(ici)
    deja = journal.read(OBJET, identifiant_de(seance, ici))
    if deja is None or deja.version <= version_vue:  # else nothing will be signed: nothing is frozen either
        freeze(entrepot, seance)
    instantane = entrepot.instantane(seance)
    # What was shown is what is signed: a correction that comes meanwhile is not covered, and `est_a_jour` says so.
    signees = versions(journal, seance, ici) if vues is None else vues
    constats = {
        **resultats.keep(entrepot, journal, seance, ici),
        **engagements.keep(entrepot, journal, seance, ici),
    }
    suivis = {nom: garde["version"] for nom, garde in constats.items() if "version" in garde}
    signature = Signature(
        seance,
        ici,
        qualite,
        journal.dernier_lien() or "",
        instantane.identifiant if instantane else "",
        signees.decisions,
        signees.engagements,
        presidence.strip(),
        {**suivis, **signees.autres},
        constats,
    )
    return journal.write(OBJET, identifiant_de(seance, ici), signature.contenu(), auteur, op_id, version_vue)


def read(journal: Journal, seance: Seance, ici: str = "") -> tuple[Fiche, Signature] | None:
    """The sign-off in force of a séance; None when it was not signed."""
    return Signature.find(journal, OBJET, identifiant_de(seance, ici))


def touchees(journal: Journal, seance: Seance, ici: str, reprise: str | None = None) -> list[tuple[Fiche, Signature]]:
    """The signatures in force that a text of `seance` makes fall, the earliest séance first.

    `reprise`: of a decision or an engagement, its identifiant: the séances after give what became of it.
    """
    signees = Signature.find_all(journal, OBJET, ici=ici)
    return sorted(
        (
            (fiche, signee)
            for fiche, signee in signees
            if (
                signee.seance == seance
                or (
                    reprise is not None
                    and signee.seance > seance
                    and (signee.seance.precedente == seance or reprise in signee.autres)
                )
            )
            and est_a_jour(journal, signee)
        ),
        key=lambda lue: lue[1].seance,
    )


def est_a_jour(journal: Journal, signee: Signature) -> bool:
    """Whether what was signed is still what the journal says: nothing that the relevé prints was corrected, added,
    erased, reordered or set aside."""
    return signee.versions == versions(journal, signee.seance, signee.ici)


def say_etat(signee: str, modifiee_depuis: str) -> str:
    """Of a relevé. `signee`: who signed it and when, `modifiee_depuis`: when what is no longer its text was signed."""
    if modifiee_depuis:
        return f"PROJET modifié depuis la signature du {modifiee_depuis}, à faire signer de nouveau"
    return f"Signé par {signee}" if signee else "PROJET, non signé"


NE_COUVRE_PAS = "Ce que dit le relevé a changé depuis : la signature ne couvre pas les textes ci-dessus."


def say_etat_en_seance(modifie_depuis: str, *, est_signe: bool) -> str:
    """The same, in the middle of a sentence of the room."""
    if modifie_depuis:
        return f"**projet modifié depuis la signature du {modifie_depuis}**, à faire signer de nouveau"
    return "**relevé signé**" if est_signe else "**projet de relevé, non signé**"


def say_gelee(journal: Journal, entrepot: Entrepot, seance: Seance, ici: str = "") -> str:
    """`gelée le 12 janvier 2018, signée par Camille Essai (MEL), vice-présidente`, in `ici` or everywhere; empty while
    its figures can move."""
    if not entrepot.pour(ici).est_gelee(seance):
        return ""
    # Whoever signed first froze it: a later sign-off (of another ICI, of a corrected relevé) moves no figure.
    signees = [f for f in journal.find_all(OBJET, seance=str(seance)) if f.contenu.get("ici", "") in ("", ici)]
    versions = (journal.historique(OBJET, f.identifiant) for f in signees)
    premieres = [v[0] for v in versions if v and not v[0].effacee]
    if not premieres:
        return "gelée par la ligne de commande, sans signature"
    fiche = min(premieres, key=lambda f: f.instant)
    signee = Signature.depuis(fiche)
    qui = signee.presidence or fiche.auteur.dit
    return f"gelée le {langue.jour(fiche.instant)}, signée par {qui}, {signee.qualite}"


def say_touchees(signees: Sequence[tuple[Fiche, Signature]]) -> str:
    """Which relevés are signed, by whom, and what writing then does to their signatures."""
    releves = " ".join(
        f"**Le relevé de la séance {signee.seance} est signé** par {signataire(fiche, signee)}, le "
        f"{langue.jour(fiche.instant)}."
        for fiche, signee in signees
    )
    return (
        f"{releves} Écrire ici est une nouvelle version : la signature tombe et le relevé redevient un projet, à faire "
        "signer de nouveau. Le texte signé reste au journal."
    )


def say_gel(seance: Seance, ou: str, *, est_gelee: bool) -> str:
    """What signing does to the figures, said before."""
    if est_gelee:
        return f"Les chiffres de la séance {seance} sont déjà gelés : signer couvre les textes ci-dessus."
    return (
        f"Signer gèle les chiffres de la séance {seance} dans {ou}, et là seulement : ni un import ni un paramètre ne "
        "les y change plus. **C’est définitif.**"
    )


def signataire(fiche: Fiche, signee: Signature) -> str:
    """`Camille Essai, vice-présidente à l’habitat`: the name of the presidency, else that of who typed it."""
    nom = signee.presidence or fiche.auteur.nom
    return f"{nom}, {signee.qualite}" if nom else signee.qualite
