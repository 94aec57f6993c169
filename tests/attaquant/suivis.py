"""`python -m tests.attaquant.suivis --donnees D --ici "ICI 2" [--moi bailleur=BF01]`: what the 13h30 tells of
mutations.

Two worlds. `attente`: the blocked mutations that live in the ICI, by commune, bailleur, ressources, criterion and how
long they have waited (under 24 months, under 36, more): counts and shares by commune, by criterion, and the segment
that lists them. `refus`: the passages in commission of the ICI, by commune and bailleur: refusals of a mutation, those
whose motif is said, those for unpaid rent, by bailleur; passages and non-attributions of the evidence of each commune,
of everybody and of mutations.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pandas as pd

from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.entrepot.perimetre import seances
from mel_core.indicateurs.suivi import refus_mutations
from mel_core.secret.bail import SALLE
from mel_core.segments import Criteres, find_all
from mel_core.simulation import preconisations
from mel_core.simulation.lectures_offre import read_attentes
from mel_core.socle.periodes import Periode, Seance
from tests.attaquant.programme import Entendus, add_options, par_ligne
from tests.lecteurs import lue_par

_PASSAGES = """
select p.commune, p.bailleur, p.decision, d.statut_logement = 'HLM' as est_mutation,
    p.motif is not null as est_dit, strip_accents(lower(p.motif)) like '%impay%' as est_impaye, count(*) as n
from passages_situes($debut, $fin) p
join demandes d using (pseudonyme)
where p.ici = $ici
group by all
"""
REFUSEES = ("NON_ATTRIBUE", "IRRECEVABLE")


def attente(lecteur: Lecteur, seance: Seance, ici: str) -> tuple[pd.DataFrame, Entendus]:
    """Those that live in the ICI; those that only want it are in no count by commune of residence."""
    listees = find_all(lecteur, "mutations_bloquees_en_attente", Criteres(seance.fin))
    mois = lecteur.query(
        "select pseudonyme, critere_mutation, anciennete_au(date_creation, $jour) as mois from demandes_actives($jour)",
        jour=seance.fin,
    )
    communes = lecteur.query("select code_insee from communes where ici = $ici", ici=ici)["code_insee"]
    lues = listees[listees["code_insee_actuel"].isin(communes)].merge(mois, on="pseudonyme", validate="one_to_one")
    cles = ["code_insee_actuel", "code_bailleur_actuel", "ressources", "critere", "tranche"]
    lues["critere"] = lues["critere_mutation_y"] if "critere_mutation_y" in lues else lues["critere_mutation"]
    lues["tranche"] = pd.cut(lues["mois"], [-1, 23, 35, 10_000], labels=[0, 24, 36]).astype(int)
    groupes = lues[cles].astype(object).fillna("inconnu").groupby(cles, as_index=False).size()
    groupes = groupes.rename(columns={"size": "n", "code_insee_actuel": "commune", "code_bailleur_actuel": "bailleur"})
    monde = Entendus(groupes["n"].to_numpy(dtype=int))
    par_commune = preconisations.mutations_bloquees(lecteur, seance.fin, ici)
    assert par_commune is not None
    exactes = par_commune[par_commune["sens"] == "residence"].set_index("commune")
    tranches = groupes["tranche"].to_numpy(dtype=int)
    for x in par_ligne(lue_par(SALLE, read_attentes, exactes.reset_index())):
        la, vraie = (groupes["commune"] == x["commune"]).to_numpy(), exactes.loc[x["commune"]]
        vrais = {c: int(vraie[c]) for c in ("n", "n_24_mois", "n_36_mois")}
        vrais["n_recentes"] = vrais["n"] - vrais["n_24_mois"]
        for quoi, ou in (
            ("n", la),
            ("n_24_mois", la & (tranches >= 24)),
            ("n_36_mois", la & (tranches >= 36)),
            ("n_recentes", la & (tranches < 24)),
        ):
            monde.hear(ou, x[quoi], vrais[quoi], f"{x['commune']} {quoi}")
        for n in (24, 36):
            quoi = f"{x['commune']} moins de {n} mois"
            monde.hear_part(la & (tranches >= n), la, x[f"part_{n}_mois"], quoi, est_dite_si_elle_peut=True)
    for cle in ("critere", "bailleur", "ressources"):
        for code in groupes[cle].unique():
            monde.hear_vrai((groupes[cle] == code).to_numpy(), f"{cle} {code}")
    return groupes, monde


def refus(lecteur: Lecteur, seance: Seance, ici: str) -> tuple[pd.DataFrame, Entendus]:
    periode = Periode.de(seance, "annee")
    groupes = lecteur.query(_PASSAGES, ici=ici, debut=periode.debut, fin=periode.fin)
    monde = Entendus(groupes["n"].to_numpy(dtype=int))
    mutations, dits, impayes = (groupes[c].isin([True]).to_numpy() for c in ("est_mutation", "est_dit", "est_impaye"))
    refusees = groupes["decision"].isin(REFUSEES).to_numpy() & mutations
    exactes = refus_mutations.refus(lecteur, periode, ici)
    for x, vraie in zip(
        par_ligne(lue_par(SALLE, refus_mutations.render, exactes)), exactes.to_dict("records"), strict=True
    ):
        la = refusees & (groupes["bailleur"] == x["bailleur"]).to_numpy()
        monde.hear(la, x["n"], vraie["n"], f"{x['bailleur']} refus")
        monde.hear(la & dits, x["n_connus"], vraie["n_connus"], f"{x['bailleur']} motif connu")
        monde.hear(la & impayes, x["n_impayes"], vraie["n_impayes"], f"{x['bailleur']} impayés")
        monde.hear_part(la & impayes, la & dits, x["part_impayes"], f"{x['bailleur']} autres motifs")
        monde.aim(la & ~dits, f"{x['bailleur']} motif inconnu")
    for qui, siens in (("tous", groupes["n"].to_numpy() > 0), ("mutations", mutations)):
        decides = siens & groupes["decision"].notna().to_numpy()
        non = siens & (groupes["decision"] == "NON_ATTRIBUE").to_numpy()
        for code in sorted(groupes["commune"].unique()):
            la = (groupes["commune"] == code).to_numpy()
            for quoi, ou in (("passages", siens), ("décisions", decides), ("non-attributions", non)):
                monde.hear_vrai(la & ou, f"{code} {qui} {quoi}")
            part = SALLE.part(int(monde.n[la & non].sum()), int(monde.n[la & decides].sum()))
            monde.hear_part(la & non, la & decides, part, f"{code} {qui} attribués", est_dite_si_elle_peut=True)
    for quoi, ou in (("impayés", refusees & impayes), ("motif connu", refusees & dits)):
        monde.hear_vrai(ou, f"{ici} {quoi}")
    return groupes, monde


def principal(arguments: list[str]) -> int:
    lecteur = argparse.ArgumentParser(prog="python -m tests.attaquant.suivis")
    lecteur.add_argument("--donnees", type=Path, required=True)
    lecteur.add_argument("--ici", required=True)
    lecteur.add_argument("--moi", default="", help="qui connaît ses propres chiffres : commune=59512, bailleur=B1")
    add_options(lecteur)
    options = lecteur.parse_args(arguments)
    cle, _, code = options.moi.partition("=")
    with Entrepot(options.donnees).open(Portee.mel()) as ouvert:
        seance = max(Seance.read(str(s)) for s in seances(ouvert))
        lus = {"attente": attente(ouvert, seance, options.ici), "refus": refus(ouvert, seance, options.ici)}
    tenus = []
    for nom, (groupes, monde) in lus.items():
        if cle:
            monde.know((groupes[cle] == code).to_numpy())
        tenus.append(monde.attack(f"{nom}, {options.ici}{f', {options.moi}' if options.moi else ''}", options))
    return 0 if all(tenus) else 1


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
