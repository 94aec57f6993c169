"""What every document of a séance says of itself: where, when, on which data, by whom, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from mel_core.entrepot import Instantane
from mel_core.indicateurs.definitions import SUIVIES
from mel_core.indicateurs.phrases_constats import ANNEE
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.appellations import APPLICATION, EDITEUR
from mel_core.socle.horloge import PARIS, jour_de
from mel_core.socle.periodes import Periode, Seance
from mel_core.socle.valeurs import Duree

CONSERVATION = timedelta(days=365)
_APPLICATION = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    f"<Application>{APPLICATION}</Application><Company>{EDITEUR}</Company></Properties>"
)


@dataclass(frozen=True)
class Contexte:
    """One séance of one ICI on one vintage. `etabli_le`: UTC. `par`: who asked for the document. `tenue`: when the ICI
    meets (None: nobody fixed it). `lieu`: where, in words (empty: nobody said it)."""

    seance: Seance
    ici: str
    instantane: Instantane
    etabli_le: datetime
    par: str = EDITEUR
    territoires: tuple[str, ...] = ()
    duree: Duree = ANNEE
    tenue: date | None = None
    lieu: str = ""

    @property
    def periode(self) -> Periode:
        """The 12 months on which the objectives are judged."""
        return Periode.de(self.seance, "annee")

    @property
    def ici_dite(self) -> str:
        return langue.ici(self.ici)

    @property
    def est_fictif(self) -> bool:
        return self.instantane.nature == "fictive"

    @property
    def titre(self) -> str:
        return f"Instance de coordination intercommunale, {self.ici}, {langue.seance(self.seance)}"

    @property
    def perimetre(self) -> str:
        ou = f"{langue.liste(self.territoires)} (périmètre provisoire)" if self.territoires else self.ici
        return f"{self.duree}, {langue.intervalle(self.periode.debut, self.periode.fin)} · {ou}"

    @property
    def publication(self) -> str:
        """`Données publiées le 24 novembre 2026`, and whether they are fictitious."""
        jour = langue.jour(jour_de(self.instantane.publie_le))
        return f"{'DONNÉES FICTIVES · ' if self.est_fictif else ''}Données publiées le {jour}"

    @property
    def millesime(self) -> str:
        """The same, then the short name of the snapshot: `· millésime a8e3f9c5`. What is sent says it in its properties
        alone: nobody who receives it can read it."""
        return f"{self.publication} · millésime {self.instantane.identifiant[:8]}"

    def sign(self, document: Any, titre: str) -> None:
        """The properties of a docx or a pptx, and what made it, instead of those of the library's template: its author,
        its word processor, and 2013. Neither format takes a longer one than 255 signs."""
        proprietes, quand = document.core_properties, self.etabli_le.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        proprietes.title, proprietes.language = _cut(titre), "fr-FR"
        proprietes.author = proprietes.last_modified_by = EDITEUR
        proprietes.created = proprietes.modified = quand
        proprietes.comments, proprietes.subject, proprietes.keywords = _cut(self.millesime), _cut(self.perimetre), ""
        proprietes.revision = 1
        for partie in document.part.package.iter_parts():
            if partie.partname == "/docProps/app.xml":
                partie._blob = _APPLICATION.encode()

    def inscription(self, titre: str) -> dict[str, Any]:
        """The properties of a PDF, as `sign` those of a docx."""
        qui, quoi = {"author": EDITEUR, "creator": EDITEUR}, {"subject": self.perimetre, "keywords": self.millesime}
        return {"title": titre, **qui, **quoi, "lang": "fr-FR"}

    @property
    def etablissement(self) -> tuple[tuple[str, str], ...]:
        """Who, when, of which data, with which filters: what who receives it reads."""
        etabli = self.etabli_le.astimezone(PARIS)
        return (
            ("Établi par", self.par),
            ("Établi le", f"{langue.jour(etabli)} à {etabli:%H:%M}"),
            ("Données", self.publication),
            ("Nature", "données fictives" if self.est_fictif else "données réelles"),
            ("Séance", langue.seance(self.seance)),
            ("Période", f"{self.duree}, {langue.intervalle(self.periode.debut, self.periode.fin)}"),
            ("Filtres", f"{self.ici}, {SUIVIES}"),
            ("Chiffres", reader().dite),
            ("Parts", reader().parts_dites),
        )

    @property
    def estampille(self) -> str:
        """The snapshot by its whole name and until when it is kept: in the properties of a workbook, often exact."""
        fin = langue.jour(jour_de(self.etabli_le) + CONSERVATION)
        return " · ".join((self.publication, f"millésime {self.instantane.identifiant}", f"à détruire avant le {fin}"))


def _cut(texte: str, longueur: int = 255) -> str:
    return texte if len(texte) <= longueur else f"{texte[: longueur - 1]}…"
