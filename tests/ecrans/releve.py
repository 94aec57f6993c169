"""Every number of a page of the bilan, each with where it comes from; what comes from nowhere is a fault.

A piece of the page is read by the one rule that knows it. A rule gives the numbers that must be there, in their order,
from the answers of the command line: one number more, one less or another one is a fault that quotes the piece.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from html import unescape
from typing import Any

from mel_core.indicateurs.calcul_indicateurs import SQL
from mel_core.secret.montrer import OCCUPANTS
from mel_core.socle.langue import FINE, INSECABLE
from pages.commun.images.couleurs import rvb
from tests.ecrans.attendus import Attendus
from tests.ecrans.attendus_ruptures import de_la_tendance, ruptures
from tests.ecrans.dessin import (
    CarteLue,
    Dit,
    aretes_publiees,
    elaguer,
    est_carte,
    gabarit,
    lire_carte,
)
from tests.ecrans.reponses import entier, pour_cent
from tests.ecrans.vue import Piece, nombres, tableaux, texte

# What is written on every page whatever the data. Texts of the indicators are fixed too, to the letter: see `fixes`.
FIXES = (
    *("50/50", "20, 40 et 60 %", "sous 40 % du plafond PLUS", "support de 2017", "MEL 2015", "repères 2015"),
    *("à 95 %", "moins de 11 attributions", "12 mois", "du 1er janvier au 31 décembre 2017"),
    "(signée le 17 mars 2017)",
    # The contract's rule (§3), a parameter.
    f"typologie 4 et 3, fragile{FINE}; typologie 2, moyenne{FINE}; typologie 1, sans fragilité",
    "(adoptée le 14 octobre 2016, signée le 17 mars 2017)",
    "article L. 441-1 (loi du 27 janvier 2017 relative à l’égalité et à la citoyenneté)",
    "articles L. 441-1 et L. 441-1-5 (loi du 27 janvier 2017)",
)


class Releve:
    """Read the pieces of one page; `fautes` says in words what could not be traced."""

    def __init__(self, attendus: Attendus, publie: str) -> None:
        self.attendus = attendus
        self.publie = publie
        self.fautes: list[str] = []
        self.n_traces = 0
        self._lectures: list[list[str]] = []  # numbers of the texts that pictures wait for
        self._grille: Any = None
        self._carte: list[Any] = []  # a map, its legend: what its places say comes last
        self._gabarit = gabarit()

    def read(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            self._read(piece)
        attendus = {
            "texte d’un graphique": self._lectures,
            "tableau d’une grille": self._grille,
            "cartouche d’une carte": self._carte,
        }
        for nom, en_attente in attendus.items():
            if en_attente is not None and len(en_attente):
                self.fautes.append(f"le {nom} n’est pas dans la page")

    def _read(self, piece: Piece) -> None:
        zone, contenu = piece.zone or "", piece.contenu
        if zone == "style":  # a style sheet and a script: nothing of it is shown
            return
        if piece.genre == "graphique":
            if est_carte(contenu):
                self._carte.append(lire_carte(contenu))
            else:
                self._graphique(contenu)
        elif piece.genre == "grille":
            self._grille = contenu
        elif piece.genre == "curseur":
            self.require(contenu[0], [])
            self.require(f"curseur {contenu[1]}", [str(self.attendus.pourcent)])
        elif piece.genre == "image d’une carte":  # the same map, kept, beside the legend that is there
            self.require(contenu["titre"], [])
            self.exact("image d’une carte", sorted(contenu), ["dits", "titre"])
            carte, self._carte = self._carte, []
            self._cartouche(*carte, contenu["dits"])
        elif piece.genre == "bornes":
            depart = round(100 * self.attendus.en_vigueur())
            voulues = {"minimum": 0, "maximum": 100, "depart": depart, "unite": f"{FINE}%", "dits": {}}
            self.exact("bornes du levier", contenu, voulues)
        elif zone == "pourquoi":
            self._pourquoi(piece)
        elif zone == "message":
            self.require(contenu, self.attendus.message())
        elif zone == "etat_levier" and piece.genre == "html":
            self.require(texte(contenu), [pour_cent(self.attendus.pourcent / 100)])
        elif zone == "remede" and piece.genre == "code":
            self.require(contenu, ["2017"] if "annee" in contenu else [])
        elif piece.genre == "button" and "Revenir à" in contenu and "%" in contenu:
            self.require(contenu, [pour_cent(self.attendus.synthese()["cible"])])
        elif piece.genre == "html":
            self._html(contenu)
        elif piece.genre == "choix":
            self.require(re.sub(r"ICI \d|Équilibre 50/50", "", str(contenu)), [])
        else:
            self.require(str(contenu), [])

    def _html(self, html: str) -> None:
        if 'class="demande"' in html:
            demande = texte(html[: html.index("</p>")])
            self.require(demande, self.attendus.demande(demande))
            self._html(html[html.index("</p>") + 4 :])
        elif html.startswith('<p class="lu">'):
            for lu in re.findall(r"<p.*?</p>", html, flags=re.S):
                self.require(texte(lu), self._lectures.pop(0) if self._lectures else [])
        elif html.startswith('<div class="cartouche">'):
            self._carte.append(html)
        elif 'class="lieux"' in html:
            lieux, lu, lus = html.partition('<p class="lu">')
            self._lieux(lieux)
            self._html(lu + lus)
        elif 'class="lu"' in html:
            self._tableau(html)
        elif 'class="comparaison"' in html:
            self._cases(tableaux(html), self.attendus.comparaison())
            dites = "".join(re.findall(r'<p class="reserve ruptures">.*?</p>', html))
            self.require(texte(dites), ruptures(self.attendus.nom, self.attendus.reponses.seances))
            html = html.replace(dites, "")
            self.require(re.sub(r"<table>.*?</table>", "", html, flags=re.S), [])
        elif 'class="matrice"' in html:
            self._matrice(html)
        elif 'class="regles"' in html:
            self.require(texte(html), self.attendus.regles())
        elif 'class="reserve"' in html:
            voulus = self.attendus.note() if "plus gros volumes" in html else []
            if "(avant, aucun" in html:
                voulus = de_la_tendance(self.attendus.nom, self.attendus.reponses.tenues)
            self.require(texte(html), voulus)
        elif 'class="millesime"' in html:
            self.require(texte(html).replace(self.publie, ""), [])
        elif 'class="creneau en-cours"' in html:  # what is left of the slot is the clock's
            self.require(texte(re.sub(r"<small>reste \d+\s*min</small>", "", html)), [])
        else:
            self.require(texte(html), [])

    def require(self, lu: str, voulus: list[str]) -> None:
        """The numbers of `lu`, out of names and of what is fixed, are exactly `voulus`."""
        reste = lu.replace(INSECABLE, " ")
        for fixe in (*self.attendus.noms, *self.attendus.fixes, *FIXES):
            # Said as it is, or with the thin space that « Pourquoi ce chiffre ? » puts before its signs.
            reste = reste.replace(fixe, "·").replace(fixe.replace(" %", f"{FINE}%"), "·")
        trouves = nombres(reste)
        if trouves != voulus:
            en_trop = [n for n in trouves if n not in voulus]
            absents = [n for n in voulus if n not in trouves]
            self.fautes.append(
                f"« {' '.join(lu.split())[:300]} » montre {trouves}, la ligne de commande donne {voulus}"
                f" (sans origine : {en_trop}, attendus et absents : {absents})"
            )
        self.n_traces += len(voulus)

    def exact(self, ou: str, lu: Any, voulu: Any) -> None:
        """One value: a number to the last bit but one, a text to the letter."""
        est_nombre = isinstance(voulu, float) and isinstance(lu, int | float)
        egaux = (abs(lu - voulu) <= 1e-9 or (lu != lu and voulu != voulu)) if est_nombre else lu == voulu
        if not egaux:
            self.fautes.append(f"{ou} : la page montre {lu!r}, la ligne de commande donne {voulu!r}")
        self.n_traces += 1

    def _graphique(self, image: dict[str, Any]) -> None:
        """Nothing of the figure is left unread: what it says is what is expected, key by key."""
        self.exact("gabarit", image["layout"]["template"], self._gabarit)
        try:
            attendue, lecture = self.attendus.graphique(image)
        except KeyError as inconnue:
            self._lectures.append([])
            self.fautes.append(f"un graphique montre {inconnue}, que la ligne de commande ne donne pas")
            return
        self._lectures.append(lecture)
        self.compare(f"« {image['titre']} »", elaguer(image), attendue)

    def compare(self, ou: str, lu: Any, voulu: Any) -> None:
        if isinstance(voulu, Dit):
            dit = texte(str(lu)).strip()
            self.require(dit, voulu.nombres)
            if not dit.startswith(voulu.debut):
                self.fautes.append(f"{ou} : « {dit} » ne commence pas par « {voulu.debut} »")
        elif isinstance(voulu, dict) and isinstance(lu, dict):
            self.exact(f"{ou}, ce qui est dit", sorted(lu), sorted(voulu))
            for cle in lu.keys() & voulu.keys():
                self.compare(f"{ou}, {cle}", lu[cle], voulu[cle])
        elif isinstance(voulu, list | tuple) and isinstance(lu, list | tuple) and len(lu) == len(voulu):
            for rang, (un, autre) in enumerate(zip(lu, voulu, strict=True)):
                self.compare(f"{ou}, {rang}", un, autre)
        else:
            self.exact(ou, lu, voulu)

    def _cartouche(self, lue: CarteLue, html: str, dits: dict[str, str]) -> None:
        """The map, with the legend that says its classes, the text that says what is written on it and what each place
        says under the pointer."""
        cartouche, _, suite = html.partition("</div>")
        legende = re.findall(r'<li><span style="background:(#\w+)"></span>(.*?)</li>', unescape(cartouche))
        tons = {nom: rvb(ton) for ton, nom in legende}
        classes, lieux, noms = self.attendus.carte(lue, est_jugee=any("éligibles" in dit for dit in dits.values()))
        self.exact("légende de la carte", sorted(nom for _, nom in legende), sorted(set(classes.values())))
        self.exact("teintes de la légende", len({ton for ton, _ in legende}), len(legende))
        self.require(re.sub(r"<ul>.*</ul>", "", cartouche).replace('<div class="cartouche">', ""), [])
        self.exact("teintes de la carte", lue.remplis, {code: tons.get(classe) for code, classe in classes.items()})
        self.exact("bords de la carte", set(lue.bords) ^ aretes_publiees(classes), set())
        self.compare("lieux de la carte", dits, lieux)
        self.compare("noms de la carte", lue.noms, noms)
        self.exact("noms écrits une fois", len({dit for dit, _, _ in lue.noms}), len(lue.noms))
        self.exact("reste de la carte", lue.reste, {})
        absente, _, lu = suite.partition('<p class="lu">')
        self.require(texte(absente), [])
        self._lu_de_la_carte(texte(lu))

    def _lu_de_la_carte(self, lu: str) -> None:
        _, _, dits = lu.partition(" : Écart à l’objectif : ")
        lus = sorted(dits.strip().split(", "))
        attendus = sorted(f"{nom} {ecart}" for nom, ecart in self.attendus.ecarts("commune").items()) or ["rien"]
        self.exact("texte de la carte", lisse_tout(lus), lisse_tout(attendus))

    def _cases(self, lus: list[Any], voulus: dict[str, list[tuple[str, str, int]]]) -> None:
        """Small bars: their heading, their figure, their length."""
        self.exact("blocs de comparaison", [t.legende for t in lus], list(voulus))
        for tableau in lus:
            rangees = [(nom, dit, style) for (nom, _), (_, style), (dit, _) in _avec_barre(tableau.rangees)]
            attendues = [(nom, dit, f"width:{largeur}%") for nom, dit, largeur in voulus.get(tableau.legende, [])]
            self.exact(f"« {tableau.legende} »", rangees, attendues)

    def _tableau(self, html: str) -> None:
        (tableau,) = tableaux(html)
        tetes, *rangees = [[dit for dit, _ in rangee] for rangee in tableau.rangees]
        grille, self._grille = self._grille, None
        if grille is None or list(grille.columns) != tetes or grille.astype(str).to_numpy().tolist() != rangees:
            self.fautes.append(f"la grille et le tableau lu « {tableau.legende} » ne disent pas la même chose")
        attendues = self.attendus.tableau(tableau.legende)
        if tetes[1] == "Commune":  # a résidence is named with it
            rangees = [[f"{nom} ({commune})", commune, *suite] for nom, commune, *suite in rangees]
        self.exact(f"lignes de « {tableau.legende} »", sorted(r[0] for r in rangees), sorted(attendues))
        for nom, *dits in rangees:
            for tete, dit in zip(tetes[1:], dits, strict=True):
                voulu = attendues.get(nom, {}).get(tete, "colonne ou ligne sans origine")
                if isinstance(voulu, list):
                    self.require(dit, voulu)
                else:
                    self.exact(f"« {tableau.legende} », {nom}, {tete}", dit, voulu)

    def _lieux(self, html: str) -> None:
        for titre, paragraphe in re.findall(r"<strong>(.*?)</strong>(.*?)</p>", html):
            lus = re.findall(r"<span>(.*?) <b>(.*?)</b></span>", unescape(paragraphe))
            if titre == "Demandeurs éligibles":
                attendus = self.attendus.eligibles()
                for nom, combien in lus:
                    self.exact(f"{titre}, {nom}", nombres(combien), [attendus.get(nom)])
                continue
            ecarts = self.attendus.ecarts({"Communes": "commune", "Bailleurs": "bailleur"}[titre])
            n = {"Communes": 4, "Bailleurs": 3}[titre]
            for nom, dit in lus:
                self.exact(f"{titre}, écart de {nom}", lisse_tout([dit]), lisse_tout([ecarts.get(nom, "")]))
            # Of two gaps as large, either comes first.
            dits = [nombres(dit) for _, dit in lus]
            self.exact(f"{titre}, premiers écarts", dits, [nombres(dit) for dit in ecarts.values()][:n])
            autres = nombres(" ".join(re.findall(r"<span>(\d+\s+autres?)</span>", unescape(paragraphe))))
            self.exact(f"{titre}, les autres", autres, [entier(len(ecarts) - n)] if len(ecarts) > n else [])

    def _matrice(self, html: str) -> None:
        (tableau,) = tableaux(html)
        bailleurs = [dit for dit, _ in tableau.rangees[0][1:]]
        attendues = self.attendus.matrice()
        communes = {commune for (commune, _), (dit, _, _) in attendues.items() if dit != "•"}
        self.exact("communes de la matrice", {rangee[0][0] for rangee in tableau.rangees[1:]}, communes)
        for (commune, _), *cases in tableau.rangees[1:]:
            for bailleur, (dit, reste) in zip(bailleurs, cases, strict=True):
                titre, _, style = reste.partition("|")
                voulu, sur, longueur = attendues.get((commune, bailleur), ("", [], ""))
                self.exact(f"case {commune} × {bailleur}", (dit, style), (voulu, longueur))
                self.require(titre, sur)
        self.require(texte(re.sub(r"<table>.*?</table>", "", html, flags=re.S)), [])

    def _pourquoi(self, piece: Piece) -> None:
        contenu = str(piece.contenu)
        if piece.genre == "code" and contenu.startswith("python"):
            reponses, question = self.attendus.reponses, self.attendus.question()
            options = shlex.split(contenu)[3:]
            self.exact("commande affichée", options, reponses.options(*question))
            # The command says the share of the occupants, and not of how many (contract §4).
            cellules = [{c: v for c, v in x.items() if c not in OCCUPANTS} for x in reponses.cellules(*question)]
            self.exact("ce que la commande répond", reponses.commande(options), cellules)
        elif piece.genre == "code":
            sql = "\n".join(x for x in contenu.splitlines() if not x.startswith("--"))
            connues = ["\n".join(x for x in b.splitlines() if not x.startswith("--")) for b in SQL.values()]
            self.exact("requête affichée", any(sql.strip() == c.strip() for c in connues), True)
            bornes = "$debut = 2017-01-01 ; $fin = 2017-12-31 ; $ici = " + (self.attendus.reponses.ici or "toutes")
            self.exact("paramètres de la requête", bornes in contenu, True)
        else:
            for ligne in contenu.splitlines():
                trouve = re.match(r"- \*\*(.+?)\*\* : (.*)", ligne)
                nom, dit = trouve.groups() if trouve else ("", ligne)
                self.require(dit.replace(self.publie, ""), self.attendus.pourquoi(nom))


def _avec_barre(rangees: list[list[tuple[str, str]]]) -> list[list[tuple[str, str]]]:
    """The length of a bar is the style of the mark inside its cell."""
    return [[nom, (barre[0], barre[1].partition("|")[2]), dit] for nom, barre, dit in rangees]


def lisse_tout(dits: Sequence[str]) -> list[str]:
    """With the spaces that a reader sees."""
    return [re.sub(r"\s", " ", dit) for dit in dits]
