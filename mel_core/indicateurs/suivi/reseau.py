"""The réseau d’accueil: its volumes by month, place, actor and commune; what places typed; how it is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from mel_core.journal import Inscrit
from mel_core.socle import langue
from mel_core.socle.erreurs import ErreurUtilisateur
from mel_core.socle.periodes import Seance
from mel_core.socle.valeurs import Duree

ENREGISTREMENTS, EN_LIGNE = "n_enregistrements", "n_enregistrements_en_ligne"
MESURES = (ENREGISTREMENTS, "n_pre_accueil", "n_entretiens")
RESEAU, LIGNE, TOUT = "reseau", "en_ligne", "tout"
MOIS_D_UN_AN = 12


def fenetres(seance: Seance) -> tuple[list[str], list[str]]:
    """The 12 months up to the end of the séance, and the 12 before them, written « 2017-09 »."""
    dernier = seance.fin.year * 12 + seance.fin.month - 1
    mois = [f"{m // 12}-{m % 12 + 1:02d}" for m in range(dernier - 2 * MOIS_D_UN_AN + 1, dernier + 1)]
    return mois[MOIS_D_UN_AN:], mois[:MOIS_D_UN_AN]


def duree(accueil: pd.DataFrame, mois: list[str]) -> Duree:
    """`mois`, and how many of them are between the first and the last that the table holds (contract §2)."""
    couverts = sum(accueil["mois"].min() <= m <= accueil["mois"].max() for m in mois) if len(accueil) else 0
    return Duree(len(mois), couverts)


def part_en_ligne(lignes: pd.DataFrame) -> float | None:
    """Share of registrations made online, where both are counted (0–1)."""
    connues = lignes[lignes[ENREGISTREMENTS].notna() & lignes[EN_LIGNE].notna()]
    total = connues[ENREGISTREMENTS].sum()
    return float(connues[EN_LIGNE].sum() / total) if total > 0 else None


def par_mois(accueil: pd.DataFrame, mesure: str) -> pd.DataFrame:
    """Volumes of each month, split by the way in.

    One row per `mois` (first day) × `voie`: `en_ligne` and `reseau` for registrations, `tout` for another `mesure`;
    `effectif`, empty where no place entered any. What is registered where online is not counted goes to the network.
    """
    sommes = accueil.groupby("mois")[[mesure, EN_LIGNE]].sum(min_count=1).reset_index()
    jours = pd.to_datetime(sommes["mois"] + "-01")
    if mesure != ENREGISTREMENTS:
        return pd.DataFrame({"mois": jours, "voie": TOUT, "effectif": sommes[mesure].astype(float)})
    return pd.concat(
        [
            pd.DataFrame({"mois": jours, "voie": RESEAU, "effectif": sommes[mesure] - sommes[EN_LIGNE].fillna(0)}),
            pd.DataFrame({"mois": jours, "voie": LIGNE, "effectif": sommes[EN_LIGNE].astype(float)}),
        ],
        ignore_index=True,
    )


def par_commune(annee: pd.DataFrame, communes: pd.DataFrame, mesure: str) -> pd.DataFrame:
    """The volume of each commune beside its weight; the largest volumes first.

    One row per commune of `communes`: `commune`, `nom`, `population`, `effectif` (0 without a place; empty where its
    places entered nothing), `part` of the volume and `poids` in the population (0–1, over `communes`; empty when their
    total is 0), `ecart_points` (part − poids).
    """
    volumes = annee.groupby("commune")[mesure].sum(min_count=1).rename("effectif")
    lignes = communes[["commune", "nom", "population"]].merge(volumes, on="commune", how="left")
    lignes.loc[~lignes["commune"].isin(volumes.index), "effectif"] = 0
    total, habitants = lignes["effectif"].sum(), lignes["population"].sum()
    lignes["part"] = lignes["effectif"] / total if total > 0 else float("nan")
    lignes["poids"] = lignes["population"] / habitants if habitants > 0 else float("nan")
    lignes["ecart_points"] = 100 * (lignes["part"] - lignes["poids"])
    return lignes.sort_values(["effectif", "population"], ascending=False, ignore_index=True)


def par_porteur(annee: pd.DataFrame, mesure: str) -> pd.DataFrame:
    """The volume of each kind of actor beside its weight; the largest volumes first.

    One row per `porteur`: `n_lieux`, `n_labellises`, `effectif` (empty where its places entered nothing), its `part` of
    the volume (0–1, empty when nothing is counted) and `poids`, its share of the places (0–1).
    """
    groupes = annee.groupby("porteur")
    lignes = pd.DataFrame(
        {
            "n_lieux": groupes["lieu"].nunique(),
            "n_labellises": annee[annee["type_lieu"] == "LABELLISE"].groupby("porteur")["lieu"].nunique(),
            "effectif": groupes[mesure].sum(min_count=1),
        }
    ).fillna({"n_labellises": 0})
    total, lieux = lignes["effectif"].sum(), lignes["n_lieux"].sum()
    lignes["part"] = lignes["effectif"] / total if total > 0 else float("nan")
    lignes["poids"] = lignes["n_lieux"] / lieux if lieux else float("nan")
    return lignes.sort_values("effectif", ascending=False).reset_index()


def par_lieu(annee: pd.DataFrame) -> pd.DataFrame:
    """One row per place: its volumes over 12 months (empty when never counted), `part_en_ligne` (0–1, over the months
    where both are), the largest registrations first."""
    mesures = [*MESURES, EN_LIGNE]
    groupes = annee.groupby(["lieu", "nom", "type_lieu", "porteur"])
    lignes = groupes[mesures].sum(min_count=1).reset_index()
    en_ligne = {lieu: part_en_ligne(siennes) for lieu, siennes in annee.groupby("lieu")}
    lignes["part_en_ligne"] = lignes["lieu"].map(en_ligne).astype("float64")
    return lignes.sort_values([ENREGISTREMENTS, "lieu"], ascending=[False, True], ignore_index=True)


OBJET = "accueil"
RELAIS = "RELAIS"
COMPTES = (*MESURES, EN_LIGNE)
_DU_LIEU = ("nom", "type_lieu", "porteur", "commune", "nom_commune", "ici")
MAXIMUM = 100_000  # in a month, in one place
_MOIS_D_HABITUDE, _ECART_PERMIS = 3, 20  # months that make a habit; how far beyond three times it nobody is asked


@dataclass(frozen=True)
class MoisSaisi(Inscrit):
    """What the place `lieu` says of `mois` (« 2017-09 »): counts, None where it says nothing."""

    lieu: str
    mois: str
    n_pre_accueil: int | None = None
    n_enregistrements: int | None = None
    n_enregistrements_en_ligne: int | None = None
    n_entretiens: int | None = None

    @property
    def identifiant(self) -> str:
        """Its name in the journal."""
        return f"{self.lieu} {self.mois}"


def check(saisi: MoisSaisi, type_lieu: str, aujourd_hui: date) -> None:
    """Raises `ErreurUtilisateur`, one sentence, when the month does not hold together."""
    dits = {c: v for c in COMPTES if (v := getattr(saisi, c)) is not None}
    if not dits:
        raise ErreurUtilisateur("Aucun nombre n’est saisi : en donner un au moins, puis enregistrer.")
    if any(not 0 <= v <= MAXIMUM for v in dits.values()):
        raise ErreurUtilisateur(
            f"Un nombre du mois n’est pas entre 0 et {langue.nombre(MAXIMUM)} : le corriger, puis enregistrer."
        )
    if saisi.mois > f"{aujourd_hui:%Y-%m}":
        raise ErreurUtilisateur("Ce mois n’a pas commencé : en choisir un autre.")
    if type_lieu == RELAIS and set(dits) - {"n_pre_accueil"}:
        raise ErreurUtilisateur(
            "Un relais d’information ne fait que le pré-accueil : laisser vides les enregistrements et les entretiens."
        )
    en_ligne, tous = dits.get(EN_LIGNE), dits.get(ENREGISTREMENTS)
    if en_ligne is not None and (tous is None or en_ligne > tous):
        combien = "aucun n’est donné" if tous is None else f"{langue.nombre(tous)} en tout"
        raise ErreurUtilisateur(
            f"Les enregistrements en ligne ({langue.nombre(en_ligne)}) font partie des enregistrements ({combien}) : "
            "corriger l’un des deux."
        )


def ecrit(saisi: MoisSaisi, *, est_perime: bool) -> str:
    """What became of a month that was entered: another one came first where it is `est_perime`."""
    mois = mois_dit(saisi.mois)
    if not est_perime:
        return f"{mois.capitalize()} est enregistré."
    return (
        f"Le mois de {mois} a été saisi par ailleurs entre-temps : le relire, puis saisir de nouveau s’il le faut (les "
        "deux saisies sont gardées)."
    )


def ouverts(accueil: pd.DataFrame, sien: tuple[str, str] | None) -> pd.DataFrame:
    """The places whose month may be entered, one row each, by name: those that it runs for a commune (`sien`: the cut
    and the code of whoever enters), none for another place, all of them for who is of no place (a co-pilot)."""
    lieux = accueil.sort_values("mois").drop_duplicates("lieu", keep="last").sort_values(["nom", "lieu"])
    if sien is None:
        return lieux
    coupe, code = sien
    return lieux[(lieux["porteur"] == "COMMUNE") & (lieux["commune"] == code) & (coupe == "commune")]


def merge(accueil: pd.DataFrame, saisies: Iterable[MoisSaisi], dernier: str) -> pd.DataFrame:
    """The rows of `suivi.accueil` with the months entered up to `dernier` (« 2017-12 ») of the places that it knows,
    then `est_saisi` and `est_corrige` (a number of a file that an entry changed)."""
    connus = accueil.sort_values("mois").drop_duplicates("lieu", keep="last").set_index("lieu")
    lignes = {(x["lieu"], x["mois"]): x for x in accueil.to_dict("records")}
    for ligne in lignes.values():
        ligne |= {"est_saisi": False, "est_corrige": False}
    for saisi in saisies:
        if saisi.lieu not in connus.index or saisi.mois > dernier:
            continue
        depart = {"lieu": saisi.lieu, "mois": saisi.mois, **dict.fromkeys(COMPTES, float("nan")), "est_corrige": False}
        depart |= {c: connus.loc[saisi.lieu, c] for c in _DU_LIEU if c in connus}
        ligne = lignes.setdefault((saisi.lieu, saisi.mois), depart)
        for compte in COMPTES:
            valeur = getattr(saisi, compte)
            if valeur is not None:
                ligne["est_corrige"] |= bool(pd.notna(ligne[compte]) and ligne[compte] != valeur)
                ligne[compte] = valeur
        ligne["est_saisi"] = True
    ordre = [*accueil.columns, "est_saisi", "est_corrige"]
    fondues = pd.DataFrame(list(lignes.values()), columns=ordre)
    return fondues.sort_values(["lieu", "mois"], ignore_index=True)


def par_des_relais(accueil: pd.DataFrame) -> pd.Series:
    """By name of the relais that registers or interviews, which a relais does not do: how many it says in all."""
    leurs = accueil[accueil["type_lieu"] == RELAIS]
    sommes = leurs.groupby("nom")[[ENREGISTREMENTS, "n_entretiens"]].sum().sum(axis=1)
    return sommes[sommes > 0].astype(int)


def sans_les_relais(accueil: pd.DataFrame) -> pd.DataFrame:
    """The same rows, what relais register or interview left out: it is counted apart (`par_des_relais`)."""
    est_relais, leurs = accueil["type_lieu"] == RELAIS, (ENREGISTREMENTS, EN_LIGNE, "n_entretiens")
    return accueil.assign(**{c: accueil[c].mask(est_relais & accueil[c].gt(0)) for c in leurs})


def loin_de_l_habitude(saisi: MoisSaisi, accueil: pd.DataFrame) -> str:
    """What is so far from the place's usual month (median of the others, three at least) that it is to be confirmed, in
    one sentence; empty when nothing is."""
    autres = accueil[(accueil["lieu"] == saisi.lieu) & (accueil["mois"] != saisi.mois)]
    for compte in COMPTES:
        valeur, connus = getattr(saisi, compte), autres[compte].dropna()
        if valeur is None or len(connus) < _MOIS_D_HABITUDE:
            continue
        usuel = float(connus.median())
        if max(valeur - 3 * usuel, usuel - 3 * valeur) > _ECART_PERMIS:
            return (
                f"Ce lieu compte {langue.nombre(usuel)} par mois d’habitude, et {langue.nombre(valeur)} est saisi : "
                "corriger, ou confirmer ce volume puis enregistrer."
            )
    return ""


MESURES_DITES = {
    ENREGISTREMENTS: ("Enregistrements", "enregistrement"),
    "n_pre_accueil": ("Pré-accueil", "pré-accueil"),
    "n_entretiens": ("Entretiens", "entretien"),
}
# What a place enters of its month, in this order.
SAISIS = {
    "n_pre_accueil": "Pré-accueil",
    ENREGISTREMENTS: "Enregistrements",
    EN_LIGNE: "dont en ligne",
    "n_entretiens": "Entretiens",
}
PORTEURS = {
    "COMMUNE": "Communes",
    "MEL": "Métropole",
    "ACTION_LOGEMENT": "Action Logement",
    "BAILLEUR": "Bailleurs",
    "ASSOCIATION": "Associations",
    "AUTRE": "Autres",
}
TYPES = {"LABELLISE": "labellisé", "RELAIS": "relais d’information"}
VOIES = {RESEAU: "Par le réseau", LIGNE: "En ligne"}


_FAITS = {
    ENREGISTREMENTS: ("enregistré", "demande", "demandes"),
    "n_pre_accueil": ("reçu", "personne en pré-accueil", "personnes en pré-accueil"),
    "n_entretiens": ("mené", "entretien réglementaire", "entretiens réglementaires"),
}


def constat(ou: str, accueil: pd.DataFrame, seance: Seance, mesure: str = ENREGISTREMENTS) -> str:
    """What the view counts over 12 months, beside the 12 before: registrations and the share of them made online, or
    another measure."""
    est_en_ligne, (fenetre, precedente) = mesure == ENREGISTREMENTS, fenetres(seance)
    lus = accueil if est_en_ligne else accueil[accueil[mesure].notna()]
    annee, avant = (lus[lus["mois"].isin(mois)] for mois in (fenetre, precedente))
    if annee.empty or (est_en_ligne and not annee[mesure].sum() > 0):
        quoi = MESURES_DITES[mesure][0].lower()
        return f"Dans {ou}, {quoi} : rien n’est compté dans le réseau d’accueil sur cette période."
    verbe, *noms = _FAITS[mesure]
    couverte, combien = duree(accueil, fenetre), langue.effectif(_somme(annee, mesure), *noms)
    # Nothing is compared with part of a year.
    avant = avant if couverte.est_entiere and duree(accueil, precedente).est_entiere else avant[:0]
    dits = f"Dans {ou}, {_lieux(annee, mesure)} {verbe} **{combien}** en {couverte}"
    ancien = langue.nombre(_somme(avant, mesure)) if len(avant) else ""
    if est_en_ligne:
        part, ancienne = part_en_ligne(annee), part_en_ligne(avant)
        if part is None:
            return f"{dits} ; l’enregistrement en ligne n’est pas compté."
        dits += f", dont **{langue.part(part)}** en ligne"
        ancien = "" if ancienne is None else langue.part(ancienne)
    return f"{dits}{f', contre {ancien} les 12 mois d’avant' if ancien else ''}."


def _lieux(annee: pd.DataFrame, mesure: str) -> str:
    """Who did it, with its verb: the places that have some, among those of the network when others have none."""
    tous = annee["lieu"].nunique()
    n = annee.loc[annee[mesure] > 0, "lieu"].nunique() or tous
    dits = langue.effectif(n, "lieu", "lieux")
    if n < tous:
        return f"{dits} d’accueil sur {langue.nombre(tous)} {langue.agree(n, 'a', 'ont')}"
    return f"les {dits} d’accueil ont" if n > 1 else "le lieu d’accueil a"


def relais(comptes: pd.Series) -> str:
    """What relais do that a relais does not, and how many times: counted apart. `comptes`: see
    `par_des_relais`; empty when none does."""
    if comptes.empty:
        return ""
    noms, reste = [str(nom) for nom in comptes.index], len(comptes) - 3
    dits = langue.liste([*noms[:3], *([f"{reste} {langue.agree(reste, 'autre')}"] if reste > 0 else [])])
    sont = langue.agree(len(noms), "est un relais", "sont des relais")
    declarent = langue.agree(len(noms), "déclare", "déclarent")
    return (
        f"À vérifier : {dits} {sont} d’information et {declarent} {langue.nombre(comptes.sum())} enregistrements et "
        "entretiens, qu’un relais ne fait pas : comptés à part."
    )


def reserves(annee: pd.DataFrame, mesure: str, comptes: pd.Series) -> str:
    """What is left out of the counts, never as a zero; how many months were entered on screen, and how many changed a
    file's number; then `relais`."""
    n, saisis, corriges = (int(x.sum()) for x in (annee[mesure].isna(), annee["est_saisi"], annee["est_corrige"]))
    change = f", dont {langue.nombre(corriges)} où la saisie remplace le fichier" if corriges else ""
    dits = (
        f"{langue.effectif(n, 'mois non saisi', 'mois non saisis')}, hors du compte." if n else "",
        f"{langue.effectif(saisis, 'mois saisi', 'mois saisis')} à l’écran{change}." if saisis else "",
        relais(comptes),
    )
    return " ".join(filter(None, dits))


def evolution(accueil: pd.DataFrame, seance: Seance, mesure: str) -> str:
    """The last 12 months against the first 12 of the network, when there are two such years."""
    mois = sorted(accueil["mois"].unique())
    annee, _ = fenetres(seance)
    if len(mois) < 2 * MOIS_D_UN_AN or not duree(accueil, annee).est_entiere:
        return "Moins de deux ans de recul : l’évolution depuis le début du réseau ne se mesure pas encore."
    debut = _somme(accueil[accueil["mois"].isin(mois[:MOIS_D_UN_AN])], mesure)
    fin = _somme(accueil[accueil["mois"].isin(annee)], mesure)
    if debut == 0:
        return f"Rien n’était compté les 12 premiers mois, à partir de {mois_dit(mois[0])}."
    ecart = (fin - debut) / debut
    return (
        f"{MESURES_DITES[mesure][0]} : **{langue.signe(100 * ecart, 1)}{langue.FINE}%** des 12 premiers mois "
        f"({langue.nombre(debut)}, à partir de {mois_dit(mois[0])}) aux 12 derniers ({langue.nombre(fin)})."
    )


def mois_dit(mois: str) -> str:
    """`2017-09` → `septembre 2017`."""
    annee, numero = mois.split("-")
    return langue.mois(date(int(annee), int(numero), 1))


def _somme(lignes: pd.DataFrame, mesure: str) -> int:
    return int(lignes[mesure].sum())


# Why, in Markdown that names the day of the data.
POURQUOI = """**Volumes du réseau d’accueil** : pré-accueil, enregistrements, entretiens, saisis par lieu et par mois.

- **En ligne** : part des enregistrements faits en ligne, là où les deux nombres sont saisis.
- **Poids** : pour une commune, sa part des habitants (population municipale) ; pour un acteur, sa part des lieux.
- **Laissés de côté** : un mois non saisi n’est pas un zéro ; un lieu sans commune n’entre dans aucune ICI.
- **Source** : table « accueil », données publiées le {jour}. Les lieux ne reçoivent pas tous les mêmes demandeurs :
  un écart entre part et poids n’est pas un jugement.
"""
