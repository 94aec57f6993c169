"""The numbers that a page of the bilan must show, in their order, worked out from the command line's answers."""

from __future__ import annotations

from functools import cached_property
from math import ceil
from typing import Any

from mel_core.indicateurs import INDICATEURS
from mel_core.indicateurs.catalogue import MESURES
from mel_core.indicateurs.definitions import CONVENTIONS, MATRICE, MATRICES, ImageBilan, par
from mel_core.socle.langue import ABSENT, INSECABLE
from tests.ecrans import attendus_couverture, attendus_flux, attendus_images, attendus_objectifs
from tests.ecrans.dessin import CarteLue
from tests.ecrans.reponses import Cellule, Reponses, decimal, ecart_dit, ecart_signe, entier, mois, pour_cent
from tests.ecrans.vue import nombres

CLASSES = ("fragile", "moyenne", "sans", "inconnu")
BANDE = 0.05
# Landmarks of the 2017 presentation, as data/reference/lectures_2015.csv quotes it.
EN_2015 = {"fragile": 0.66, "moyenne": 0.5, "sans": 0.37}
DITES_2015 = {"fragile": "Fragiles", "moyenne": "Moyens", "sans": "Sans fragilité"}
REGLE_LOCALE = {"q1_hors_qpv": "sans", "autres_en_qpv": "fragile"}


class Attendus:
    """One view: an objective (with the target tried, in per cent) or a measure (with its cut)."""

    def __init__(self, reponses: Reponses, code: str, coupe: str = "", pourcent: int = 0) -> None:
        self.reponses, self.code, self.coupe, self.pourcent = reponses, code, coupe, pourcent
        self.mesure = MESURES.get(code)
        self.nom = self.mesure.indicateur if self.mesure else code
        self.synthese_de = self.mesure.indicateur_de_synthese if self.mesure else code

    @cached_property
    def noms(self) -> list[str]:
        """Names of places on the page, the longest first: a digit in a name is no figure."""
        coupes = [self.coupe] if self.mesure and self.coupe != MATRICE else ["commune", "bailleur"]
        if self.coupe in (CONVENTIONS, "enjeu_mixite"):
            coupes.append("bailleur")
        trouves = {nom for coupe in coupes for nom in self.reponses.lignes(self.nom, coupe)}
        trouves |= set(self.reponses.communes_de_l_ici().values())
        return sorted(trouves, key=len, reverse=True)

    @cached_property
    def fixes(self) -> list[str]:
        """What is written of the indicators and of the scope, whatever the data."""
        indicateurs = (INDICATEURS[self.nom], INDICATEURS[self.synthese_de], INDICATEURS["equilibre"])
        textes = {t for i in indicateurs for t in (i.titre, i.definition, i.article, i.source, i.denominateur_dit)}
        return sorted({*textes, *([self.reponses.ici] if self.reponses.ici else [])}, key=len, reverse=True)

    def synthese(self, **ailleurs: Any) -> Cellule:
        """The row that sums the view up: the whole scope, or the cell that it is about."""
        siennes = {
            **{"mutations": ("mutation", "mutation"), "enjeu_mixite": ("enjeu_mixite", "oui")},
            "flux": ("reservataire", "PPRIOR"),
        }
        if self.code not in siennes:
            return self.reponses.une(self.synthese_de, **ailleurs)
        coupe, code = siennes[self.code]
        cellules = self.reponses.cellules(self.synthese_de, coupe, **ailleurs)
        vide: Cellule = {"n": 0, "n_connus": 0, "n_inconnus": 0, "numerateur": 0, "part": None}
        return next((c for c in cellules if c[coupe] == code), vide)

    @property
    def est_sans_seuil(self) -> bool:
        return self.reponses.cellules(self.nom)[0].get("motif") == "seuil_absent"

    def classes(self, etendue: str = "annee") -> dict[str, Cellule]:
        return {c["fragilite"]: c for c in self.reponses.cellules("equilibre", "fragilite", etendue=etendue)}

    # The sentence.

    def message(self) -> list[str]:
        return [*self._constat(), *attendus_couverture.part_inconnue(self)]

    def _constat(self) -> list[str]:
        ligne = self.synthese()
        if self.code == "equilibre":
            return self._message_equilibre()
        if self.est_sans_seuil:
            return ["2017", entier(ligne["n"])]
        debut = [pour_cent(ligne.get("part")), entier(ligne["n_connus"])]
        if self.code == "delais":
            return [entier(ligne["n_connus"]), mois(ligne["mediane_mois"]), mois(ligne["p90_mois"])]
        if self.code == "ressources":
            return [*debut, entier(ligne["n_inconnus"]), entier(ligne["n"])]
        if self.code == "aci_lieux":
            lieux = {c["fragilite_commune"]: c for c in self.reponses.cellules("aci", "fragilite_commune")}
            dites = [lieux[c] for c in CLASSES[:3] if c in lieux and lieux[c]["n_connus"] >= 30]
            return [*debut, *(pour_cent(c["part"]) for c in dites)]
        if self.code == "mutations":
            return [*debut, *self._parts_des_mutations()]
        if self.code == "entrants_occupants":
            de_combien = ecart_dit(ligne["ecart_points"]).lstrip("+\u2212")
            return [*debut, de_combien, pour_cent(ligne["part_occupants"])]
        if self.code == "reservataires":
            return self._message_reservataires()
        if self.code == "enjeu_mixite":
            autres = [c for c in self.reponses.cellules(self.nom, "enjeu_mixite") if c["enjeu_mixite"] == "non"]
            return [*debut, *(pour_cent(c["part"]) for c in autres), pour_cent(ligne["part_occupants"])]
        if self.code == "flux":
            return self._message_flux()
        metropole = self.reponses.une(self.nom, ici=None)
        if self.code == "npru":
            ailleurs = [entier(metropole["numerateur"])] if self.reponses.ici else []
            return [entier(ligne["numerateur"]), entier(ligne["n_connus"]), *ailleurs]
        if ligne["cible"] is not None:
            ecart = [entier(ligne["ecart_attributions"])] if ligne["ecart_attributions"] else []
            but = [] if ligne["verdict"] == "indetermine" else [pour_cent(ligne["cible"])]
            return [*debut, *ecart, *but, *(self._manques() if self.code == "aci" and but else [])]
        return [*debut, *([pour_cent(metropole["part"])] if self.reponses.ici else [])]

    def _manques(self) -> list[str]:
        """What the communes lack, each for itself, then the bailleurs."""
        par_lieu = (self.reponses.cellules("aci", coupe) for coupe in ("commune", "bailleur"))
        return [
            entier(sum(c["ecart_attributions"] for c in lieux if c["sens"] == "manque" and c["n_connus"]))
            for lieux in par_lieu
        ]

    def _message_equilibre(self) -> list[str]:
        connues = [c for nom, c in self.classes().items() if nom != "inconnu" and c["n_connus"]]
        pire = max(connues, key=lambda c: c["ecart_attributions"])
        if not pire["ecart_attributions"]:
            return [pour_cent(pire["cible"]), *(pour_cent(c["part"]) for c in connues)]
        debut = [pour_cent(pire["part"]), entier(pire["n_connus"]), entier(pire["ecart_attributions"])]
        if pire["verdict"] == "indetermine":
            return debut
        if pire["fragilite"] == "moyenne":
            return [*debut, decimal(100 * (pire["cible"] - BANDE), 0), pour_cent(pire["cible"] + BANDE)]
        return [*debut, pour_cent(pire["cible"])]

    def _parts_des_mutations(self) -> list[str]:
        acces = {c["mutation"]: c for c in self.reponses.cellules("equilibre", "mutation")}
        fragiles = [
            c
            for c in self.reponses.cellules("equilibre", "mutation", "fragilite")
            if (c["mutation"], c["fragilite"]) == ("mutation", "fragile") and c["n_connus"] >= 30
        ]
        autres = [acces["premier_acces"]] if "premier_acces" in acces else []
        return [pour_cent(c["part"]) for c in (*autres, *fragiles)]

    def _message_reservataires(self) -> list[str]:
        toutes = {c["reservataire"]: c["n"] for c in self.reponses.cellules("npru", "reservataire")}
        lignes = self.reponses.cellules("aci", "reservataire")
        contingents = [c for c in lignes if c["reservataire"] not in ("AUCUN", "inconnu") and c["n"] >= 11]
        premier = max(contingents, key=lambda c: toutes[c["reservataire"]])
        total = self.reponses.une("npru")["n"]
        debut = [entier(toutes[premier["reservataire"]]), entier(total)]
        suite = [pour_cent(premier["part"]), entier(premier["n_connus"])] if premier["n_connus"] >= 30 else []
        return [*debut, *suite]

    def conventions(self) -> dict[str, list[Cellule]]:
        """Réservataire (name) → its cells that an agreement judges, one by bailleur."""
        jugees: dict[str, list[Cellule]] = {}
        for c in self.reponses.cellules("flux", "bailleur"):
            if c["verdict"]:
                jugees.setdefault(self.reponses.name("reservataire", c), []).append(c)
        return jugees

    def issues(self, cellules: list[Cellule]) -> list[str]:
        """How many are held, how many are not, and the others when there are any."""
        tenus, manques = (sum(c["verdict"] == v for c in cellules) for v in ("atteint", "non_atteint"))
        indecis = len(cellules) - tenus - manques
        return [entier(tenus), entier(manques), *([entier(indecis)] if indecis else [])]

    def _message_flux(self) -> list[str]:
        jugees = self.conventions()
        if not jugees:
            premiere = max(self.reponses.cellules("flux"), key=lambda c: c["numerateur"])
            return [pour_cent(premiere["part"]), entier(premiere["n_connus"])]
        toutes = [c for cs in jugees.values() for c in cs]
        pire = max(sum(c["ecart_attributions"] for c in cs) for cs in jugees.values())
        return [entier(len(toutes)), *self.issues(toutes), *([entier(pire)] if pire else [])]

    # What is behind it.

    def question(self) -> list[str]:
        """The indicator that the page is about, and its cuts."""
        if self.code == "equilibre":
            return ["equilibre", "fragilite"]
        if not self.mesure:
            return [self.code]
        if self.code == "flux":
            return ["flux", "bailleur", "reservataire"]
        return [self.synthese_de if self.coupe == MATRICE else self.nom, *par(self.coupe)]

    def pourquoi(self, nom: str) -> list[str]:
        ligne, ensemble = self.synthese(), self.reponses.cellules(self.nom)[0]
        if nom == "Objectif" and self.code == "flux":  # one line for each place that has its own
            return [entier(len({c["cible_de"] for c in self.reponses.cellules("flux", "bailleur") if c["cible_de"]}))]
        if nom == "Objectif":
            return (
                [
                    pour_cent(
                        next(c["cible"] for c in self.reponses.cellules(self.code, *par("fragilite")) if c["cible"])
                    )
                ]
                if self.code == "equilibre"
                else [pour_cent(ligne["cible"])]
            )
        if nom == "Comptes":
            if self.code == "equilibre":
                classes = self.classes()
                lignes = [classes[c] for c in CLASSES if c in classes]
                return [entier(c[x]) for c in lignes for x in ("numerateur", "n_connus")]
            if self.code == "delais":
                return [entier(ligne["n_connus"]), mois(ligne["mediane_mois"]), mois(ligne["p90_mois"])]
            return [entier(ligne["numerateur"]), entier(ligne["n_connus"])]
        if nom == "Laissées de côté":
            if self.code == "equilibre":
                return [entier(ensemble["n_inconnus"]), entier(self.classes().get("inconnu", {"n": 0})["n"])]
            if self.code == "aci":
                return [entier(ensemble["n_inconnus"])]
            return [] if self.nom == "ressources" else [entier(ensemble["n_inconnus"]), entier(ensemble["n"])]
        return []

    def regles(self) -> list[str]:
        nationale, locale = self.reponses.une(self.nom), self.classes()[REGLE_LOCALE[self.code]]
        assert INDICATEURS[self.nom].depend_du_seuil
        observe = [] if self.est_sans_seuil else [pour_cent(nationale["part"])]
        return [pour_cent(nationale["cible"]), *observe, pour_cent(locale["cible"]), pour_cent(locale["part"])]

    # The lever.

    def ecart(self, cellule: Cellule, classe: str) -> tuple[int, int]:
        """Households in less, in more: in whole numbers, 100·k against p·n, the band five points on each side."""
        k, n, p = 100 * cellule["numerateur"], cellule["n_connus"], self.pourcent
        plafond = {"fragile": p, "moyenne": p + 5}.get(classe, 100)
        plancher = {"sans": p, "moyenne": p - 5, "aci": p}.get(classe, 0)
        if classe == "inconnu":
            return 0, 0
        return max(0, -((plafond * n - k) // 100)), max(0, -((k - plancher * n) // 100))

    def demande(self, lue: str) -> list[str]:
        connus = entier(self.synthese()["n_connus"])
        if self.nom != "equilibre":
            ecarts = [n for n in self.ecart(self.synthese(), "aci")[1:] if n]
            demandees = [entier(ecarts[0]), connus] if ecarts else []
        else:
            classes = self.classes()
            ecarts = [n for c in CLASSES if c in classes for n in self.ecart(classes[c], c) if n]
            demandees = [entier(sum(ecarts)), connus, *map(entier, ecarts)] if ecarts else []
        avant, apres = self.faisabilite(lue) if ecarts and self.simulee else ([], [])
        return [*avant, pour_cent(self.pourcent / 100), *demandees, *apres]

    @cached_property
    def simulee(self) -> dict[str, Any] | None:
        """What `simuler` answers to the same target; none for a rule of the law, which has no simulation."""
        return self.reponses.simuler(self.nom, self.pourcent) if self.nom in ("equilibre", "aci") else None

    def faisabilite(self, lue: str) -> tuple[list[str], list[str]]:
        """What there is to do it and what binds, as `simuler` says it: before what is asked, when impossible; after."""
        demandees = [x for x in self.simulee["resultat"] if x["a_reorienter"]]
        if not any(x["n_eligibles"] for x in demandees) and "aucune demande active" in lue:
            return [], []
        verdict, dite = self.simulee["verdict"], self.simulee["phrase"].replace(INSECABLE, " ")
        for nom in self.noms:
            dite = dite.replace(nom, "·")
        limite, _, suite = dite.partition(". ")
        if est_infaisable := verdict == "infaisable":
            moyens, _, inconnus = suite.partition(". ")[2].partition(".")
        else:
            moyens, _, serree = suite.partition(" : ")
            limite, _, inconnus = serree.partition(".")
        # A bilan is judged on a year. What is begun counts once, over all the cells; binary dust does not.
        libres = [x["n_vacances_an"] for x in demandees if x["n_vacances_an"] is not None]
        n = ceil(round(sum(libres), 6))
        assert nombres(moyens)[0] == entier(n) if n else "aucun logement libéré" in moyens or not libres
        assert {"infaisable": "Infaisable tel quel : "}.get(verdict, f": {verdict}") in " ".join(lue.split())
        fin = [*nombres(moyens), *([] if est_infaisable else nombres(limite)), *nombres(inconnus)]
        return (nombres(limite) if est_infaisable else []), fin

    def eligibles(self) -> dict[str, str]:
        """Commune → its eligible applicants, of each profile that is asked there."""
        par_profil = {
            (x["commune"], x["sens"]): x["n_eligibles"]
            for x in (self.simulee or {"resultat": []})["resultat"]
            if x["a_reorienter"]
        }
        sommes: dict[str, int] = {}
        for (code, _), n in par_profil.items():
            nom = self.reponses.communes_de_l_ici()[code]
            sommes[nom] = sommes.get(nom, 0) + n
        return {nom: entier(n) for nom, n in sommes.items()}

    def ecarts(self, coupe: str) -> dict[str, str]:
        """Line → its own gap, where there is one, the largest first: no lever moves it."""
        lignes = {nom: c for nom, (c,) in self.reponses.lignes(self.nom, coupe).items() if c["ecart_attributions"]}
        dits = {"trop": "{} de trop", "manque": "il en manque {}", None: "écart de {}\u00a0attribution"}
        return {
            nom: dits[c["sens"]].format(entier(c["ecart_attributions"]))
            + ("s" if c["sens"] is None and c["ecart_attributions"] > 1 else "")
            for nom, c in sorted(lignes.items(), key=lambda x: -x[1]["ecart_attributions"])
        }

    # Tables.

    def comparaison(self) -> dict[str, list[tuple[str, str, int]]]:
        if self.mesure and self.mesure.image is ImageBilan.EFFECTIFS:
            champ, say = "numerateur", entier
        elif self.mesure and self.mesure.image is ImageBilan.DELAIS:
            champ, say = "mediane_mois", lambda v: f"{mois(v)}\u00a0mois"
        else:
            champ, say = "part", pour_cent
        seances = [(f"S{s[5]}\u00a0{s[:4]}", self.synthese(seance=s)[champ]) for s in self.reponses.seances]
        seances.append(("ce semestre", self.synthese(etendue="semestre")[champ]))
        icis = [(i, self.synthese(ici=i)[champ]) for i in self.reponses.icis]
        icis.append(("Métropole", self.synthese(ici=None)[champ]))
        blocs = {
            "Séance après séance, 12\u00a0mois": _barres(seances, say),
            "D’une ICI à l’autre, 12\u00a0mois": _barres(icis, say),
        }
        if self.nom in ("ressources", "entrants_occupants") and self.code != "enjeu_mixite":
            en_2015 = [(DITES_2015[c], p) for c, p in EN_2015.items()]
            blocs["MEL 2015 par quartiers, reconstitué"] = _barres(en_2015, pour_cent)
        return blocs

    def tableau(self, legende: str) -> dict[str, dict[str, Any]]:
        """Line → heading → what is written; a list: the numbers that a reading quotes, when it quotes any."""
        coupe = {"Constat par commune": "commune", "Constat par bailleur": "bailleur"}.get(legende, self.coupe)
        if legende == "Résidences à enjeu de mixité":
            return {nom: attendus_flux.residence(c) for nom, c in self.reponses.a_enjeu().items()}
        lignes = self.reponses.lignes(self.nom, coupe)
        if self.mesure:
            return attendus_images.tableau(self, lignes)
        qui = ("Ressources connues", "Ménages modestes")
        connus, numerateur = qui if self.nom == "equilibre" else ("Premier accès, connus", "Ménages ACI")
        return {
            nom: {
                "Attributions": entier(c["n"]),
                connus: entier(c["n_connus"]),
                numerateur: entier(c["numerateur"]),
                "Part": pour_cent(c["part"]),
                "Écart (points)": ecart_dit(c["ecart_points"]),
                "Écart (attributions)": ecart_signe(c),
                "Lecture": [],
            }
            for nom, (c,) in lignes.items()
        }

    def matrice(self) -> dict[tuple[str, str], tuple[str, list[str], str]]:
        """One of each cut → what is written, the numbers under the pointer, the length of the bar."""
        cellules = self.croisees()
        est_effectif = self.code == "npru"
        champ = "numerateur" if est_effectif else "part"
        plafond = max((c[champ] or 0 for c in cellules.values()), default=1) or 1
        cases: dict[tuple[str, str], tuple[str, list[str], str]] = {}
        for ou, c in cellules.items():
            sur = [entier(c["numerateur"]), entier(c["n_connus"])]
            barre = f"--p:{(c[champ] or 0) / plafond:.2f}"
            if est_effectif:
                cases[ou] = (sur[0], sur, barre)
            elif c["part"] is None:
                cases[ou] = ("•", sur, "")
            else:
                cases[ou] = (pour_cent(c["part"], 0), sur, barre if c["n_connus"] >= 30 else "")
        return cases

    def croisees(self) -> dict[tuple[str, str], Cellule]:
        assert self.coupe in MATRICES
        une, autre = par(self.coupe)
        return self.reponses.croisees(self.synthese_de, une, autre)

    def en_vigueur(self) -> float:
        """The target that the lever starts from."""
        lignes = self.reponses.cellules(self.nom, *(("fragilite",) if self.nom == "equilibre" else ()))
        return next(c["cible"] for c in lignes if c["cible"] is not None)

    # Pictures.

    def graphique(self, image: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """What a chart must say, found by its title, then the numbers of the text beside it."""
        if image["titre"] == attendus_objectifs.BARRES:
            return attendus_objectifs.barres(self)
        if image["titre"].endswith(", séance après séance"):
            return attendus_objectifs.tendance(self)
        if image["titre"] == attendus_objectifs.ENTONNOIR:
            return attendus_objectifs.entonnoir(self, image)
        return attendus_images.mesure(self, image)

    def carte(self, lue: CarteLue, **juge: bool) -> tuple[dict[str, str], dict[str, Any], list[tuple[Any, ...]]]:
        return attendus_objectifs.carte(self, lue, **juge)

    def note(self) -> list[str]:
        return ["12", entier(attendus_images.n_dessinables(self))]


def _barres(valeurs: list[tuple[str, float | None]], say: Any) -> list[tuple[str, str, int]]:
    plafond = max((v for _, v in valeurs if v is not None), default=0) or 1
    return [(nom, ABSENT if v is None else say(v), int(decimal(100 * (v or 0) / plafond, 0))) for nom, v in valeurs]
