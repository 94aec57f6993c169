"""One place, one number: the picture of the bilan, its map, its table, the card of the place, the documents and the
command line say the same gap, in the same direction, at a desk and in a room."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from docx import Document
from docx.text.paragraph import Paragraph
from pptx import Presentation

from mel_core.dossier.lignes_dossier import POINTS, PointDuPlan
from mel_core.indicateurs.catalogue import MESURES
from mel_core.indicateurs.definitions import COUPES_DITES, ImageBilan
from mel_core.indicateurs.phrases_constats import say_cote
from mel_core.socle.appellations import FRAGILITES_EN_TETE
from mel_core.socle.langue import FINE, INSECABLE
from pages.commun import donnees
from tests.cli.appel import run
from tests.dossier.test_seance import feuilles
from tests.ecrans import metropole
from tests.ecrans.conftest import served
from tests.ecrans.dessin import est_carte
from tests.ecrans.reponses import entier, pour_cent
from tests.ecrans.vue import Piece, open, tableaux

AVEC_CARTE = [code for code, mesure in MESURES.items() if mesure.a_une_carte]
COUPES = [
    (code, coupe)
    for code, mesure in MESURES.items()
    if mesure.image is ImageBilan.PARTS
    for coupe in ("commune", "bailleur", "quartier")
    if coupe in mesure.coupes and (code, coupe) != ("equilibre", "quartier")  # of many quartiers, counts by side
]
MODES: dict[str, dict[str, str]] = {"au poste": {}, "en Salle": {"salle": "oui"}}
NOMBRE = r"\d+(?: ou moins)?"
Ecarts = dict[str, str]  # place → its gap, as the table writes it: `+16`, `−3`, `+1 −2`, `0`; empty: not said


# Of the whole, and of each place what is its own: the most precise in force is the one that it is held to.
PROPRES = "".join(
    f'[[cibles]]\nindicateur = "{indicateur}"\n{lieu}\nvaleur = {valeur}\ndepuis = 2016-01-01\nsource = "Essai"\n'
    for indicateur, lieu, valeur in (
        ("aci", 'commune = "59512"', 0.40),
        ("aci", 'commune = "59599"\nsens = "plafond"', 0.20),
        ("aci", 'bailleur = "B1"', 0.60),
        ("aci", 'bailleur = "B2"\ncommune = "59512"', 0.55),
        ("droit_commun", "", 0.30),
        ("mutations_bloquees", 'commune = "59512"', 0.10),
    )
)


class Store(NamedTuple):
    """What is served, and the séance that is looked at."""

    dossier: Path
    seance: str


PROPRE, PRECEDENTE, DE_LA_CONVENTION = "objectifs propres", "séance précédente", "objectifs de la convention"
MONDES = {PROPRE: (PROPRES, "2017S2"), PRECEDENTE: ("", "2017S1"), DE_LA_CONVENTION: ("", "2017S2")}


def read_in(*usuels: str) -> pytest.MarkDecorator:
    """The worlds where a test reads: these, and the others in the long run."""
    mondes = [pytest.param(monde, marks=() if monde in usuels else pytest.mark.long) for monde in MONDES]
    return pytest.mark.parametrize("store", mondes, indirect=True, scope="module")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Store]:
    lieu = tmp_path_factory.mktemp("un_nombre")
    objectifs, seance = MONDES[request.param]
    metropole.publish(lieu, *filter(None, [objectifs]))
    with served(lieu):
        yield Store(lieu, seance)
    for lue in (vue, de_la_commande, des_notes, des_diapositives, feuilles_de):  # what was read of it
        lue.cache_clear()


@pytest.fixture(scope="module")
def documents(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    sortie = tmp_path_factory.mktemp("documents")
    run("--dossier-donnees", store.dossier, "dossier", "--seance", store.seance, "--ici", "ICI 2", "--sortie", sortie)
    return sortie


def lisible(dit: str) -> str:
    return re.sub(r"<[^>]+>", "", dit).replace(FINE, " ").replace(INSECABLE, " ").strip()


@cache
def vue(store: Store, mode: str, code: str, **adresse: str) -> list[Piece]:
    """Read once for all the tests that compare it."""
    return open(seance=store.seance, ici="ICI 2", objectif=code, **adresse, **MODES[mode])


def signe(dit: str) -> str:
    """`16 de trop` → `+16`; `1 de trop et 12 ou moins en manque` → `+1 −12 ou moins`; what is neither: empty or 0."""
    if tous := re.fullmatch(f"({NOMBRE}) de trop et ({NOMBRE}) en manque", dit):
        return f"+{tous[1]} −{tous[2]}"
    if trop := re.fullmatch(r"(\d+) de trop", dit):
        return f"+{trop[1]}"
    if manque := re.fullmatch(r"il en manque (\d+)", dit):
        return f"−{manque[1]}"
    return "0" if dit in ("objectif tenu", "aucun écart") else ""


def figure(pieces: list[Piece]) -> dict[str, Any]:
    (image,) = [p.contenu for p in pieces if p.genre == "graphique" and not est_carte(p.contenu)]
    return image


def dessines(image: dict[str, Any]) -> Ecarts:
    """What is written beside the mark of each line."""
    (dits,) = [t["text"] for t in image["data"] if t.get("mode") == "text"]
    (symboles,) = [
        t["marker"]["symbol"]
        for t in image["data"]
        if t.get("mode") == "markers" and isinstance(t["marker"]["symbol"], list)
    ]
    entiers = redits([*map(lisible, dits)], symboles)
    return dict(zip(map(lisible, image["layout"]["yaxis"]["ticktext"]), entiers, strict=True))


def redits(dits: list[str], symboles: list[str]) -> list[str]:
    """In whole words what is read of several lines of one mark: `115 de trop`, then `40`."""
    entiers: dict[str, str] = {}
    lus = []
    for dit, symbole in zip(dits, symboles, strict=True):
        if re.fullmatch(f"{NOMBRE}( et {NOMBRE})?", dit):
            nombres = iter(dit.split(" et "))
            dit = re.sub(NOMBRE, lambda _: next(nombres), entiers[symbole])  # noqa: B023
        entiers[symbole] = dit
        lus.append(dit)
    return lus


def tabules(pieces: list[Piece]) -> Ecarts:
    (table,) = [t for p in pieces if 'class="lu"' in str(p.contenu) for t in tableaux(str(p.contenu)) if t.rangees]
    tetes = [case[0] for case in table.rangees[0]]
    rang = tetes.index("Écart (attributions)")
    return {lisible(r[0][0]): lisible(r[rang][0]) for r in table.rangees[1:]}


@cache  # the same questions are asked of each way to read them
def de_la_commande(store: Store, code: str, coupe: str, mode: str) -> dict[str, dict[str, Any]]:
    audience = ("--audience", "salle") if mode == "en Salle" else ()
    options = ("--seance", store.seance, "--periode", "annee", "--ici", "ICI 2", "--par", coupe, *audience)
    indicateur = MESURES[code].indicateur
    lues = json.loads(run("--dossier-donnees", store.dossier, "indicateur", indicateur, *options).stdout)
    return {"|".join(c[cle] for cle in coupe.split(",")): c for c in lues}


def ecart_lu(cellule: dict[str, Any]) -> str:
    """The gap that the command line answers; empty where it is not said."""
    n, sens = cellule["ecart_attributions"], cellule["sens"]
    if n is None:
        return ""
    if n == 0:
        return "0"
    if sens:
        return ("+" if sens == "trop" else "−") + str(n)
    return f"+{cellule['n_trop']} −{cellule['n_manque']}"


@read_in(PROPRE, PRECEDENTE)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("code", "coupe"), COUPES)
def test_the_picture_the_table_and_the_command_line_say_one_gap_of_each_place(
    store: Store, code: str, coupe: str, mode: str
) -> None:
    pieces = vue(store, mode, code, coupe=coupe)
    if not any(p.genre == "graphique" for p in pieces):
        assert mode == "en Salle"  # of so few, nothing is drawn
        return
    marques = dessines(figure(pieces))
    assert marques
    cellules = de_la_commande(store, code, coupe, mode)
    lus = sorted(ecart_lu(c) for c in cellules.values() if c["cible"] is not None)
    if not lus:  # nothing is aimed at: the mark says the share
        parts = {lisible(f"{pour_cent(c['part'])} de {entier(c['n_connus'])}") for c in cellules.values()}
        assert set(marques.values()) <= parts
        return
    table = tabules(pieces)
    for nom, dit in marques.items():
        if signe(dit) == "0":  # of a room, none is not told from few in a table
            assert table[nom] in ("0", *(["12 ou moins"] if mode == "en Salle" else [])), nom
        elif signe(dit):
            assert table[nom] == signe(dit), nom
    # And each of the table is one of the command line's, none left: of a place without an objective, nothing.
    dits = sorted(dit if re.search(r"\d", dit) and "ou moins" not in dit else "" for dit in table.values())
    sans = [""] * sum(c["cible"] is None for c in cellules.values())
    assert dits in (lus, sorted([*lus, *sans]))


@read_in(PROPRE, PRECEDENTE)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("code", AVEC_CARTE)
def test_the_map_says_what_the_picture_says(store: Store, code: str, mode: str) -> None:
    pieces = vue(store, mode, code, coupe="commune")
    marques = {nom: signe(dit) for nom, dit in dessines(figure(pieces)).items()}
    carte = vue(store, mode, code, coupe="carte")
    (dessin,) = [p.contenu for p in carte if p.genre == "graphique" and est_carte(p.contenu)]
    (noms,) = [couche["data"] for couche in dessin["layers"] if couche["id"] == "noms"]
    for ecrit in noms:
        nom, dit = ecrit["dit"].split("\n", 1)
        dit = dit.replace("\n", " et ")
        assert signe(dit) == marques[nom], nom
        assert signe(dit) not in ("", "0"), nom  # a name without a number says nothing
    # Under the pointer, each place of the map says the same at the end.
    (sous_le_curseur,) = [p.contenu["dits"] for p in carte if p.genre == "image d’une carte"]
    for dit in map(lisible, sous_le_curseur.values()):
        nom, fin = dit.partition(" : ")[0], dit.rpartition(" ; ")[2]
        if signe(fin):
            assert signe(fin) == marques[nom], nom


def du_lieu(store: Store, mode: str, code: str) -> tuple[dict[str, str], Ecarts, dict[str, str]]:
    """What the card of a place says in its sentence, by measure, then at the end of each line of its picture, then
    beside its mark there."""
    pieces = vue(store, mode, "equilibre", fiche=code)
    phrase = lisible(next(str(p.contenu) for p in pieces if p.zone == "message" and p.genre == "markdown"))
    fin = "**équilibre 50/50**" + phrase.partition("**équilibre 50/50**")[2].removesuffix(".")
    if tous := re.match(r"\*\*équilibre 50/50\*\* et \*\*ACI( [^*]+)?\*\* ", fin):
        dits = dict.fromkeys(AVEC_CARTE, fin[tous.end() :])
    else:
        dits = dict(zip(AVEC_CARTE, (dit.split("** ", 1)[1] for dit in fin.split(" ; ")), strict=True))
    graphiques = [p.contenu for p in pieces if p.genre == "graphique"]
    if not graphiques:
        return dits, {}, {}
    axes = graphiques[0]["layout"]
    noms, valeurs = ([*map(lisible, axes[axe]["ticktext"])] for axe in ("yaxis", "yaxis2"))
    (parts,) = [t["text"] for t in graphiques[0]["data"] if t.get("mode") == "text"]
    return dits, dict(zip(noms, valeurs, strict=True)), dict(zip(noms, map(lisible, parts), strict=True))


def signe_dit(dit: str) -> str:
    """`au-dessus : **16** de trop` → `+16`."""
    dit = dit.replace("**", "").partition(" (")[0]
    return "0" if dit in ("à l’objectif", "aucun écart") else signe(dit.rpartition(" : ")[2])


def noms_de(store: Store, coupe: str) -> dict[str, str]:
    return donnees.noms(donnees.instantane().identifiant, store.seance, coupe)


def verify_cards(store: Store, coupe: str, mode: str, combien: int) -> int:
    """The cards of so many places, those of most attributions first: how many gaps they say."""
    cellules = {code: de_la_commande(store, code, coupe, mode) for code in AVEC_CARTE}
    classes = de_la_commande(store, "equilibre", f"{coupe},fragilite", mode)
    marques = {code: dessines(figure(vue(store, mode, code, coupe=coupe))) for code in AVEC_CARTE}
    noms = noms_de(store, coupe)
    servis = sorted(cellules["equilibre"], key=lambda lieu: -(cellules["equilibre"][lieu]["n"] or 0))
    n_dits = 0
    for lieu in servis[:combien]:
        nom, (phrase, bouts, parts) = noms[lieu], du_lieu(store, mode, lieu)
        for code in AVEC_CARTE:
            c, dit = cellules[code][lieu], phrase[code]
            lu = ecart_lu(c)
            n_dits += bool(re.search(r"\d", signe_dit(dit)))
            if nom in marques[code]:
                assert signe_dit(dit) == signe(marques[code][nom]), (nom, code, dit)
            if c["sens"] and lu:
                assert signe_dit(dit) == lu, (nom, code, dit)
            elif c.get("cote") and not lu:
                assert say_cote(c["cote"], "") in dit or dit == "à l’objectif", (nom, code, dit)
            elif not lu:
                assert dit in ("trop peu pour le dire", "inconnu", "sans objectif"), (nom, code, dit)
        assert ("ACI en premier accès" in bouts) == (cellules["aci"][lieu]["part"] is not None), nom
        for code, titre in (("aci", "ACI en premier accès"), ("equilibre", "Équilibre 50/50")):
            if titre in bouts:  # its share is said: on how many, beside the mark
                assert signe(bouts.pop(titre)) == signe_dit(phrase[code]), nom
                c = cellules[code][lieu]
                assert parts[titre] == lisible(f"{pour_cent(c['part'])} de {entier(c['n_connus'])}"), nom
        for titre, dit in bouts.items():
            (c,) = [x for x in classes.values() if x[coupe] == lieu and FRAGILITES_EN_TETE[x["fragilite"]] == titre]
            assert signe(dit) in ("", "0", ecart_lu(c)), (nom, titre)
            n_dits += bool(re.search(r"\d", dit))
    return n_dits


@read_in(PROPRE, PRECEDENTE)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("coupe", ["commune", "bailleur"])
def test_the_card_of_a_place_says_the_gap_of_the_picture_and_of_the_command_line(
    store: Store, coupe: str, mode: str
) -> None:
    assert verify_cards(store, coupe, mode, 20) > 2 or mode == "en Salle"  # of so few: see `test_fiche`


@read_in(PROPRE, PRECEDENTE)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("code", ["equilibre", "aci"])
def test_the_sentence_of_the_communes_names_the_first_of_the_picture_with_its_number(
    store: Store, code: str, mode: str
) -> None:
    pieces = vue(store, mode, code, coupe="carte")
    phrase = lisible(next(str(p.contenu) for p in pieces if p.zone == "message" and p.genre == "markdown"))
    marques = dessines(figure(vue(store, mode, code, coupe="commune")))
    if trouve := re.search(r"\*\*(.+?)\*\* est la commune la plus loin .* : (.+?)(?: ;|\.$)", phrase):
        assert next(iter(marques.items())) == (trouve[1], trouve[2].replace("**", ""))
    else:
        assert mode == "en Salle"  # where no gap is said


feuilles_de = cache(feuilles)


@cache
def des_notes(chemin: Path) -> dict[str, list[list[str]]]:
    """Of the note, each table under its heading."""
    titre, trouves = "", {}
    note = Document(str(chemin))
    for bloc in note.iter_inner_content():
        if isinstance(bloc, Paragraph):
            titre = bloc.text if bloc.style and str(bloc.style.name).startswith("Heading") else titre
        else:
            trouves[titre] = [[lisible(case.text) for case in rangee.cells] for rangee in bloc.rows]
    return trouves


POINTS_A_OBJECTIF = [p for p in POINTS if p.par in (("commune",), ("bailleur",)) and p.image is ImageBilan.PARTS]


@read_in(PROPRE)
@pytest.mark.parametrize("point", POINTS_A_OBJECTIF, ids=lambda p: f"{p.mesure.code}-{p.coupe}")
def test_the_documents_say_the_gap_of_the_command_line(store: Store, documents: Path, point: PointDuPlan) -> None:
    """Those of several as a room reads them, and the workbook of a place, its own exactly."""
    noms = noms_de(store, point.coupe)
    dites, exactes = (de_la_commande(store, point.mesure.code, point.coupe, mode) for mode in ("en Salle", "au poste"))
    (chemin,), (note,) = documents.glob("classeur-*.xlsx"), documents.glob("note-*.docx")
    tetes, *rangees = des_notes(note).get(point.titre, [[]])
    dans_la_note = {r[0]: r[tetes.index("Écart")] for r in rangees} if "Écart" in tetes else {}
    for ligne in feuilles_de(chemin).get(point.onglet, []):
        (code,) = [c for c, nom in noms.items() if nom == ligne[COUPES_DITES[point.coupe][1]]]
        lu = ecart_lu(dites[code])
        ecrit = ligne.get("Écart (attributions)", "")
        assert (str(int(ecrit)) if isinstance(ecrit, float) else "") == lu.lstrip("+−"), noms[code]
        if dans_la_note:
            dit = dans_la_note[noms[code]]
            assert (dit if re.search(r"\d", dit) and "ou moins" not in dit else "") == lu, noms[code]
    for chemin in (documents / f"{point.coupe}s").glob("*.xlsx"):
        for ligne in feuilles_de(chemin).get(point.onglet, []):
            (code,) = [c for c, nom in noms.items() if nom == ligne[COUPES_DITES[point.coupe][1]]]
            n, sens = ligne.get("Écart (attributions)", ""), ligne.get("Sens de l’écart", "")
            signes = {"de trop": "+", "il en manque": "−"}
            lu = "" if n == "" else f"{signes.get(sens, '')}{int(n)}"
            assert lu == ecart_lu(exactes[code]).partition(" ")[0], noms[code]


@cache
def des_diapositives(chemin: Path) -> dict[str, dict[str, dict[str, float | None]]]:
    """Of each native chart of the diaporama: series → line as it is named → value."""
    trouves = {}
    for diapositive in Presentation(str(chemin)).slides:
        textes = [f.text_frame.text for f in diapositive.shapes if f.has_text_frame]
        titre = next((t.removeprefix("ICI 2 · 9h30 · ") for t in textes if t.startswith("ICI 2 · 9h30 · ")), "")
        for forme in diapositive.shapes:
            if forme.has_chart:
                (trace,) = forme.chart.plots
                lignes = [lisible(str(nom)) for nom in trace.categories]
                trouves[titre] = {s.name: dict(zip(lignes, s.values, strict=True)) for s in trace.series}
    return trouves


@read_in(PROPRE)
@pytest.mark.parametrize(
    ("code", "coupe"), [(c, coupe) for c, coupe in COUPES if coupe != "quartier"], ids=lambda mot: mot
)
def test_the_charts_of_the_diaporama_say_the_share_of_the_command_line(
    store: Store, documents: Path, code: str, coupe: str
) -> None:
    """A chart counts places by side where a single one has its share said."""
    (chemin,) = documents.glob("*.pptx")
    titre = f"{MESURES[code].titre} : {COUPES_DITES[coupe][0].lower()}"
    series = des_diapositives(chemin).get(titre, {})
    cellules, noms = de_la_commande(store, code, coupe, "en Salle"), noms_de(store, coupe)
    dites = {f"{noms[lieu]} (n = {entier(c['n_connus'])})": c for lieu, c in cellules.items() if c["n_connus"]}
    for ligne, part in series.get("Part constatée", {}).items():
        assert part == dites[ligne]["part"], ligne
    for ligne, cible in series.get("Objectif", {}).items():
        assert cible == dites[ligne]["cible"], ligne
    # What is not drawn is what a room is not told; the other measures are messages of no day by default.
    dessinables = {nom for nom, c in dites.items() if c["part"] is not None}
    est_du_jour = code in ("equilibre", "aci") and len(dessinables) > 1
    assert set(series.get("Part constatée", {})) == (dessinables if est_du_jour else set())
