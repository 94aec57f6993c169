"""`python -m tests.attaquant.preuves --donnees D --ici "ICI 2" [--traits 1] [--moi commune=59512]`: what the evidence
of the 10h30 gives back in Salle.

The blocages heard: those of the agenda, those that detection finds, and those that could be: every commune and
quartier, `--residences` drawn, for everybody; every commune for every profile of `--traits` traits at the most. Of
each, all that its page says: counts, shares, medians and tensions that are said or not, the réservataire that is named,
motives, and the indicators that may tell. Three worlds: `attributions`, where the bilan is heard too (measures × cuts ×
windows); `demandes`, by sector, with the segments of its commune; `passages`, by sector. `--moi`: its own counts too.

What it is given that no line says. *The exact counts of the classes of fragilité*, for a screen tells them: the lever
of the bilan rounds what a target asks of each of them at a hundred positions, which leave one pair of counts
(`--sans-levier`: without). *Which résidences are served in a semester, and in which typologies*: the bilan has a line
for each, and their dwellings are public. *Not which crossings hold nobody*, of whom, of which réservataire: no screen,
document or payload says it, a nought being « 12 ou moins » like a one. In a résidence, as most are there but for one
trait, somebody may be (`voisines`); the other crossings that hold nobody are still given, more than is told, for the
programs would be too long. *Not the réservataire of a few*, who is not named. Of nobody, a figure that may tell is a
dash: that there is somebody is heard there, and of each line of the bilan.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.entrepot.perimetre import seances
from mel_core.indicateurs import catalogue
from mel_core.journal import Journal
from mel_core.seance.coordination import blocages
from mel_core.seance.preuves import Preuve, ProfilBlocage, Secteur, detect, gather, secteur_et_profil
from mel_core.seance.preuves.dits import Dit
from mel_core.seance.preuves.secteur import RESERVATAIRES
from mel_core.secret.bail import SALLE, Audience
from mel_core.secret.montrer import RegleDiffusion
from mel_core.segments import SEGMENTS
from mel_core.socle.periodes import Periode, Seance
from tests.attaquant.faits import CERCLES, CHAMPS, Faits, a_le_profil, nommer, profils, sortes_de_passages
from tests.attaquant.lieux import Attaque, Cellules
from tests.attaquant.mondes import LABELS, MONDES, Monde, connus, population, porteurs
from tests.attaquant.programme import REGLE, Entendus, add_options, compte, cote_a_cote, voisines
from tests.lecteurs import lue_par

MONDE = Monde(
    (
        *("commune", "quartier", "residence", "fragilite", "fragilite_commune", "territoire", "bailleur"),
        *("typologie", "reservataire"),
    ),
    (*LABELS, "classe"),
    (*MONDES["classes"].indicateurs, *MONDES["labels"].indicateurs),
    ("flux",),
    est_fin=True,
)  # fmt: skip
TEMOINS = tuple(nom for nom in catalogue.TEMOINS if nom in MONDE.indicateurs)
DEMI = 0.5  # a tension is said to the unit
Blocage = tuple[Secteur, ProfilBlocage]


def atomes(cellules: Cellules) -> pd.DataFrame:
    """One row per unknown: where, when (`semestre`: its rank), whom, how many truly (`n`)."""
    i, j, k = np.nonzero(cellules.rang >= 0)
    lues = [cellules.places.iloc[i].reset_index(drop=True), cellules.sortes.iloc[k].reset_index(drop=True)]
    return pd.concat(lues, axis=1).assign(semestre=j, n=cellules.vrais)


def possibles(faits: Faits, options: argparse.Namespace) -> Iterator[Blocage]:
    p = faits.perimetre[faits.perimetre["ici"] == faits.ici]
    residences = sorted(p[p["quoi"] == "residence"]["code"])
    tirees = random.Random(options.graine).sample(residences, min(options.residences, len(residences)))
    yield from ((Secteur(faits.ici, residences=(code,)), ProfilBlocage()) for code in tirees)
    for quoi, code in p[["quoi", "code"]].itertuples(index=False):
        if quoi == "commune":
            yield from ((Secteur(faits.ici, communes=(code,)), profil) for profil in profils(options.traits))
        elif quoi == "quartier":
            yield Secteur(faits.ici, quartiers=(code,)), ProfilBlocage()


@dataclass
class Oreille:
    """What the pages of the blocages of one séance say. `an`: which attributions are of its 12 months."""

    faits: Faits
    atomes: pd.DataFrame
    attributions: Entendus
    an: np.ndarray
    demandes: dict[tuple[str, ...], tuple[pd.DataFrame, Entendus]] = field(default_factory=dict)
    passages: dict[Secteur, tuple[pd.DataFrame, Entendus]] = field(default_factory=dict)
    de_l_ici: set[ProfilBlocage] = field(default_factory=set)
    moi: tuple[str, str] = ("", "")

    def hear(self, dits: list[Blocage]) -> None:
        par_secteur: dict[Secteur, list[ProfilBlocage]] = {}
        for secteur, profil in dict.fromkeys(dits):
            par_secteur.setdefault(secteur, []).append(profil)
        for secteur, siens in par_secteur.items():
            communes = self.faits.lieu(secteur, ProfilBlocage()).communes
            demandes = self.demandes.setdefault(communes, self.demandes.get(communes) or self._demandes_de(communes))
            passages = self.passages[secteur] = self._passages_de(secteur)
            for profil in siens:
                constats = self.faits.constats(secteur, profil)
                nom = f"{'+'.join((*secteur.communes, *secteur.quartiers, *secteur.residences))} {nommer(profil)}"
                self._attributions(secteur, profil, constats, nom)
                self._demandes(profil, constats, nom, *demandes)
                self._passages(profil, constats, nom, *passages)

    def _demandes_de(self, communes: tuple[str, ...]) -> tuple[pd.DataFrame, Entendus]:
        """Those that want them, what tells none apart put together."""
        f, (cle, code) = self.faits, self.moi
        voulues = f.voulues(communes)
        siennes = f.demandes.drop(columns=["ligne", "anciennete_mois", "pseudonyme"]).assign(souhaits=voulues)
        est_mienne = f.souhaits[code] if cle == "commune" and code in f.souhaits else False
        groupes, entendus = _grouper(siennes.assign(est_mienne=est_mienne)[voulues > 0])
        if len(communes) == 1:  # the orientations count each segment by commune wanted
            for segment in SEGMENTS:
                entendus.hear_vrai(groupes[segment].to_numpy(dtype=bool), f"{communes[0]} {segment}")
        return groupes, entendus

    def _passages_de(self, secteur: Secteur) -> tuple[pd.DataFrame, Entendus]:
        f, (cle, code) = self.faits, self.moi
        siens = f.passages[f.ou(f.passages, secteur)]
        suites = ["decision", "est_rang_1", "est_refuse"]
        lus = siens[[*suites, "motif_refus"]].assign(est_mienne=siens[cle] == code if cle in siens else False)
        for champ, codes in CHAMPS.items():
            lus[champ] = ["+".join(np.array(list(codes))[x]) for x in siens[list(codes)].to_numpy(dtype=bool)]
        lus = lus.astype(object).fillna("")
        autres = voisines(lus, [*suites, "est_mienne"], ["motif_refus", *CHAMPS])
        groupes, entendus = _grouper(lus, autres)
        portes = {code: [code in x.split("+") for x in groupes[c]] for c, codes in CHAMPS.items() for code in codes}
        return groupes.assign(**portes), entendus

    def _attributions(self, secteur: Secteur, profil: ProfilBlocage, constats: dict[str, Preuve], nom: str) -> None:
        a, e = self.atomes, self.attributions
        sont = self.an & a_le_profil(a, profil, "attributions")
        # What the ICI says of a profile is the same whatever the sector.
        for cercle in CERCLES if profil not in self.de_l_ici else CERCLES[:1]:
            la = sont & (self.faits.ou(a, secteur) if cercle == "secteur" else self.an)
            regle = lue_par(SALLE, constats["flux"].lieu.pour).regle if cercle == "secteur" else REGLE
            flux, delai, contingent, tension = (
                lue_par(SALLE, constats[c].read, cercle) for c in ("flux", "delai", "contingent", "tension")
            )
            if flux is not None:
                e.hear(la, flux.compte, constats["flux"].effectifs[cercle][0], f"{nom} flux", regle)
            _assez(e, la, delai)
            if contingent is not None:
                self._contingent(la, cercle, contingent, constats["contingent"], nom, regle)
            if tension is not None and tension.est_dit:  # so many demandes, to the nearest five, for each of them
                bas, haut = tension.compte.au_plus - regle.base // 2, tension.compte.au_plus + regle.base // 2
                rangs, moins = np.flatnonzero(la).tolist(), tension.valeur - DEMI
                e.lignes.append(compte(rangs, bas / (tension.valeur + DEMI), haut / moins if moins > 0 else np.inf))
        self.de_l_ici.add(profil)
        if profil.ressources is None and profil.label is None and not secteur.residences:
            self._temoins(sont & self.faits.ou(a, secteur), profil, nom)

    def _contingent(
        self, la: np.ndarray, cercle: str, dit: Dit, constat: Preuve, nom: str, regle: RegleDiffusion
    ) -> None:
        """How many are of the first réservataire, which is named when they are not few."""
        codes = self.atomes["reservataire"].to_numpy()
        sus, e = la & (codes != "inconnu"), self.attributions
        k, total = constat.effectifs[cercle]
        par_code = {c: int(e.n[sus & (codes == c)].sum()) for c in sorted(set(codes[sus]))}
        premier = next((c for c in par_code if RESERVATAIRES.get(c, c) == constat.quoi), None)
        if premier is None:
            return
        assert par_code[premier] == k, (nom, cercle)
        e.hear(sus, dit.total, total, f"{nom} contingent, connus", regle)
        if dit.total.est_tu:  # it is not named
            e.aim(sus & (codes == premier), f"{nom} contingent {premier}")
            e.aim(sus & (codes != premier), f"{nom} autres que {premier}")
            return
        e.hear(sus & (codes == premier), dit.compte, k, f"{nom} contingent {premier}", regle)
        des = REGLE.part_des if not constat.lieu.qui else REGLE.classe_des
        e.hear_part(sus & (codes == premier), sus, dit.valeur, f"{nom} autres que {premier}", des=des, regle=regle)
        if cercle == "secteur":
            for autre in (c for c in par_code if c != premier):
                e.hear_plus(sus & (codes == premier), sus & (codes == autre))

    def _temoins(self, la: np.ndarray, profil: ProfilBlocage, nom: str) -> None:
        """The indicators that may tell whether a decision works, there and of as much of the profile as cuts them."""
        a, e = self.atomes, self.attributions
        for indicateur in TEMOINS:
            sus, avec = la & connus(a, indicateur), la & porteurs(a, indicateur, {})
            n, k = int(e.n[sus].sum()), int(e.n[avec].sum())
            if not n or not (la & population(a, indicateur)).any():
                continue
            part = SALLE.part(k, n, est_classe=profil != ProfilBlocage())
            e.hear(sus, SALLE.compte(n), n, f"{nom} témoin {indicateur} connus")
            e.lignes.append(compte(np.flatnonzero(sus).tolist(), 1, np.inf))  # of nobody, it is a dash
            e.hear(avec, SALLE.compte(k) if pd.notna(part) else None, k, f"{nom} témoin {indicateur}")
            e.hear_part(
                avec, sus, part, f"{nom} témoin {indicateur} complément", est_dite_si_elle_peut=True, des=_des(profil)
            )

    def _demandes(
        self, profil: ProfilBlocage, constats: dict[str, Preuve], nom: str, groupes: pd.DataFrame, e: Entendus
    ) -> None:
        sont = a_le_profil(groupes, profil, "demandes")
        demande, attente, tension, age = (
            lue_par(SALLE, constats[c].read, "secteur") for c in ("demande", "attente", "tension", "anciennete")
        )
        if demande is not None:
            e.hear(sont, demande.compte, constats["demande"].effectifs["secteur"][0], f"{nom} demande")
        _assez(e, sont, age)
        if attente is not None:
            k, _ = constats["attente"].effectifs["secteur"]
            attendent = sont & groupes["est_en_attente"].to_numpy(dtype=bool)
            e.hear(attendent, attente.compte, k, f"{nom} attente")
            e.hear_part(
                attendent, sont, attente.valeur, f"{nom} n’attendent pas", est_dite_si_elle_peut=True, des=_des(profil)
            )
        if tension is not None and tension.est_dit:
            bas, haut = tension.total.au_plus - REGLE.base // 2, tension.total.au_plus + REGLE.base // 2
            poids = {int(i): float(groupes["souhaits"][i]) for i in np.flatnonzero(sont)}
            e.hear_poids(poids, max(0, bas * (tension.valeur - DEMI)), haut * (tension.valeur + DEMI))
        if profil != ProfilBlocage():
            e.aim(~sont, f"{nom} les autres demandes")

    def _passages(
        self, profil: ProfilBlocage, constats: dict[str, Preuve], nom: str, groupes: pd.DataFrame, e: Entendus
    ) -> None:
        if self.faits.sont_effaces:
            return
        sont, sortes = a_le_profil(groupes, profil, "passages"), sortes_de_passages(groupes)
        regle = lue_par(SALLE, constats["passages"].lieu.pour).regle
        passages = lue_par(SALLE, constats["passages"].read, "secteur")
        if passages is not None:
            e.hear(sont, passages.compte, constats["passages"].effectifs["secteur"][0], f"{nom} passages", regle)
        for mesure, avec, tous in (
            ("refus_rang_1", "n_rang_1_refuses", "n_rang_1"),
            ("non_attribution", "n_non_attribues", "n_decisions"),
        ):
            dit = lue_par(SALLE, constats[mesure].read, "secteur")
            if dit is not None:
                k, n = constats[mesure].effectifs["secteur"]
                e.hear(sont & sortes[tous], dit.total, n, f"{nom} {tous}", regle)
                e.hear(sont & sortes[avec], dit.compte, k, f"{nom} {avec}", regle)
                e.hear_part(
                    sont & sortes[avec], sont & sortes[tous], dit.valeur, f"{nom} {mesure} complément",
                    est_dite_si_elle_peut=True, des=_des(profil), regle=regle,
                )  # fmt: skip
        self._motifs(sont & sortes["n_refus"], nom, groupes, e, lue_par(SALLE, constats["passages"].lieu.pour))
        if profil != ProfilBlocage():
            e.aim(~sont, f"{nom} les autres passages")

    def _motifs(self, refuses: np.ndarray, nom: str, groupes: pd.DataFrame, e: Entendus, salle: Audience) -> None:
        motifs = groupes["motif_refus"].replace("", "inconnu").to_numpy()
        comptes = {m: int(e.n[refuses & (motifs == m)].sum()) for m in sorted(set(motifs[refuses]))}
        total, des = sum(comptes.values()), REGLE.classe_des if salle.par else REGLE.part_des
        for motif, n in comptes.items():
            la = refuses & (motifs == motif)
            dit, part = salle.compte(n), salle.part(n, total, est_classe=bool(salle.par))
            if dit.est_tu or (salle.par and pd.isna(part)):
                e.aim(la, f"{nom} motif {motif}")
                continue
            e.hear(la, dit if pd.isna(part) else None, n, f"{nom} motif {motif}", salle.regle)
            e.hear_part(la, refuses, part, f"{nom} motifs autres que {motif}", des=des, regle=salle.regle)
            if pd.isna(part) and total >= des:
                e.lignes.append(compte(np.flatnonzero(refuses & ~la).tolist(), 0, salle.regle.tus))


def _grouper(lignes: pd.DataFrame, autres: pd.DataFrame | None = None) -> tuple[pd.DataFrame, Entendus]:
    """One row per kind, `n` how many of it (none of `autres`), and the world where they are the unknowns."""
    groupes = lignes.astype(object).fillna("").groupby(list(lignes), as_index=False).size()
    groupes = groupes.rename(columns={"size": "n"})
    if autres is not None:
        groupes = pd.concat([groupes, autres.assign(n=0)]).drop_duplicates(list(lignes), ignore_index=True)
    return groupes, Entendus(groupes["n"].to_numpy(dtype=int), dit_la=False)


def _des(profil: ProfilBlocage) -> int:
    """From how many known a share is said: of all, or of a profile among them."""
    return REGLE.part_des if profil == ProfilBlocage() else REGLE.classe_des


def _assez(e: Entendus, la: np.ndarray, dit: Dit | None) -> None:
    """A median is said, or not."""
    if dit is not None:
        assez = REGLE.cote_des
        e.lignes.append(compte(np.flatnonzero(la).tolist(), *((assez, np.inf) if dit.est_dit else (0, assez - 1))))


def _verifier(lecteur: Lecteur, periode: Periode, faits: Faits, dits: list[Blocage]) -> None:
    """The findings drawn up here are those of the pages."""
    for secteur, profil in dits:
        lus, siens = gather(lecteur, periode, secteur, profil), faits.constats(secteur, profil)
        for constat in lus.constats:
            if constat.mesure.startswith("vacance"):
                continue
            mien = siens[constat.mesure]
            for cercle in CERCLES:
                assert constat.effectifs[cercle] == mien.effectifs[cercle], (secteur, profil, constat.mesure, cercle)
                un, autre = (lue_par(SALLE, c.read, cercle) for c in (constat, mien))
                assert (un is None) == (autre is None), (secteur, profil, constat.mesure, cercle)
                if un is not None and autre is not None and constat.unite != "mois":
                    assert str(un) == str(autre), (secteur, profil, constat.mesure, un, autre)


def ensemble(lus: list[tuple[pd.DataFrame, Entendus]]) -> Entendus:
    """Sector by sector."""
    for groupes, e in lus:
        if "est_mienne" in groupes:
            e.know(groupes["est_mienne"].to_numpy(dtype=bool))
    return cote_a_cote([e for _, e in lus])


def mondes(donnees: Path, lecteur: Lecteur, options: argparse.Namespace) -> dict[str, Entendus]:
    tenues = sorted((Seance.read(str(s)) for s in seances(lecteur)), reverse=True)[: options.seances]
    attaque = Attaque(lecteur, MONDE, options.ici, tenues, True, not options.sans_levier, options.larges)
    cellules = atomes(attaque.cellules)
    attributions = Entendus(attaque.cellules.vrais, False, attaque.lignes, attaque.cibles)
    demandes, passages = [], []
    cle, _, code = options.moi.partition("=")
    lus = [b for _, b in blocages.find_all(Journal.du_dossier(donnees))]
    for j, seance in enumerate(tenues[:-1]):
        periode = Periode.de(seance, "annee")
        an = cellules["semestre"].isin([j, j + 1]).to_numpy()
        faits = Faits.lire(lecteur, periode, options.ici, cellules[an].reset_index(drop=True))
        inscrits = [(b.secteur, b.profil) for b in lus if b.seance == seance and b.ici == options.ici]
        trouves = [secteur_et_profil(x, options.ici) for x in detect(lecteur, periode, options.ici).to_dict("records")]
        _verifier(lecteur, periode, faits, [*inscrits, *trouves])
        dits = [*inscrits, *trouves, *(possibles(faits, options) if j == 0 else ())]
        oreille = Oreille(faits, cellules, attributions, an, moi=(cle, code))
        oreille.hear(dits)
        demandes += oreille.demandes.values()
        passages += oreille.passages.values()
        print(
            f"{seance}, {options.ici} : {len(inscrits)} blocages inscrits, {len(trouves)} trouvés, {len(dits)} entendus"
        )
    attributions.lignes = [x for x in attributions.lignes if attaque.est_entendue(list(x.poids))]
    if cle in cellules:
        siennes = cellules[cle].isin(code.split("+")).to_numpy()  # the État is two réservataires
        assert siennes.any(), f"nobody of {options.moi} here"
        attributions.know(siennes)
    return {"attributions": attributions, "demandes": ensemble(demandes), "passages": ensemble(passages)}


def principal(arguments: list[str]) -> int:
    lecteur = argparse.ArgumentParser(prog="python -m tests.attaquant.preuves")
    lecteur.add_argument("--donnees", type=Path, required=True)
    lecteur.add_argument("--ici", required=True)
    lecteur.add_argument("--traits", type=int, default=1, help="d’un blocage possible, au plus")
    lecteur.add_argument("--residences", type=int, default=100, help="tirées au hasard, de blocages possibles")
    lecteur.add_argument(
        "--larges", type=int, default=600, help="cellules, au plus, d’une somme d’attributions entendue"
    )
    lecteur.add_argument("--seances", type=int, default=3, help="les dernières entendues")
    lecteur.add_argument("--moi", default="", help="qui connaît ses propres chiffres : commune=59512, bailleur=B1, …")
    lecteur.add_argument("--sans-levier", action="store_true", help="les effectifs exacts des classes ne sont pas sus")
    lecteur.add_argument("--monde", action="append", choices=("attributions", "demandes", "passages"))
    add_options(lecteur)
    options = lecteur.parse_args(arguments)
    if options.seances < 2:
        lecteur.error("--seances : deux au moins, une preuve est de douze mois")
    with Entrepot(options.donnees).open(Portee.mel()) as ouvert:
        lus: dict[str, Any] = mondes(options.donnees, ouvert, options)
    qui = f"{options.ici}{f', {options.moi}' if options.moi else ''}"
    tenus = [e.attack(f"{nom}, {qui}", options) for nom, e in lus.items() if nom in (options.monde or lus)]
    return 0 if all(tenus) else 1


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
