"""Every version of every dated parameter of a snapshot, as a person reads it, and which one is in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction

import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.indicateurs import INDICATEURS
from mel_core.socle import langue
from mel_core.socle.appellations import RESERVATAIRES
from mel_core.socle.periodes import Seance
from mel_core.socle.sql import blocs

_SQL = blocs(__file__, "versions.sql")

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
    lues = list(_read(lecteur, seance))
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


def _read(lecteur: Lecteur, seance: Seance) -> Iterator[Version]:
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
