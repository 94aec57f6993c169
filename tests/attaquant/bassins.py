"""`python -m tests.attaquant.bassins --donnees D [--au-plus N]`: what the card of a bassin de vie gives back in Salle.

Three worlds. `entrees`: the bails by place lived in, place obtained, semester and first access, from the flows and the
counts of each place, communes and territoires, over every year held, which overlap. `souhaits`: the pairs wanted →
obtained and lived in → wanted, where a household counts once in each place that it wants: a territoire holds no more
than its communes add up to, and no less than any of them. `occupants`: of the last enquête, by commune and class. The
attacker knows which crossings hold nobody.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mel_core.entrepot import Entrepot, Lecteur, Portee
from mel_core.entrepot.perimetre import seances
from mel_core.indicateurs.suivi import bassins
from mel_core.secret.bail import SALLE
from mel_core.socle.periodes import Periode, Seance
from tests.attaquant.programme import REGLE, Entendus, add_options, compte, dit, par_ligne
from tests.lecteurs import lue_par

TERRITOIRE, COMMUNE = bassins.MAILLES
_ENTREES = """
select case when d.code_insee_actuel is null then 'inconnu' else coalesce(o.code_insee, 'hors_mel') end as de,
    a.commune as vers, coalesce(a.est_premier_acces, false) as est_premier_acces, a.date_bail, count(*) as n
from attributions_qualifiees a
left join demandes d using (pseudonyme)
left join communes o on o.code_insee = d.code_insee_actuel
group by all
"""


def dire(flux: pd.DataFrame) -> dict[tuple[str, str], Any]:
    return dict(zip(zip(flux["de"], flux["vers"], strict=True), flux["n"], strict=True))


def places(lecteur: Lecteur) -> dict[str, dict[str, str]]:
    """By maille, what each commune (or what stands for one) is counted in."""
    lues = lecteur.query("select code_insee, territoire from communes where territoire is not null")
    hors = {x: x for x in (bassins.HORS_MEL, bassins.INCONNU)}
    codes = lues["code_insee"]
    return {
        TERRITOIRE: {**dict(zip(codes, lues["territoire"], strict=True)), **hors},
        COMMUNE: {**dict(zip(codes, codes, strict=True)), **hors},
    }


def entrees(lecteur: Lecteur, tenues: list[Seance]) -> Entendus:
    lignes = lecteur.query(_ENTREES)
    lignes["semestre"] = [str(Seance.du(j.date())) for j in lignes["date_bail"]]
    lignes = lignes[lignes["semestre"].isin([str(s) for s in (*tenues, tenues[-1].precedente)])]
    atomes = lignes.groupby(["de", "vers", "semestre", "est_premier_acces"], as_index=False)["n"].sum()
    monde = Entendus(atomes["n"].to_numpy())
    acces = atomes["est_premier_acces"].to_numpy(dtype=bool)
    for seance in tenues:
        periode = Periode.de(seance, "annee")
        an = atomes["semestre"].isin([str(seance), str(seance.precedente)]).to_numpy()
        for maille, lieux in places(lecteur).items():
            de, vers = (atomes[c].map(lieux).to_numpy() for c in ("de", "vers"))
            exacts = bassins.flux(lecteur, bassins.HABITE_OBTENU, periode, maille)
            dits = dire(lue_par(SALLE, bassins.render_flux, exacts, bassins.HABITE_OBTENU, maille))
            for x in exacts.itertuples():
                monde.hear(an & (de == x.de) & (vers == x.vers), dits.get((x.de, x.vers)), x.n, f"{x.de} → {x.vers}")
            parc = bassins.parc(lecteur, periode, maille)
            for x, vrai in zip(
                par_ligne(lue_par(SALLE, bassins.render_parc, parc, maille)), parc.to_dict("records"), strict=True
            ):
                ici, la = an & (vers == x["lieu"]), de == x["lieu"]
                su = de != bassins.INCONNU
                for quoi, ou in (
                    ("n_entrees", ici),
                    ("n_premiers_acces", ici & acces),
                    ("n_sur_place", ici & la),
                    ("n_arrivees", ici & ~la & su),
                    ("n_origines_inconnues", ici & ~su),
                    ("n_departs", an & la & (vers != x["lieu"])),
                ):
                    monde.hear(ou, x[quoi], vrai[quoi], f"{maille} {x['lieu']} {quoi}")
                monde.aim(ici & ~acces, f"{maille} {x['lieu']} mutations")
                monde.hear_part(ici & la, ici & su, x["part_sur_place"], f"{maille} {x['lieu']} arrivees")
    return monde


def souhaits(lecteur: Lecteur, tenues: list[Seance]) -> Iterator[tuple[str, Entendus]]:
    """The place wanted is `multiple`: a household may count in several."""
    for quoi, multiple in ((bassins.SOUHAITE_OBTENU, "de"), (bassins.HABITE_SOUHAITE, "vers")):
        periode, lieux = Periode.de(tenues[0], "annee"), places(lecteur)[TERRITOIRE]
        paires = bassins.flux(lecteur, quoi, periode, COMMUNE)
        monde = Entendus(paires["n"].to_numpy())
        dits = dire(lue_par(SALLE, bassins.render_flux, paires, quoi, COMMUNE))
        for x in paires.itertuples():
            monde.hear(paires.index == x.Index, dits.get((x.de, x.vers)), x.n, f"{x.de} → {x.vers}")
        entre = {c: paires[c].map(lieux).to_numpy() for c in ("de", "vers")}
        grands = bassins.flux(lecteur, quoi, periode, TERRITOIRE)
        for x in par_ligne(lue_par(SALLE, bassins.render_flux, grands, quoi, TERRITOIRE)):
            dedans = (entre["de"] == x["de"]) & (entre["vers"] == x["vers"])
            bornes = dit((), x["n"].dit, REGLE)
            monde.lignes.append(compte(np.flatnonzero(dedans).tolist(), bornes.bas, np.inf))
            for place in paires.loc[dedans, multiple].unique():
                siennes = np.flatnonzero(dedans & (paires[multiple] == place).to_numpy()).tolist()
                monde.lignes.append(compte(siennes, 0, bornes.haut))
        yield quoi, monde


def occupants(lecteur: Lecteur, tenues: list[Seance]) -> Entendus:
    periode = Periode.de(tenues[0], "annee")
    communes = bassins.parc(lecteur, periode, COMMUNE)
    classes = [c for c in bassins.OCCUPANTS if c != "n_occupants_connus"]
    atomes = communes.melt("lieu", classes, "classe", "n").fillna({"n": 0})
    atomes = atomes[atomes["n"] > 0].reset_index(drop=True)
    monde = Entendus(atomes["n"].to_numpy(dtype=int))
    inconnus = (atomes["classe"] == "n_occupants_inconnus").to_numpy()
    modestes = atomes["classe"].isin(["n_occupants_tres_modestes", "n_occupants_modestes"]).to_numpy()
    for maille, lieux in places(lecteur).items():
        ou = atomes["lieu"].map(lieux).to_numpy()
        exacts = bassins.parc(lecteur, periode, maille)
        dits = par_ligne(lue_par(SALLE, bassins.render_parc, exacts, maille))
        for x, vrai in zip(dits, exacts.to_dict("records"), strict=True):
            ici = ou == x["lieu"]
            for classe in (c for c in classes if pd.notna(vrai[c])):
                nom = f"{maille} {x['lieu']} {classe}"
                monde.hear(ici & (atomes["classe"] == classe).to_numpy(), x[classe], vrai[classe], nom)
            if pd.notna(vrai["n_occupants_connus"]):
                monde.hear(ici & ~inconnus, x["n_occupants_connus"], vrai["n_occupants_connus"], f"{maille} connus")
                monde.hear_part(
                    ici & modestes, ici & ~inconnus, x["part_modestes"], f"{maille} {x['lieu']} non modestes"
                )
    return monde


def principal(arguments: list[str]) -> int:
    lecteur = argparse.ArgumentParser(prog="python -m tests.attaquant.bassins")
    lecteur.add_argument("--donnees", type=Path, required=True)
    lecteur.add_argument("--seances", type=int, default=3, help="les dernières entendues")
    add_options(lecteur)
    options = lecteur.parse_args(arguments)
    with Entrepot(options.donnees).open(Portee.mel()) as ouvert:
        tenues = sorted((Seance.read(str(s)) for s in seances(ouvert)), reverse=True)[: options.seances]
        mondes = [
            ("entrees", entrees(ouvert, tenues)),
            *souhaits(ouvert, tenues),
            ("occupants", occupants(ouvert, tenues)),
        ]
    tenus = [monde.attack(nom, options) for nom, monde in mondes]
    return 0 if all(tenus) else 1


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
