"""What an erasure would take away, and from where: said before anything is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from mel_core.entrepot import Entrepot, effacement
from mel_core.entrepot.coffre import Coffre
from mel_core.entrepot.importation import MOIS_GARDES
from mel_core.journal import Fiche, Journal
from mel_core.seance.effacement import traces
from mel_core.seance.effacement.demande_effacement import NUMEROS, DemandeEffacement
from mel_core.seance.engagements import conservation
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance, step_back


@dataclass(frozen=True)
class PlanEffacement:
    """`menages`: those that were found, never shown; `voulus`: those that were asked. `lignes`: rows by table of the
    snapshots in service. `n_jeux`: files to remove; `gelees`: the frozen séances that they serve; `ouvertes`: those
    that are not frozen and whose figures will change. `inacheves`: erasures that were cut, taken up by this one.
    `n_illisibles`: snapshot files that don't open."""

    demande: DemandeEffacement
    voulus: frozenset[str] = field(repr=False)
    menages: frozenset[str] = field(repr=False)
    lignes: Mapping[str, int]
    n_jeux: int
    gelees: tuple[str, ...]
    ouvertes: tuple[Seance, ...]
    n_coffre: int
    n_listes: int
    n_textes: int
    a_reecrire: tuple[Fiche, ...]
    inacheves: tuple[Fiche, ...]
    n_illisibles: int

    @property
    def est_vide(self) -> bool:
        trouves = (self.n_jeux, self.n_coffre, self.n_listes, self.n_textes, self.n_illisibles)
        return not any((*trouves, self.a_reecrire, self.inacheves))

    @property
    def comptes(self) -> dict[str, int | dict[str, int]]:
        """As the journal keeps them."""
        return {
            "menages": len(self.menages),
            "lignes": dict(self.lignes),
            "jeux": self.n_jeux,
            "coffre": self.n_coffre,
            "listes": self.n_listes,
            "textes": self.n_textes,
        }


def prepare(entrepot: Entrepot, journal: Journal, demande: DemandeEffacement) -> PlanEffacement:
    """Look for the people of `demande` everywhere. The caller holds `entrepot.reserve()`."""
    dossier = entrepot.dossier
    dans_les_listes, au_coffre = conservation.menages(dossier), Coffre.du_dossier(dossier).connus()

    def connus() -> set[str]:
        return effacement.connus(dossier) | au_coffre | set(dans_les_listes)

    inacheves = traces.inacheves(journal)
    voulus = _voulus(entrepot, journal, demande, connus)
    if inacheves:
        cherches = traces.codes(inacheves)
        voulus |= {p for p in connus() if traces.code(journal, p) in cherches}
    porteurs = effacement.find(dossier, voulus)
    textes = traces.textes(journal, voulus, entrepot.pseudonymes())
    dans_les_jeux = frozenset[str]().union(*(p.menages for p in porteurs))
    gelees = tuple(sorted({s for p in porteurs for s in p.gelees}))
    servis = [p for p in porteurs if p.est_servi]
    return PlanEffacement(
        demande,
        frozenset(voulus),
        dans_les_jeux | (voulus & (au_coffre | set(dans_les_listes))) | textes.menages,
        dict(sum((Counter(p.lignes) for p in servis), Counter())),
        sum(bool(p.menages) for p in porteurs),
        gelees,
        tuple(s for s in _touchees({j for p in servis for j in p.baux}) if not entrepot.est_gelee(s)),
        len(voulus & au_coffre),
        sum(n for p, n in dans_les_listes.items() if p in voulus),
        len(textes.op_ids),
        textes.a_reecrire,
        tuple(inacheves),
        sum(not p.est_lisible for p in porteurs),
    )


def _voulus(
    entrepot: Entrepot, journal: Journal, demande: DemandeEffacement, connus: Callable[[], set[str]]
) -> set[str]:
    if demande.motif == NUMEROS:
        if not entrepot.a_sa_cle:
            # Another one would be drawn, and nobody would be found.
            raise ErreurUtilisateur(
                "La clé des pseudonymes (cle_pseudonymes) n’est pas dans le dossier de données, personne ne peut y "
                "être retrouvé : la remettre depuis une copie."
            )
        return set(entrepot.pseudonymes().de(demande.numeros))
    if demande.au is not None:
        return effacement.radies(entrepot.dossier, step_back(demande.au, MOIS_GARDES))
    gardes = traces.codes_gardes(journal)
    return {p for p in connus() if traces.code(journal, p) in gardes} if gardes else set()


def _touchees(baux: set[date]) -> list[Seance]:
    """The séances that count these bails, over the semester or over twelve months."""
    propres = {Seance.du(jour) for jour in baux}
    return sorted(propres | {Seance.du(s.fin + timedelta(days=1)) for s in propres})
