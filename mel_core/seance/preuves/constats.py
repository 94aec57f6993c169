"""The findings of a dossier, from the demand to the délai: which they are, on which counts, in which words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from mel_core.indicateurs.manques import Arrets, say_arrets
from mel_core.indicateurs.phrases_constats import ANNEE
from mel_core.seance.preuves.dits import Dit, combien, delai, gras, parmi, write
from mel_core.seance.preuves.secteur import RESERVATAIRES, Comptes, LieuDuSecteur
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.langue import INSECABLE
from mel_core.socle.valeurs import INCONNU, Duree

EFFACES = "les ménages logés depuis plus d’un an ne sont plus dans les données"
_PASSAGE = ("passage en commission", "passages en commission")
_FINI = ("a fini", "ont fini")
_ATTRIBUTION = ("attribution", "attributions")
CERCLES = ("secteur", "ici", "mel")
_LUES = {"attente": ("demandes", "evenements")}  # the tables of a count of demandes, where they are not that one alone


Dite = Callable[[Dit], str]
_TU = "d’une résidence, ni label ni ressources ne se disent en salle"


@dataclass(frozen=True)
class Preuve:
    """One finding, exact; `read` and `phrase` say what is read of it. What is not known is None, never 0.

    `unite`: nombre, part (0–1), rapport (demandes for one attribution), mois. `n`: the population looked at, known or
    not. `valeurs`: by circle (`secteur`, `ici`, `mel`), the same measure and profile, None too when the reader does not
    see the whole of it. `effectifs`: by circle, what its value is worked out of: (counted, all of them) of a share,
    (demandes counted in each commune that they want, attributions, households) of a tension, (all of them) of a count
    or a median. `quoi`: whose value it is, when the measure alone does not say it (a réservataire). `dite`: the clause
    of what is read in the sector; `inconnue`: the clause without a value. `nuls`: the circles where it has none because
    nobody is there to count: a room reads of them what it reads of a few. `duree`: how much of the period its table
    covers; `arrets`: of the demandes and the events that it reads, those that stop before the end of it.
    """

    mesure: str
    unite: str
    n: int
    valeurs: Mapping[str, float | None]
    effectifs: Mapping[str, tuple[int, ...]]
    lieu: LieuDuSecteur
    dite: Dite
    inconnue: str
    quoi: str = ""
    est_du_profil: bool = True
    nuls: frozenset[str] = frozenset()
    duree: Duree = ANNEE
    arrets: Arrets = ()

    @property
    def valeur(self) -> float | None:
        return self.valeurs["secteur"]

    @property
    def effectif(self) -> int:
        """How many its value is worked out of: of a tension, attributions or demandes, the fewer."""
        return min(self.effectifs["secteur"][1:] or self.effectifs["secteur"], default=0)

    @property
    def numerateur(self) -> int | None:
        """None for a count, a median, and without a value."""
        return self.effectifs["secteur"][0] if self._est_fraction else None

    @property
    def denominateur(self) -> int | None:
        return self.effectifs["secteur"][1] if self._est_fraction else None

    @property
    def _est_fraction(self) -> bool:
        return self.unite in ("part", "rapport") and self.valeur is not None

    def read(self, cercle: str) -> Dit | None:
        """None when the value of the circle is not known, or not to be told (`est_tu`). A share is said by the rule, a
        tension and a median of so many households at the least; a sector inside the commune that reads is its own."""
        valeur, comptes, qui = self.valeurs[cercle], self.effectifs[cercle], reader()
        if cercle == "secteur":
            if self.est_tu():
                return None
            qui = self.lieu.pour()
        if valeur is None:
            peu = qui.compte(0)
            return Dit(float("nan"), peu, peu) if cercle in self.nuls and not qui.lit_tout else None
        compte, total = (qui.compte(n) for n in (comptes[0], comptes[min(1, len(comptes) - 1)]))
        if self.unite == "nombre":
            return Dit(compte, compte, total)
        if self.unite == "part":
            est_d_un_profil = bool(self.lieu.qui) and self.est_du_profil
            part = qui.part(comptes[0], comptes[1], est_classe=est_d_un_profil)
            # Rounded, 15 of 38 would be « 20 sur 40 », and read as a share that is neither said nor true.
            se_lirait = compte.est_dit and not qui.regle.est_assez(comptes[1], est_classe=est_d_un_profil)
            return Dit(part, INCONNU if se_lirait and not qui.lit_tout else compte, total)
        if self.unite == "rapport":
            return Dit(qui.pour_une(valeur, comptes), compte, total)
        est_dit = qui.lit_tout or min(comptes) >= qui.regle.cote_des
        return Dit(valeur if est_dit else float("nan"), compte, total)

    def est_tu(self) -> bool:
        """Whether its sector is too narrow for anything to be read of its profile."""
        est_su = self.valeur is not None or "secteur" in self.nuls
        return self.lieu.est_a_taire and est_su and not self.lieu.pour().lit_tout

    def say_clause(self, clause: str) -> str:
        """The sentence of a clause; that of `inconnue` is the same for whoever reads."""
        return f"{self.lieu.ou}{self.lieu.qui}{INSECABLE}: {clause}."

    def phrase(self) -> str:
        """The sentence as it is read, what counts between `**`."""
        dit = self.read("secteur")
        if dit is None:
            return self.say_clause(_TU if self.est_tu() else self.inconnue)
        se_compte = self.unite == "part" and not dit.total.est_tu and dit.compte.est_connu
        se_compare = dit.est_dit or self.unite == "nombre" or se_compte
        clause = self.say_clause(f"{self.dite(dit)}{self._face() if se_compare else ''}")
        return " ".join((clause, *say_arrets(self.arrets)))

    def _face(self) -> str:
        """« , contre 21 % dans l’ICI et 23 % dans la MEL »: the circles that are said."""
        # A demande counts in each commune that it wants: those of a circle are more than it has demandes.
        par = "par commune " if self.unite == "rapport" and len(self.lieu.communes) == 1 else ""
        faces = {"mel": "dans la MEL"} if self.lieu.est_entiere else {"ici": f"{par}dans l’ICI", "mel": "dans la MEL"}
        lus = [(self.read(c), ou) for c, ou in faces.items()]
        dites = [f"{write(dit.valeur, self.unite)} {ou}" for dit, ou in lus if dit is not None and dit.est_dit]
        return f", {'sur' if self.unite == 'nombre' else 'contre'} {' et '.join(dites)}" if dites else ""


Lue = tuple[float | None, tuple[int, ...]]  # a value, what it is worked out of
RIEN: Mapping[str, Lue] = dict.fromkeys(CERCLES, (None, ()))


@dataclass(frozen=True)
class _Atelier:
    """How findings are made, from the counts of each circle in a place."""

    comptes: Comptes
    lieu: LieuDuSecteur

    def read(self, unite: str, table: str, *colonnes: str) -> Mapping[str, Lue]:
        """Circle → the value of a measure, worked out of the counts `colonnes` of `table`."""
        return {cercle: self._read(cercle, unite, table, colonnes) for cercle in CERCLES}

    def _read(self, cercle: str, unite: str, table: str, colonnes: tuple[str, ...]) -> Lue:
        effectifs = tuple(self.comptes.read(table, cercle, c) for c in colonnes)
        if not self._est_connu(table, cercle):
            return None, effectifs
        if unite == "part":
            compte, total = effectifs
            return (compte / total if total else None), effectifs
        return (self.comptes.mediane(table, cercle) if unite == "mois" else effectifs[0]), effectifs

    def read_tension(self, cercle: str) -> Lue:
        """A demande counts in each commune that it wants, in the sector as in the ICI and the MEL."""
        souhaits, demandes = (self.comptes.read("demandes", cercle, c) for c in ("souhaits", "n_profil"))
        attributions = self.comptes.read("attributions", cercle, "n_profil")
        connue = attributions and all(self._est_connu(t, cercle) for t in ("demandes", "attributions"))
        return (souhaits / attributions if connue else None), (souhaits, attributions, demandes)

    def _est_connu(self, table: str, cercle: str) -> bool:
        return self.comptes.est_connu(table, cercle, self.lieu)

    def draw_up(
        self, mesure: str, unite: str, table: str, lues: Mapping[str, Lue], dite: Dite, inconnue: str
    ) -> Preuve:
        vus = {"secteur", *self.comptes.cercles}
        tables = {table, *(("attributions",) if unite == "rapport" else ())}
        nuls = {
            c
            for c, (valeur, effectifs) in lues.items()
            if valeur is None and 0 in effectifs[-2:] and all(self._est_connu(t, c) for t in tables)
        }
        return Preuve(
            mesure,
            unite,
            self.comptes.read(table, "secteur", "n"),
            {c: valeur if c in vus else None for c, (valeur, _) in lues.items()},
            {c: effectifs for c, (_, effectifs) in lues.items()},
            self.lieu.de_table(table),
            dite,
            inconnue,
            nuls=frozenset(nuls & vus),
            duree=self.comptes.duree("attributions" if unite == "rapport" else table),
            arrets=tuple(x for x in self.comptes.arrets if x[0] in _LUES.get(mesure, (table,))),
        )


def draw_up(comptes: Comptes, lieu: LieuDuSecteur, contingents: pd.DataFrame) -> tuple[Preuve, ...]:
    """The findings, from the demand to the délai, always all of them and in this order."""
    a = _Atelier(comptes, lieu)
    autour = f", à l’échelle de {lieu.noms_communes}" if lieu.est_fin else ""

    def inconnus(quoi: str, sinon: str) -> str:
        return f"{quoi}, {EFFACES if comptes.sont_effaces else sinon}"

    def passages(unite: str, *colonnes: str) -> Mapping[str, Lue]:
        """Nothing where too many of them have left the data."""
        return RIEN if comptes.sont_effaces else a.read(unite, "passages", *colonnes)

    return (
        a.draw_up(
            "demande",
            "nombre",
            "demandes",
            a.read("nombre", "demandes", "n_profil"),
            lambda d: (
                f"{combien(d.compte, 'demande active', 'demandes actives')} "
                f"{langue.agree(d.valeur, 'souhaite', 'souhaitent')} {lieu.noms_communes}"
            ),
            "demande inconnue, les communes souhaitées ou le profil ne sont pas renseignés",
        ),
        a.draw_up(
            "attente",
            "part",
            "demandes",
            a.read("part", "demandes", "n_attente", "n_profil"),
            lambda d: parmi(
                d,
                ("demande", "demandes"),
                ("attend", "attendent"),
                f" depuis plus de 24{INSECABLE}mois sans proposition enregistrée",
                de=f" qui {langue.agree(d.total, 'souhaite', 'souhaitent')} {lieu.noms_communes}",
            ),
            "attente inconnue, aucune demande de ce profil",
        ),
        a.draw_up(
            "flux",
            "nombre",
            "attributions",
            a.read("nombre", "attributions", "n_profil"),
            lambda d: f"{combien(d.compte, *_ATTRIBUTION)}{comptes.en('attributions')}",
            "attributions inconnues, ni leur lieu ni leur profil ne sont renseignés",
        ),
        _tension(a),
        a.draw_up(
            "passages",
            "nombre",
            "passages",
            passages("nombre", "n"),
            lambda d: f"{combien(d.compte, *_PASSAGE)}{comptes.en('passages')}",
            inconnus("passages en commission inconnus", "aucun n’est enregistré avec son lieu et son profil"),
        ),
        a.draw_up(
            "refus_rang_1",
            "part",
            "passages",
            passages("part", "n_rang_1_refuses", "n_rang_1") if comptes.voient_refus else RIEN,
            lambda d: parmi(
                d, ("premier rang", "premiers rangs"), ("a été refusé", "ont été refusés"), comptes.en("passages")
            ),
            inconnus("refus de premier rang inconnus", "aucun premier rang n’est enregistré")
            if comptes.voient_refus
            else "les refus des demandeurs ne sont pas dans votre périmètre",
        ),
        a.draw_up(
            "non_attribution",
            "part",
            "passages",
            passages("part", "n_non_attribues", "n_decisions"),
            lambda d: parmi(d, _PASSAGE, _FINI, f" en non-attribution{comptes.en_partie('passages')}"),
            inconnus("non-attributions inconnues", "aucune décision n’est enregistrée"),
        ),
        _vacance(a, "vacance", "", ""),
        _vacance(a, "vacance_3_mois", "_3_mois", f" depuis plus de 3{INSECABLE}mois"),
        a.draw_up(
            "delai",
            "mois",
            "attributions",
            a.read("mois", "attributions", "n_delais"),
            lambda d: f"{delai(d)}{comptes.en_partie('attributions')}",
            "délai d’attribution inconnu, aucune attribution n’a ses deux dates",
        ),
        a.draw_up(
            "anciennete",
            "mois",
            "demandes",
            a.read("mois", "demandes", "n_profil"),
            lambda d: (
                f"la moitié des demandes actives ont plus de {gras(d, 'mois')} d’ancienneté{autour}"
                if d.est_dit
                else "trop peu de demandes pour dire leur ancienneté"
            ),
            "ancienneté inconnue, aucune demande de ce profil",
        ),
        _contingent(a, contingents),
    )


def _tension(a: _Atelier) -> Preuve:
    mois = a.comptes.en("attributions")

    def dite(dit: Dit) -> str:
        if not dit.est_dit:
            return "trop peu de demandes ou d’attributions pour dire la tension"
        par = "" if len(a.lieu.communes) == 1 else " et par commune"
        return f"{gras(dit, 'rapport')} {langue.agree(dit.valeur, 'demande')} pour une attribution{par}{mois}"

    inconnue = f"aucune attribution{mois}, la tension ne se mesure pas"
    if a.lieu.est_fin:
        inconnue = "la tension ne se mesure qu’à la commune, la demande ne dit rien de plus fin"
    lues = RIEN if a.lieu.est_fin else {c: a.read_tension(c) for c in CERCLES}
    return a.draw_up("tension", "rapport", "demandes", lues, dite, inconnue)


def _vacance(a: _Atelier, mesure: str, suffixe: str, duree: str) -> Preuve:
    """The stock has neither typologie nor household: it is that of the sector, whatever the profile, and says so."""
    sans_profil = replace(a, lieu=a.lieu.tout_profil())
    constat = sans_profil.draw_up(
        mesure,
        "part",
        "stock",
        sans_profil.read("part", "stock", f"n_vacants{suffixe}", f"n_connus{suffixe}"),
        lambda d: parmi(d, ("logement", "logements"), ("est vacant", "sont vacants"), duree),
        "vacance inconnue, aucune résidence du secteur ne la compte",
    )
    return replace(constat, est_du_profil=not a.lieu.qui)


def _contingent(a: _Atelier, contingents: pd.DataFrame) -> Preuve:
    """The réservataire of most attributions of the sector."""
    connus = contingents[contingents["code"] != "inconnu"]
    par_cercle = {c: g.set_index("code")["n"] for c, g in connus.groupby("cercle")}
    aucun = pd.Series(dtype="int64")
    siens = par_cercle.get("secteur", aucun)
    premier = min(siens.index, key=lambda c: (-siens[c], c), default=None)

    def lue(cercle: str) -> Lue:
        comptes = par_cercle.get(cercle, aucun)
        compte, total = int(comptes.get(premier, 0)), int(comptes.sum())
        return (compte / total if premier is not None and total else None), (compte, total)

    nom = RESERVATAIRES.get(str(premier), str(premier))
    sur = nom if premier == "AUCUN" else langue.typeset(f"sur le contingent « {nom} »")
    sur += a.comptes.en_partie("attributions")

    def dite(dit: Dit) -> str:
        if dit.total.est_tu or not dit.compte.est_connu:
            return f"{combien(dit.total, *_ATTRIBUTION)}, trop peu pour dire leur réservataire"
        if dit.est_dit:
            return f"{gras(dit, 'part')} des attributions {sur}"
        return f"**{langue.nombre(dit.compte)} des {langue.effectif(dit.total, *_ATTRIBUTION)}** {sur}"

    lues, inconnue = {c: lue(c) for c in CERCLES}, "réservataires inconnus, aucune attribution ne le dit"
    constat = a.draw_up("contingent", "part", "attributions", lues, dite, inconnue)
    return constat if premier is None else replace(constat, quoi=nom)
