"""Report of calibration, `python -m scripts.calage DOSSIER [ECHELLE] [SEANCE] [--markdown]`: targets and data.

Reads the CSV files as anybody would, and owes nothing to the code that drew them.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pandas as pd

from mel_core.demo.reglages_demo import DERNIERES_SEANCES, DU_SUPPORT, load
from mel_core.objectifs.parametres import PERSONNE_SUPPLEMENTAIRE, Parametres
from mel_core.socle.langue import nombre, part
from mel_core.socle.periodes import Seance

IDENTIFIANTS = {"code_insee": str, "code_residence": str, "code_quartier": str, "numero_unique": str}
COLONNES = ["cible", "attendu", "obtenu", "ecart_admis", "source"]
GRANDES_VILLES = ["59350", "59512", "59599", "59009"]


def compare(dossier: Path, echelle: str = "mel", derniere: Seance = DU_SUPPORT) -> pd.DataFrame:
    """One row per target of the settings of `derniere`, in its order; stocks are those of the period's last day.

    `attendu`, `obtenu` and `ecart_admis` are in the target's own unit (share 0–1, months, number); volumes grow with
    `echelle`. `source` says where the target comes from.
    """
    r = load(derniere)
    facteur = r["echelles"][echelle]
    attributions = read(dossier, "attributions", "id_attribution", ["date_bail", "date_creation_demande"])
    demandes = read(dossier, "demandes", "numero_unique", ["date_creation", "date_radiation"])
    residences = read(dossier, "residences", "code_residence", [])
    obtenu = {
        **measure_parc(residences, attributions, read(dossier, "quartiers", "code_quartier", [])),
        **measure_attributions(attributions),
        **measure_priorites(attributions),
        **measure_demandes(demandes, r["periode"]["fin"]),
        **measure_commissions(read(dossier, "evenements", "id_evenement", ["date_survenance"])),
        **measure_modestes(attributions, residences, read(dossier, "quartiers", "code_quartier", [])),
    }
    lignes = []
    for nom, c in r["cibles"].items():
        fois = facteur if c.get("volume") else 1
        lignes.append((nom, c["valeur"] * fois, obtenu[nom], c["ecart"] * fois, c["source"]))
    return pd.DataFrame(lignes, columns=COLONNES)


def read(dossier: Path, table: str, cle: str, dates: list[str]) -> pd.DataFrame:
    """A table as text and numbers, first row of each key."""
    lue = pd.read_csv(dossier / f"{table}.csv", dtype=IDENTIFIANTS, parse_dates=dates, low_memory=False)
    return lue.drop_duplicates(cle)


def measure_parc(residences: pd.DataFrame, attributions: pd.DataFrame, quartiers: pd.DataFrame) -> dict[str, float]:
    """Figures of the stock that docs/calage.md compares with the published ones (shares 0–1)."""
    logements = residences["n_logements"].sum()
    quartier = locate(attributions, residences)
    zone = attributions["code_residence"].map(residences.set_index("code_residence")["code_qpv"])
    zone = zone.fillna(quartier.map(quartiers.set_index("code_quartier")["code_qpv"]))
    return {
        "logements": logements,
        "vacance": residences["n_vacants"].sum() / logements,
        "vacance_3_mois": residences["n_vacants_3_mois"].sum() / logements,
        "en_qpv": zone[quartier.notna()].notna().mean(),
    }


def measure_attributions(a: pd.DataFrame) -> dict[str, float]:
    """The same of the attributions: a year's number, shares 0–1, months."""
    mois = a["date_bail"].dt.to_period("M")
    aci = a[["aci", "dalo", "pdalhpd"]].any(axis=1)
    delai = full_months(a["date_creation_demande"], a["date_bail"])[a["date_creation_demande"] <= a["date_bail"]]
    offre = shares(a["typologie"])
    return {
        "attributions_an": len(a) / mois.nunique() * 12,
        "mutations_attributions": a["mutation"].mean(),
        "aci_premier_acces": aci[~a["mutation"]].mean(),
        "mutations_bloquees": a["mutation_bloquee"].mean(),
        "delai_moyen_mois": delai.mean(),
        "delai_median_mois": delai.median(),
        "revenu_manquant": (a["revenu_fiscal"].fillna(0) <= 0).mean(),
        "residence_manquante": a["code_residence"].isna().mean(),
        "quatre_communes": a["code_insee"].isin([*GRANDES_VILLES, "59355", "59298"]).mean(),
        **{f"offre_{t}": p for t, p in offre.items()},
    }


def measure_priorites(a: pd.DataFrame) -> dict[str, float]:
    """DALO, and with PDALHPD, among all attributions; first quartile among those of the years that have a threshold."""
    seuils = {s.annee: float(s.seuil_eur_uc) for s in Parametres.embarques().seuils_premier_quartile}
    seuil = a["date_bail"].dt.year.map(seuils)
    par_uc = a["ressources_mensuelles"] * 12 / a["n_uc"]
    return {
        "dalo": a["dalo"].mean(),
        "dalo_ou_pdalhpd": (a["dalo"] | a["pdalhpd"]).mean(),
        "premier_quartile": (par_uc <= seuil)[par_uc.notna() & seuil.notna()].mean(),
    }


def measure_demandes(d: pd.DataFrame, reference: date) -> dict[str, float]:
    """The same of the demandes active on `reference`."""
    jour = pd.Timestamp(reference)
    actives = d[(d["date_creation"] <= jour) & ((d["etat"] == "ACTIVE") | (d["date_radiation"] > jour))]
    anciennete = full_months(actives["date_creation"], pd.Series(jour, index=actives.index))
    voulue = shares(actives["typologies"].str.split("|").str[0])
    return {
        "demandes_actives": len(actives),
        "mutations_demandes": (actives["statut_logement"] == "HLM").mean(),
        "anciennete_24": (anciennete >= 24).mean(),
        "anciennete_36": (anciennete >= 36).mean(),
        "isolees": (actives["n_personnes"] == 1).mean(),
        **{f"demande_{t}": p for t, p in voulue.items()},
    }


def measure_commissions(evenements: pd.DataFrame) -> dict[str, float]:
    """Refusals after a first rank, and files a commission: on the last year, whose demandes are not yet erased."""
    recents = evenements[evenements["date_survenance"].dt.year == evenements["date_survenance"].dt.year.max()]
    passages = recents[(recents["type"] == "PASSAGE_CAL") & recents["code_residence"].notna()]
    commission = ["code_residence", "typologie", "date_survenance"]
    premiers = passages[passages["rang"] == 1]
    refus = recents.loc[recents["type"] == "REFUS_DEMANDEUR", ["numero_unique", "code_residence"]].drop_duplicates()
    suivis = premiers.merge(refus, on=["numero_unique", "code_residence"], how="left", indicator=True)
    return {
        "refus_rang_1": (suivis["_merge"] == "both").mean(),
        "candidats_par_passage": len(passages) / len(passages.drop_duplicates(commission)),
    }


def measure_modestes(attributions: pd.DataFrame, residences: pd.DataFrame, quartiers: pd.DataFrame) -> dict[str, float]:
    """Share of households under the second bound of ressources in 2015, by fragility of the quartier."""
    parametres = Parametres.embarques()
    plafonds = {(p.annee, p.categorie): p.plafond_eur for p in parametres.plafonds}
    borne = float(parametres.bornes_ressources[-1].bornes[1])
    classes = {ips: classe for f in parametres.fragilite_ips for ips, classe in f.classes.items()}
    a = attributions[(attributions["date_bail"].dt.year == 2015) & (attributions["revenu_fiscal"] > 0)]
    categorie = a["categorie_menage"].fillna(a["n_personnes"].clip(upper=6)).astype(int)
    plafond = categorie.map(lambda c: plafonds[2015, str(c)])
    plus = (a["n_personnes"] - 6).clip(lower=0).where(categorie == 6, 0) * plafonds[2015, PERSONNE_SUPPLEMENTAIRE]
    modeste = a["revenu_fiscal"] < borne * (plafond + plus)
    fragilite = locate(a, residences).map(quartiers.set_index("code_quartier")["ips"]).map(classes)
    return {f"modestes_{classe}_2015": p for classe, p in modeste.groupby(fragilite).mean().items()}


def locate(attributions: pd.DataFrame, residences: pd.DataFrame) -> pd.Series:
    """Quartier of each attribution: its own, else its résidence's."""
    par_residence = residences.set_index("code_residence")["code_quartier"]
    return attributions["code_quartier"].fillna(attributions["code_residence"].map(par_residence))


def full_months(debut: pd.Series, fin: pd.Series) -> pd.Series:
    """Whole months from `debut` to `fin`; a day that the last month lacks counts as its last."""
    mois = (fin.dt.year - debut.dt.year) * 12 + fin.dt.month - debut.dt.month
    incomplet = (fin.dt.day < debut.dt.day) & ~fin.dt.is_month_end
    return mois - incomplet


def shares(typologies: pd.Series) -> dict[str, float]:
    """Share of each typologie, T5 and more together."""
    parts = typologies.replace("T6P", "T5").value_counts(normalize=True)
    return {str(nom): float(p) for nom, p in parts.items()}


def write_markdown(table: pd.DataFrame) -> str:
    """docs/calage.md: the comparison at scale mel, in French, between what does not change."""
    lignes = [
        f"| {ligne.cible} | {_read(ligne.attendu, ligne.attendu)} | {_read(ligne.obtenu, ligne.attendu)} "
        f"| ± {_read_marge(ligne.ecart_admis, ligne.attendu)} | {ligne.source} |"
        for ligne in table.itertuples()
    ]
    modele = Path(__file__).with_name("calage.md").read_text(encoding="utf-8")
    return modele.replace("{table}", "\n".join(lignes))


def _read(valeur: float, cible: float) -> str:
    """A share as a percentage, a number of months with one decimal, a volume as a whole number."""
    if cible < 1:
        return part(valeur)
    return nombre(valeur, 0 if cible >= 100 else 1)


def _read_marge(ecart: float, cible: float) -> str:
    return f"{nombre(ecart * 100, 1)} points" if cible < 1 else _read(ecart, cible)


def principal(arguments: list[str]) -> int:
    """Print the comparison in French; 1 when a target is missed, 2 for a wrong call.

    `--markdown` prints docs/calage.md instead.
    """
    en_markdown = "--markdown" in arguments
    arguments = [a for a in arguments if a != "--markdown"]
    seances = {str(s): s for s in DERNIERES_SEANCES}
    derniere = next((seances[a] for a in arguments if a in seances), DU_SUPPORT)
    arguments = [a for a in arguments if a not in seances]
    echelle = arguments[1] if len(arguments) == 2 else "mel"
    if len(arguments) not in (1, 2) or not Path(arguments[0]).is_dir() or echelle not in load()["echelles"]:
        print(
            "Donner le dossier et l’échelle : python -m scripts.calage DOSSIER [mel|region|france] "
            f"[{'|'.join(seances)}] [--markdown]",
            file=sys.stderr,
        )
        return 2
    table = compare(Path(arguments[0]), echelle, derniere)
    if en_markdown:
        print(write_markdown(table), end="")
        return 0
    atteinte = (table["obtenu"] - table["attendu"]).abs() <= table["ecart_admis"]
    print(f"{'cible':<26}{'attendu':>12}{'obtenu':>12}{'écart admis':>13}   source")
    for ligne, bonne in zip(table.itertuples(), atteinte, strict=True):
        valeurs = "".join(
            f"{nombre(v, 0 if v >= 100 else 3):>{w}}" for v, w in zip(ligne[2:5], (12, 12, 13), strict=True)
        )
        print(f"{ligne.cible:<26}{valeurs} {' ' if bonne else '!'} {ligne.source}")
    return 0 if atteinte.all() else 1


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
