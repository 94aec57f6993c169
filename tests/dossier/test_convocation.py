"""What calls to a séance, before its data: when, where, who, the agenda, in a file to edit and one to send."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdfium2
from docx import Document

from mel_core.dossier import pages
from mel_core.dossier.pages import Ecrit, Style, TableauDePage, Texte, partie
from mel_core.dossier.seance import CONVOCATION, contexte, write_actes
from mel_core.entrepot import Entrepot, Portee
from mel_core.journal import Auteur, Journal
from mel_core.seance.coordination import Blocage, blocages, presences, seances_tenues
from mel_core.seance.coordination.presences import Presences
from mel_core.seance.preuves import ProfilBlocage, Secteur
from tests.jeux import ROUBAIX
from tests.seance.coordination.monde import S2, magasin

AUTEUR, ICI = Auteur("A. Essai", "MEL"), "ICI 2"


def lu(chemin: Path) -> str:
    feuilles = pypdfium2.PdfDocument(str(chemin))
    return " ".join(" ".join(f.get_textpage().get_text_range().split()) for f in feuilles)


def test_who_is_called_reads_when_where_who_and_what_is_on_the_agenda_before_there_are_data(tmp_path: Path) -> None:
    entrepot = magasin(tmp_path / "donnees", 12, 118, (5, 5))
    journal, seance = Journal.du_dossier(entrepot.dossier), S2.suivante
    seances_tenues.fix(journal, seance, ICI, date(2018, 9, 20), AUTEUR, "jour", 0)
    dites = Presences(
        seance, ICI, lieu="mairie de Roubaix", ordre_du_jour="Point NPRU", invites=("DDTM", ROUBAIX), excuses=(ROUBAIX,)
    )
    presences.record(journal, dites, AUTEUR, op_id="qui", version_vue=0)
    dit = Blocage(seance, "B1", Secteur(ICI, (ROUBAIX,)), "Trop de refus", ProfilBlocage(label="aci"), dit="Des refus")
    fiche = blocages.report(journal, dit, AUTEUR, identifiant="b", op_id="b")
    blocages.retain(journal, fiche, AUTEUR, "r")
    for suffixe in ("pdf", "docx"):
        write_actes(entrepot, journal, CONVOCATION, seance, ICI, tmp_path / f"c.{suffixe}")
    envoye = lu(tmp_path / "c.pdf")
    for dit in (
        "se réunit le 20 septembre 2018, mairie de Roubaix, sur le premier semestre 2018.",
        "Invités État (DDTM) Excusés Roubaix",
        "Autres points • Point NPRU",
        "À Roubaix, pour les ménages ACI : Des refus",
        "Remontées des communes 22 juillet 2018",
    ):
        assert dit in envoye
    assert "12 mois" not in envoye  # it has no figure
    document = Document(str(tmp_path / "c.docx"))
    cases = [" ".join(c.text.split()) for t in document.tables for rang in t.rows for c in rang.cells]
    assert {"20 septembre 2018", "mairie de Roubaix", "Roubaix"} <= set(cases)


def test_a_heading_and_what_tells_a_table_are_never_alone_at_the_foot_of_a_page(tmp_path: Path) -> None:
    entrepot: Entrepot = magasin(tmp_path / "donnees", 12, 8, (5, 5))
    with entrepot.open(Portee.mel(), S2) as lecteur:
        ou = contexte(lecteur, S2, ICI)
    tenus = [partie("Décision 3", 2), Texte("Le constat."), Texte("Le texte.", Style.GRAS)]
    table = TableauDePage((), [("Responsable", "MEL")] * 5, (4, 13))
    for n in range(24, 44):  # somewhere in there the page ends between them
        blocs = [*[Texte("Une ligne.")] * n, *tenus, table]
        pages.write(tmp_path / "p.pdf", Ecrit("Relevé", ou, blocs))
        feuilles = [f.get_textpage().get_text_range() for f in pypdfium2.PdfDocument(str(tmp_path / "p.pdf"))]
        (ou_est,) = [f for f in feuilles if "Décision 3" in f]
        assert "Responsable" in ou_est, n
