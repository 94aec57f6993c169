"""Every version of every dated parameter of a snapshot, as a person reads it, and which one is in force; how a version
is added: the same data published again with one more line, signed by its author.

Breaks in a series of séances are the days from which a rule that its figures lean on is another: shares on either side
of one are not read as one movement. Source: the dated parameters in force; for the quartiers prioritaires, décret no
2023-1314 du 28 décembre 2023, in force on 1 January 2024.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import pandas as pd

from mel_core.entrepot import Entrepot, Lecteur
from mel_core.indicateurs.besoins import QPV, RESSOURCES
from mel_core.indicateurs.calcul_indicateurs import compute
from mel_core.indicateurs.catalogue import A_CIBLE, INDICATEURS
from mel_core.indicateurs.definitions import Mesure
from mel_core.journal import Auteur, Journal, nouvel_identifiant, nouvel_op_id
from mel_core.objectifs import Parametres
from mel_core.objectifs.parametres import LIEUX_DE_CIBLE, a_corriger
from mel_core.socle import cibles, langue
from mel_core.socle.appellations import RESERVATAIRES
from mel_core.socle.erreurs import AppelIncorrect, ErreurUtilisateur
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.sql import blocs

_SQL = blocs(__file__, "parametrage.sql")

EN_VIGUEUR, A_VENIR, REMPLACEE, ABSENT = "en vigueur", "à venir", "remplacée", "absent"
APPLICATION = "l’application"
_HYPOTHESE = "Hypothèse"


@dataclass
class Version:
    """`fin` is the last day on which it applies, when it says so itself (a parameter of one year)."""

    parametre: str
    valeur: str
    depuis: date
    source: str
    auteur: str
    fin: date | None = None
    etat: str = ""


def versions(lecteur: Lecteur, seance: Seance) -> pd.DataFrame:
    """One row per version of a dated parameter, those of a parameter together, the earliest first.

    Columns: `parametre`, `valeur` (texts), `depuis` (date of effect), `source`, `auteur` (`l’application` for those
    embedded in it), `etat` (en vigueur, à venir or remplacée on the last day of `seance`; absent for a threshold that
    the séance's year lacks), `est_hypothese` (the value is assumed, and its source says so).
    """
    lues = list(_read_versions(lecteur, seance))
    for parametre in dict.fromkeys(v.parametre for v in lues):
        _put_date([v for v in lues if v.parametre == parametre], seance.fin)
    table = pd.DataFrame([asdict(v) for v in lues]).drop(columns="fin")
    return table.assign(
        auteur=table["auteur"].where((table["auteur"] != "") | (table["etat"] == ABSENT), APPLICATION),
        est_hypothese=table["source"].str.startswith(_HYPOTHESE),
    )


def _put_date(lignes: list[Version], jour: date) -> None:
    """The latest whose date has come is in force; those before it were replaced."""
    venues = [v for v in lignes if v.depuis <= jour]
    for version in lignes:
        if version.etat:
            continue
        passee = version.fin is not None and version.fin < jour
        if version not in venues:
            version.etat = A_VENIR
        else:
            version.etat = EN_VIGUEUR if version is venues[-1] and not passee else REMPLACEE


def _read_versions(lecteur: Lecteur, seance: Seance) -> Iterator[Version]:
    for c in lecteur.query(_SQL["cibles"]).itertuples():
        lue = Fraction(c.valeur)
        valeur = f"{langue.effectif(int(lue), 'attribution')} par an" if c.en_nombre else langue.part(lue)
        if c.indicateur == "equilibre":
            valeur += f" (± {langue.nombre(100 * Fraction(c.bande), 0)} points en fragilité moyenne)"
        if pd.notna(c.sens):
            valeur += f", {c.sens}"
        lieux = (c.nom_commune, c.nom_bailleur, RESERVATAIRES.get(c.reservataire))
        codes = (c.commune, c.bailleur, c.reservataire)
        dits = [nom if pd.notna(nom) else code for nom, code in zip(lieux, codes, strict=True) if pd.notna(code)]
        titre = " · ".join([f"Objectif : {INDICATEURS[c.indicateur].titre}", *dits])
        yield Version(titre, valeur, c.depuis.date(), c.source, c.auteur)
    for b in lecteur.query(_SQL["bornes"]).itertuples():
        valeur = langue.liste([langue.part(Fraction(str(x))) for x in (b.borne_1, b.borne_2, b.borne_3)])
        yield Version("Bornes des ressources", f"{valeur} du plafond PLUS", b.depuis.date(), b.source, b.auteur)
    for f in lecteur.query(_SQL["fragilite_ips"]).itertuples():
        yield Version("Fragilité d’un quartier selon son IPS", f.regle, f.depuis.date(), f.source, f.auteur)
    yield from _par_annee(lecteur, seance)


def _par_annee(lecteur: Lecteur, seance: Seance) -> Iterator[Version]:
    """Parameters of one year never carry over to the next: each year is a parameter of its own."""
    seuils = lecteur.query(_SQL["seuils"])
    for s in seuils.itertuples():
        montant = langue.nombre(s.seuil_eur_uc, 0 if s.seuil_eur_uc.is_integer() else 2)
        valeur = f"{montant}{langue.INSECABLE}€ par unité de consommation"
        yield _annuelle("Seuil du premier quartile", s.annee, valeur, s.source, s.auteur)
    if seance.annee not in set(seuils["annee"]):
        absente = _annuelle("Seuil du premier quartile", seance.annee, langue.ABSENT, "à demander à la DDTM", "")
        absente.etat = ABSENT
        yield absente
    for p in lecteur.query(_SQL["plafonds"]).itertuples():
        plafonds = " / ".join(langue.nombre(x) for x in p.plafonds_eur)
        valeur = f"{plafonds} €, catégories 1 à 6, puis {langue.nombre(p.supplement_eur)} € par personne"
        yield _annuelle("Plafonds PLUS", p.annee, valeur, p.source, p.auteur)


def _annuelle(quoi: str, annee: int, valeur: str, source: str, auteur: str) -> Version:
    return Version(f"{quoi} {annee}", valeur, date(annee, 1, 1), source, auteur, date(annee, 12, 31))


Valeur: TypeAlias = str | int | Decimal | date | Sequence["Valeur"]


OBJET = "parametre"
_ECART_PERMIS = 12  # attributions a year beyond three times what is observed, or a third of it, that nobody is asked of


def add(entrepot: Entrepot, journal: Journal, section: str, valeurs: Mapping[str, Valeur], auteur: Auteur) -> bool:
    """Publish one more version of a parameter, written in the journal; returns whether anything changed.

    `section` and the keys of `valeurs` are those of a file of parameters. Every séance that is not frozen is served
    with it; only those from its date of effect on can change. Raises `AppelIncorrect` when it makes no sense.
    """
    if not auteur.nom.strip():
        raise AppelIncorrect("Une version est signée : donner d’abord votre nom.")
    texte = en_toml(section, {**valeurs, "auteur": auteur.nom})
    check_parametres(texte, "")
    with entrepot.reserve():
        if entrepot.instantane() is None:
            raise ErreurUtilisateur(
                "Aucun jeu de données n’est publié : en importer un depuis Préparer › Imports, puis recommencer."
            )
        a_change = entrepot.add_parametres(texte)
    if a_change:
        record(journal, texte, auteur)
    return a_change


def check_parametres(texte: str, nom: str) -> None:
    """`Parametres.read`, then that each objective is of an indicator that may have one."""
    for rang, cible in enumerate(Parametres.read(texte, nom).cibles, start=1):
        if cible.indicateur not in A_CIBLE:
            quoi = f"« indicateur » doit être l’un de {', '.join(A_CIBLE)}"
            raise AppelIncorrect(a_corriger("cibles", rang, nom, quoi))


def record(journal: Journal, texte: str, auteur: Auteur) -> None:
    """One line of the journal for each parameter of a TOML `texte`: what it is worth, since when, from which source."""
    for section, entrees in tomllib.loads(texte, parse_float=Decimal).items():
        for entree in entrees:
            journal.write(OBJET, nouvel_identifiant(), contenu(section, entree), auteur, nouvel_op_id())


def contenu(section: str, entree: Mapping[str, object]) -> dict[str, object]:
    """An entry of a file of parameters as the journal keeps it."""
    return {"section": section, **{cle: _simple(valeur) for cle, valeur in entree.items()}}


def say(ecrit: Mapping[str, Any], noms: Mapping[str, str]) -> str:
    """`objectif « NPRU », Roubaix, 30 attributions par an, à partir du 1er janvier 2018`: a line of the journal as it
    is read, its place, its unit, its date. `ecrit`: see `contenu`; `noms`: of communes, bailleurs,
    réservataires, by code. Empty for what no version of the application wrote."""
    quoi = _PARAMETRES.get(ecrit.get("section", ""), "")
    indicateur = INDICATEURS.get(ecrit.get("indicateur", ""))
    if indicateur is not None:
        valeur = Fraction(ecrit["valeur"])
        est_nombre = ecrit.get("en_nombre") == str(True)
        lieux = [noms.get(ecrit[c], ecrit[c]) for c in LIEUX_DE_CIBLE if ecrit.get(c)]
        dite = f"{langue.effectif(int(valeur), 'attribution')} par an" if est_nombre else langue.part(valeur)
        sens = [ecrit["sens"]] if ecrit.get("sens") else []
        quoi = ", ".join([f"{quoi} « {indicateur.titre} »", *(lieux or ["toute la Métropole"]), dite, *sens])
    if "annee" in ecrit:
        quoi += f", année {ecrit['annee']}"
    depuis = f", à partir du {langue.jour(date.fromisoformat(ecrit['depuis']))}" if "depuis" in ecrit else ""
    return langue.typeset(f"{quoi}{depuis}") if quoi else ""


def say_portee(seance: Seance, gelee: str) -> str:
    """Whether a version more moves the figures of a séance; `gelee`: since when they are frozen, empty while not."""
    if gelee:
        return f"La séance {seance} est **{gelee}** : une nouvelle version ne change plus ses chiffres."
    return "Une nouvelle version compte à partir de sa date d’effet ; les séances antérieures ne bougent pas."


def say_ajout(
    section: str, valeurs: Mapping[str, Valeur], seance: Seance, noms: Mapping[str, str], *, a_change: bool
) -> str:
    """What `add` did, and from when the séances that may still move read it; `seance`: the one on screen."""
    if not a_change:
        return "Cette version était déjà là : rien n’a changé."
    depuis, quand = valeurs.get("depuis"), "dès maintenant"
    if isinstance(depuis, date) and depuis > seance.fin:
        quand = f"à partir du {langue.jour(depuis)}"
    quoi = say(contenu(section, valeurs), noms)
    return f"Version ajoutée ({quoi}) : les séances qui ne sont pas gelées la lisent {quand}."


def doutes(lecteur: Lecteur, seance: Seance, valeurs: Mapping[str, Valeur]) -> list[str]:
    """What of an objective is so far from what is observed over the 12 months up to `seance`, or from today, that its
    author is asked before it is kept: one sentence each. `valeurs`: as `add` takes them."""
    nom, depuis = str(valeurs["indicateur"]), valeurs["depuis"]
    dits = []
    if isinstance(depuis, date) and depuis > seance.suivante.suivante.fin:
        dits.append(f"Elle ne comptera qu’à partir du {langue.jour(depuis)}, bien après la séance {seance}.")
    lieux = {c: str(valeurs[c]) for c in LIEUX_DE_CIBLE if c in valeurs}
    if "reservataire" in lieux or nom == "flux":
        return dits
    cellules = compute(lecteur, nom, Periode.de(seance, "annee"), par=tuple(lieux))
    for coupe, code in lieux.items():
        cellules = cellules[cellules[coupe] == code]
    n, k = (int(cellules[c].sum()) for c in ("n", "numerateur"))
    sortes = ("premier accès", "premiers accès") if nom == "aci" else ("attribution", "attributions")
    valeur, population = Fraction(str(valeurs["valeur"])), langue.effectif(n, *sortes)
    if valeurs.get("en_nombre"):
        if valeur > n:
            dits.append(f"{langue.nombre(valeur)} par an : on ne compte ici que {population} en 12 mois.")
    elif nom != "equilibre" and max(valeur * n - 3 * k, k - 3 * valeur * n) > _ECART_PERMIS:
        vise = langue.nombre(int(langue.round_off(valeur * n)))
        dits.append(
            f"{langue.part(valeur)} de {population}, c’est {vise} par an, pour {langue.nombre(k)} constatées : si "
            "c’est un nombre d’attributions, cocher « Un nombre d’attributions par an »."
        )
    return dits


_PARAMETRES = {
    "cibles": "objectif",
    "bornes_ressources": "bornes des ressources",
    "fragilite_ips": "fragilité selon l’IPS",
    "seuils_premier_quartile": "seuil du premier quartile",
    "plafonds": "plafonds de ressources",
}


def _simple(valeur: object) -> object:
    """As the journal keeps it: dates and numbers as they were typed."""
    return [_simple(v) for v in valeur] if isinstance(valeur, list) else str(valeur)


def en_toml(section: str, valeurs: Mapping[str, Valeur]) -> str:
    """One entry of a file of parameters."""
    return "\n".join([f"[[{section}]]", *(f"{cle} = {_write(valeur)}" for cle, valeur in valeurs.items())]) + "\n"


def _write(valeur: Valeur) -> str:
    if isinstance(valeur, bool):
        return str(valeur).lower()
    if isinstance(valeur, str):
        # A JSON string is a TOML basic string, save for the one control character that JSON lets through.
        return json.dumps(valeur.replace("\x7f", ""), ensure_ascii=False)
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, Sequence):
        return "[" + ", ".join(_write(v) for v in valeur) + "]"
    return format(valeur, "f") if isinstance(valeur, Decimal) else str(valeur)


_QPV_2024 = date(2024, 1, 1)


@dataclass(frozen=True)
class Rupture:
    """What is another from `jour` on: `dite` begins a sentence that the day ends."""

    jour: date
    dite: str

    @property
    def phrase(self) -> str:
        return langue.typeset(f"{self.dite} depuis le {langue.jour(self.jour)}.")


def find_ruptures(lecteur: Lecteur, indicateur: str, premiere: Seance, derniere: Seance) -> list[Rupture]:
    """Those after the first of these séances, up to the end of the last, the earliest first."""
    trouvees = [r for r in _find_ruptures(lecteur, indicateur) if premiere.fin < r.jour <= derniere.fin]
    return sorted(trouvees, key=lambda r: r.jour)


def _find_ruptures(lecteur: Lecteur, indicateur: str) -> Iterator[Rupture]:
    definition = INDICATEURS[indicateur]
    if definition.lu is RESSOURCES:
        bornes = lecteur.query(_SQL["bornes"])
        dites = [
            langue.liste([langue.nombre(100 * b) for b in x]) for x in bornes[["borne_1", "borne_2", "borne_3"]].values
        ]
        yield from _changements(
            bornes["depuis"], dites, lambda avant, apres: f"Bornes de ressources de {apres} % (avant, {avant} %)"
        )
    if definition.mesure is Mesure.PART_PAR_FRAGILITE:
        regles = lecteur.query(_SQL["fragilite_ips"])
        yield from _changements(
            regles["depuis"],
            list(regles["regle"]),
            lambda _avant, _apres: "Autre règle de la fragilité d’un quartier d’après l’IPS",
        )
    if set(QPV) <= set(definition.besoins):
        yield Rupture(_QPV_2024, "Autres quartiers prioritaires (QPV de 2024)")
    yield from _objectifs(lecteur, indicateur)


def _objectifs(lecteur: Lecteur, indicateur: str) -> Iterator[Rupture]:
    toutes = lecteur.query(_SQL["cibles"])
    siennes = toutes[
        (toutes["indicateur"] == indicateur) & toutes[["commune", "bailleur", "reservataire"]].isna().all(axis=1)
    ]
    siennes = siennes.drop_duplicates("depuis", keep="last")  # of one day, the version that was added holds
    dites = [
        cibles.valeur_dite(float(Fraction(c.valeur)), est_un_nombre=bool(c.en_nombre)) for c in siennes.itertuples()
    ]
    if dites:
        yield Rupture(_jour(siennes["depuis"].iloc[0]), f"Objectif de {dites[0]} (avant, aucun n’était en vigueur)")
    yield from _changements(siennes["depuis"], dites, lambda avant, apres: f"Objectif de {apres} (avant, {avant})")


def _changements(jours: pd.Series, dites: list[str], say: Callable[[str, str], str]) -> Iterator[Rupture]:
    """Each version that says something else than the one before."""
    for rang in range(1, len(dites)):
        if dites[rang] != dites[rang - 1]:
            yield Rupture(_jour(jours.iloc[rang]), say(dites[rang - 1], dites[rang]))


def _jour(lu: object) -> date:
    return pd.Timestamp(lu).date()
