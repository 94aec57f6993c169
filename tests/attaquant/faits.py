"""What the evidence of the 10h30 counts in one ICI, row by row: attributions, demandes, passages, and whom each is of.

The traits of a demande or of a passage are those that the evidence itself finds: its own queries, cut before they add
up. The findings are drawn up by the product from these rows, without asking the store for each blocage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd

from mel_core.entrepot import Lecteur
from mel_core.seance.preuves import Preuve, ProfilBlocage, Secteur, constats, dossier_preuves
from mel_core.seance.preuves.secteur import DITS as CHAMPS
from mel_core.seance.preuves.secteur import Comptes, LieuDuSecteur, Trou
from mel_core.segments import SEGMENTS, Criteres, find_all
from mel_core.segments.compilation import Requete
from mel_core.socle.periodes import Periode, step_back

_SQL = dossier_preuves._SQL
TRAITS = [ProfilBlocage(**{champ: code}) for champ, codes in CHAMPS.items() for code in codes]
_LIEUX = {"communes": "commune", "quartiers": "quartier", "residences": "residence"}
CERCLES = ("secteur", "ici")
DECISIONS = ("ATTRIBUE", "NON_ATTRIBUE", "IRRECEVABLE")


def profils(n_traits: int) -> Iterator[ProfilBlocage]:
    """Nobody in particular, then every profile of so many traits at the most."""
    yield ProfilBlocage()
    for n in range(1, n_traits + 1):
        for traits in combinations(TRAITS, n):
            champs = [_champ(t) for t in traits]
            if len({champ for champ, _ in champs}) == n:
                yield ProfilBlocage(**dict(champs))


def _champ(trait: ProfilBlocage) -> tuple[str, str]:
    return next((f.name, getattr(trait, f.name)) for f in fields(trait) if getattr(trait, f.name) is not None)


def nommer(profil: ProfilBlocage) -> str:
    return "+".join(str(v) for f in fields(profil) if (v := getattr(profil, f.name)) is not None) or "tous"


@dataclass(frozen=True, eq=False)
class Faits:
    """Rows of the 12 months of a séance in an ICI. `attributions`: as `observer` cuts them (see lieux), the column `n`
    how many. `demandes`: one column per segment; `souhaits`: one per commune of the ICI, whether it is wanted.
    `demandes`, `passages`: one column per trait, whether it has it (unknown: no)."""

    ici: str
    attributions: pd.DataFrame
    demandes: pd.DataFrame
    souhaits: pd.DataFrame
    passages: pd.DataFrame
    perimetre: pd.DataFrame
    sont_effaces: bool

    @classmethod
    def lire(cls, lecteur: Lecteur, periode: Periode, ici: str, attributions: pd.DataFrame) -> Faits:
        criteres = Criteres(periode.fin)
        demandes = passages = None
        for trait in TRAITS:
            requete = Requete(lecteur, criteres)
            requete.link(
                ici=ici,
                entiere=True,
                **{c: [] for c in (*_LIEUX, "communes_du_secteur")},
                **{champ: getattr(trait, champ) for champ in CHAMPS},
                debut=periode.debut,
                fin=periode.fin,
                avant=step_back(periode.fin, dossier_preuves.MOIS_ATTENTE),
            )
            sienne = requete.ask(_avant("demandes", "voulues as") + "select * from siennes order by ligne")  # noqa: S608
            passee = requete.ask(
                _avant("passages", "par_cercle as")  # noqa: S608
                + "select * from siens where ici = $ici order by id_evenement, bailleur"
            )
            demandes = sienne.drop(columns="est_profil") if demandes is None else demandes
            passages = passee.drop(columns=["est_profil", "cercles"]) if passages is None else passages
            for table, lue in ((demandes, sienne), (passages, passee)):
                table[nommer(trait)] = lue["est_profil"].eq(True).fillna(False).to_numpy(dtype=bool)
        assert demandes is not None
        assert passages is not None
        perimetre = lecteur.query(_SQL["perimetre"])
        perimetre = perimetre[perimetre["ici"] == ici]
        qui = lecteur.query("select ligne, pseudonyme from demandes_actives($jour)", jour=periode.fin)
        demandes = demandes.merge(qui, on="ligne", validate="one_to_one")
        for segment in SEGMENTS:
            demandes[segment] = demandes["pseudonyme"].isin(find_all(lecteur, segment, criteres)["pseudonyme"])
        p = perimetre[perimetre["quoi"] == "commune"]
        voulues = demandes.pop("communes").map(frozenset)
        souhaits = pd.DataFrame({c: [c in siennes for siennes in voulues] for c in p["code"]})
        trou = Trou.de(periode, lecteur.query(_SQL["derniere_connue"])["jour"].iloc[0])
        return cls(ici, attributions, demandes, souhaits, passages, perimetre, trou.est_trop)

    def ou(self, table: pd.DataFrame, secteur: Secteur) -> np.ndarray:
        """The rows of attributions or passages there."""
        la = np.full(len(table), secteur.est_entiere)
        for champ, colonne in _LIEUX.items():
            la |= table[colonne].isin(getattr(secteur, champ)).to_numpy()
        return la

    @cache  # noqa: B019
    def voulues(self, communes: tuple[str, ...]) -> np.ndarray:
        """How many of `communes` each demande wants."""
        return self.souhaits[list(communes)].to_numpy().sum(axis=1)

    @cache  # noqa: B019
    def lieu(self, secteur: Secteur, profil: ProfilBlocage) -> LieuDuSecteur:
        return LieuDuSecteur.de(self.perimetre, secteur, profil)

    def constats(self, secteur: Secteur, profil: ProfilBlocage) -> Mapping[str, Preuve]:
        """The findings of a blocage, the product's own, by measure."""
        lieu = self.lieu(secteur, profil)
        noms = ("attributions", "demandes", "passages", "stock")
        tables: dict[str, dict[str, dict[str, float]]] = {nom: {} for nom in noms}
        contingents = []
        for cercle in CERCLES:
            siens = self._comptes(Secteur(self.ici) if cercle == "ici" else secteur, profil)
            for nom, comptes_du_cercle in siens[0].items():
                tables[nom][cercle] = comptes_du_cercle
            contingents.append(siens[1].assign(cercle=cercle))
        for cercles in tables.values():  # what is known of the Métropole is known of the ICI
            cercles["mel"] = cercles.get("ici", {})
        comptes = Comptes(tables, frozenset({"ici"}), True, Trou(est_trop=self.sont_effaces))
        return {c.mesure: c for c in constats.draw_up(comptes, lieu, pd.concat(contingents))}

    @cache  # noqa: B019
    def _comptes(self, secteur: Secteur, profil: ProfilBlocage) -> tuple[dict[str, dict[str, float]], pd.DataFrame]:
        """The counts of each table there, and the attributions of each réservataire."""
        a, p, d = self.attributions, self.passages, self.demandes
        ici, sont = self.ou(a, secteur), a_le_profil(a, profil, "attributions")
        par_code = a[ici & sont].groupby("reservataire", as_index=False)["n"].sum()
        n = int(par_code["n"].sum())
        voulues, siennes = self.voulues(self.lieu(secteur, profil).communes), a_le_profil(d, profil, "demandes")
        passes = self.ou(p, secteur) & a_le_profil(p, profil, "passages")
        return {
            "attributions": {"n": int(a["n"][ici].sum()), "n_profil": n, "n_delais": n, "mediane_mois": 9},
            "demandes": {
                "n": int((voulues > 0).sum()),
                "n_profil": int((siennes & (voulues > 0)).sum()),
                "souhaits": int(voulues[siennes].sum()),
                "n_attente": int((siennes & (voulues > 0) & d["est_en_attente"].to_numpy(dtype=bool)).sum()),
                "mediane_mois": 9,
            },
            "passages": {nom: int((passes & m).sum()) for nom, m in sortes_de_passages(p).items()},
        }, par_code.rename(columns={"reservataire": "code"})


def _avant(bloc: str, suite: str) -> str:
    """The beginning of a query, before its rows are added up."""
    texte = _SQL[bloc]
    return texte[: texte.index(suite)].rstrip().rstrip(",") + "\n"


def sortes_de_passages(passages: pd.DataFrame) -> dict[str, np.ndarray]:
    """What the evidence counts of them."""
    premiers, refuses = (passages[c].isin([True]).to_numpy() for c in ("est_rang_1", "est_refuse"))
    return {
        "n": np.ones(len(passages), dtype=bool),
        "n_decisions": passages["decision"].isin(DECISIONS).to_numpy(),
        "n_non_attribues": passages["decision"].isin(["NON_ATTRIBUE"]).to_numpy(),
        "n_refus": refuses,
        "n_rang_1": premiers,
        "n_rang_1_refuses": premiers & refuses,
    }


def a_le_profil(table: pd.DataFrame, profil: ProfilBlocage, quoi: str) -> np.ndarray:
    """Which rows are known to be of the profile."""
    la = np.ones(len(table), dtype=bool)
    for champ in CHAMPS:
        code = getattr(profil, champ)
        if code is None:
            continue
        if quoi != "attributions":
            la &= table[code].to_numpy(dtype=bool)
        elif champ == "label":
            siens = [_DU_LABEL[code]] if code in _DU_LABEL else list(_DU_LABEL.values())
            porte = table[siens].to_numpy(dtype=bool).any(axis=1)
            la &= porte if code in _DU_LABEL else ~porte
        else:
            la &= (table[_COLONNES[champ]] == code).to_numpy()
    return la


_COLONNES = {"typologie": "typologie", "ressources": "classe", "acces": "mutation"}
_DU_LABEL = {"aci": "est_menage_aci", "mutation_bloquee": "est_mutation_bloquee", "npru": "est_npru"}
