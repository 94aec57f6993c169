"""`python -m tests.attaquant.devant --donnees D --date 2017-12-31`: what « qui était devant » gives back.

The attacker hears, of the Poulidors at every step, for the Métropole and each ICI: how many passages, those of which
the first is recorded, how many demandes were first by public, of how many the public is known, and the shares of the
sentence. It knows which crossings of steps, ICI and publics hold nobody.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd

from mel_core.entrepot import Entrepot, Portee
from mel_core.entrepot.perimetre import icis
from mel_core.secret.bail import SALLE
from mel_core.segments import Criteres, pseudonymes
from mel_core.segments.devant import EN_PHRASE, find_devant
from tests.attaquant.programme import Entendus, add_options
from tests.attaquant.segments import PAS
from tests.segments.test_devant import LABELS, label

POULIDOR = "poulidor"
_PLACES = """select pseudonyme, rang, date_survenance, code_residence from evenements
where type = 'PASSAGE_CAL' and decision = 'ATTRIBUE' and date_survenance > $debut and date_survenance <= $jour"""
_PUBLICS = "select pseudonyme, npru, dalo, pdalhpd, aci, mutation_bloquee, statut_logement from suivi"


def observer(donnees: Path, jour: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The passages behind, one row each (`a_premier`), and the demandes that were first, one row each (`etiquette`): of
    both, whether each place at each step hears of it (`MEL 0`, `ICI 2 1`…)."""
    entrepot = Entrepot(donnees)
    criteres = [Criteres(jour, **pas) for pas in PAS[POULIDOR]]
    with entrepot.open(Portee.mel()) as mel:
        lus = mel.query(_PLACES, debut=criteres[0].debut, jour=jour)
        publics = mel.query(_PUBLICS).astype(object).where(lambda t: t.notna(), None)
        qui = {x["pseudonyme"]: label(x) for x in publics.to_dict("records")}
        lieux = {"MEL": Portee.mel(), **{ici: Portee.ici(ici) for ici in icis(mel)}}
        siens, dits = {}, {}
        for nom, portee in lieux.items():
            with entrepot.open(portee) as lecteur:
                for rang, c in enumerate(criteres):
                    siens[f"{nom} {rang}"] = menages = pseudonymes(lecteur, POULIDOR, c)
                    dits[f"{nom} {rang}"] = find_devant(mel, menages, c)
    ou = ["code_residence", "date_survenance"]
    lus["code_residence"] = lus["code_residence"].where(lus["code_residence"] != "inconnu")
    premiers = lus[(lus["rang"] == 1) & lus["code_residence"].notna()]
    derriere = lus[lus["rang"] >= 2].merge(premiers[ou].drop_duplicates().assign(a_premier=True), on=ou, how="left")
    passages = pd.DataFrame({"a_premier": derriere["a_premier"].notna()})
    devant = pd.DataFrame({"pseudonyme": premiers["pseudonyme"].unique()})
    for nom, menages in siens.items():
        la = derriere["pseudonyme"].isin(menages)
        passages[nom] = la.to_numpy()
        vus = premiers.merge(derriere.loc[la, ou].drop_duplicates(), on=ou)["pseudonyme"]
        devant[nom] = devant["pseudonyme"].isin(vus)
        assert (la.sum(), (la & passages["a_premier"]).sum()) == (dits[nom].n_passages, dits[nom].n_avec_premier)
        comptes = dits[nom].premiers["etiquette"]
        publics_vus = Counter(qui.get(p, "inconnu") for p in devant.loc[devant[nom], "pseudonyme"])
        assert publics_vus == dict(zip(comptes["cle"], comptes["n"], strict=True))
    etiquettes = [qui.get(p, "inconnu") for p in devant["pseudonyme"]]
    return passages, devant.drop(columns="pseudonyme").assign(etiquette=etiquettes)


def group(lignes: pd.DataFrame) -> pd.DataFrame:
    """Cells that nobody sees, `n` each; those of which no place hears are out."""
    entendues = lignes[lignes.drop(columns=["a_premier", "etiquette"], errors="ignore").any(axis=1)]
    return entendues.groupby(list(lignes), as_index=False).size().rename(columns={"size": "n"})


def entendre_passages(cellules: pd.DataFrame) -> Entendus:
    monde = Entendus(cellules["n"].to_numpy())
    for nom in cellules.columns.drop(["a_premier", "n"]):
        monde.hear_vrai(cellules[nom].to_numpy(), f"{nom} : passages")
        monde.hear_vrai((cellules[nom] & cellules["a_premier"]).to_numpy(), f"{nom} : premier enregistré")
    return monde


def entendre_publics(cellules: pd.DataFrame) -> Entendus:
    monde = Entendus(cellules["n"].to_numpy())
    for nom in cellules.columns.drop(["etiquette", "n"]):
        la = cellules[nom].to_numpy()
        connus = la & (cellules["etiquette"] != "inconnu").to_numpy()
        monde.hear_vrai(connus, f"{nom} : public connu")
        for etiquette in ("inconnu", *LABELS, "mutation", "droit_commun"):
            monde.hear_vrai(la & (cellules["etiquette"] == etiquette).to_numpy(), f"{nom} : {etiquette}")
        for codes, dit in EN_PHRASE:
            avec = connus & cellules["etiquette"].isin(codes).to_numpy()
            k, n = (int(monde.n[x].sum()) for x in (avec, connus))
            monde.hear_part(avec, connus, SALLE.part(k, n), f"{nom} {dit}")
    return monde


def principal(arguments: list[str]) -> int:
    lecteur = argparse.ArgumentParser(prog="python -m tests.attaquant.devant")
    lecteur.add_argument("--donnees", type=Path, required=True)
    lecteur.add_argument("--date", type=date.fromisoformat, required=True)
    add_options(lecteur)
    options = lecteur.parse_args(arguments)
    passages, devant = map(group, observer(options.donnees, options.date))
    tenus = (
        entendre_passages(passages).attack("devant, passages", options),
        entendre_publics(devant).attack("devant, publics", options),
    )
    return 0 if all(tenus) else 1


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
