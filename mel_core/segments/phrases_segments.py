"""The sentences of a segment: what it counts and over how many, what its demandes share, whom no other segment sees;
where it asks and how few are let there.

Pure: figures in, French out. Numbers between ** are the ones to see from the last row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import pandas as pd

from mel_core.secret.bail import Audience, reader
from mel_core.segments.calcul_segments import Recouvrements
from mel_core.segments.compilation import Criteres
from mel_core.segments.libre import SegmentLibre
from mel_core.segments.profil import Servables
from mel_core.segments.regles_segments import segment_de
from mel_core.socle import langue
from mel_core.socle.appellations import TYPOLOGIES_DITES
from mel_core.socle.valeurs import Compte

SANS_LIMITE = 0
CLES_DES_LIEUX = {"commune": "commune_souhaitee", "bailleur": "bailleur"}  # by which its demandes are counted
PAR_COMMUNE = "Demandes, dans chaque commune souhaitée"
DRAPEAUX = {
    "delai_anormalement_long": "délai anormalement long",
    "multiples_attributions_sous_conditions": "multiples attributions sous conditions",
}
TENSION = (
    "demandes actives qui souhaitent la commune (et la typologie), pour une attribution de la période ; une "
    "demande compte dans chacun de ses souhaits"
)
_PROCHES = 0.05  # two means closer than this are said equal
_PART_DITE = 0.01  # a smaller share is not worth a sentence


def fenetre_dite(mois: int) -> str:
    """`en 24 mois`, or since ever."""
    return "depuis toujours" if mois == SANS_LIMITE else f"en {mois}{langue.INSECABLE}mois"


def regle_dite(
    quoi: str | SegmentLibre,
    n: langue.Nombre,
    criteres: Criteres,
    est_drapeau: bool,
    noms: Mapping[str, str],
    *,
    est_nue: bool = False,
) -> str:
    """What the demandes of the segment have in common, as the end of a sentence whose subject is `n` demandes.

    `est_nue`: for a sheet, without the marks of emphasis of the screens.
    """
    insiste = "" if est_nue else "*"
    un = langue.agree(n, "", "pluriel") == ""
    if isinstance(quoi, SegmentLibre):
        if not quoi.conditions:
            return f"{'est retenue' if un else 'sont retenues'} : aucune condition n’est encore posée"
        return f"répond{'' if un else 'ent'} à : {quoi.phrase(noms)}"
    ent, ont, sont, e = ("", "a", "est", "e") if un else ("ent", "ont", "sont", "es")
    n_min, fenetre = criteres.n_min, criteres.fenetre
    duree, quand = f"{criteres.seuil(quoi)}{langue.INSECABLE}mois", fenetre_dite(fenetre)
    attend = f"attend{ent} depuis plus de {duree}"
    delai = f"port{'e' if un else 'ent'} le drapeau « délai anormalement long » du SNE"
    derriere = f"{ont} été retenu{e} au moins {n_min} fois derrière un autre candidat {quand}, jamais au premier rang"
    return {
        "attente_24": f"{attend} sans proposition {insiste}enregistrée{insiste}",
        "attente_36": f"{attend} sans proposition {insiste}enregistrée{insiste}",
        "poulidor": f"{derriere}, sans rien refuser",
        "poulidor_refus": f"{derriere}, et {ont} refusé au moins une fois",
        "rang_1_sans_bail": f"{ont} été classé{e} au premier rang {quand} sans bail signé",
        "non_attributions_repetees": (
            f"{ont} été écarté{e} au moins {n_min} fois en commission {quand}, "
            + (f"jamais retenu{e}" if fenetre == SANS_LIMITE else f"sans être retenu{e} une seule fois sur cette durée")
        ),
        "jamais_presentes": f"n’{ont} jamais été présenté{e}, d’après ce qui est {insiste}enregistré{insiste}",
        "mutations_bloquees_en_attente": f"{sont} une mutation bloquée" if un else "sont des mutations bloquées",
        "aci_en_attente": f"relèv{'e' if un else 'ent'} de l’accord collectif, du DALO ou du PDALHPD",
        "delai_anormalement_long": delai if est_drapeau else f"attend{ent} depuis {duree} ou plus",
    }[quoi]


def definition(quoi: str | SegmentLibre, criteres: Criteres, est_drapeau: bool, noms: Mapping[str, str]) -> str:
    """Whom it counts, at these steps, with what its sentence leaves for who asks why."""
    regle = regle_dite(quoi, 2, criteres, est_drapeau, noms, est_nue=True)
    precision = "" if isinstance(quoi, SegmentLibre) else segment_de(quoi).precision.format(mois=criteres.seuil(quoi))
    return langue.typeset(f"Demandes actives qui {regle}{f' : {precision}' if precision else ''}.")


def explain(ici: str, comptes: Iterable[Compte], inconnues: Compte | None) -> dict[str, str]:
    """What is said of the count to who asks why, by heading. `comptes`: of the segment, of the active demandes;
    `inconnues`: those that do not tell (None: nobody knows which)."""
    n, actives = comptes
    laissees = (
        "les demandes radiées à cette date ; ce qui n’est pas enregistré ne se distingue pas de ce qui n’a pas eu lieu"
        if inconnues is None
        else f"{langue.effectif(inconnues, 'demande')} sans l’information"
    )
    return {
        "Comptes": f"{n} sur {langue.effectif(actives, 'demande active', 'demandes actives')} {de_l_ici(ici)}",
        "Laissées de côté": laissees,
        "Communes": "souhaitées (une demande compte dans chacune, et dans l’ICI de chacune) ou habitée : le bouton de "
        "la répartition dit laquelle",
        "Levier": "flux attendu, la moitié des attributions de la période ; ce qu’il donne déjà, la part des baux du "
        "semestre écoulé signés par des ménages du segment, portée à ce flux",
        "Tension": TENSION,
        "Texte": "§ 5 du contrat de données ; le support de 2017 nomme ces ménages sans en donner le compte",
    }


def say(
    ou: str,
    quoi: str | SegmentLibre,
    criteres: Criteres,
    comptes: tuple[int, int],
    noms: Mapping[str, str],
    *,
    est_drapeau: bool,
    reserves: Iterable[str] = (),
) -> str:
    """How many demandes are in the segment among the active ones (`comptes`, exact), and its rule in words; `reserves`:
    what is said beside."""
    n, actives = (reader().compte(c) for c in comptes)
    regle = regle_dite(quoi, n, criteres, est_drapeau, noms)
    return " ".join((constat(ou, n, actives, reader().part(*comptes), regle), *reserves))


def chez(comptes: pd.DataFrame, coupe: str, code: str, titre: str, ici: str = "") -> str:
    """`**340** la souhaitent, plus de 36 mois sans proposition enregistrée`: of a place. `comptes`: by its key, see
    CLES_DES_LIEUX; `ici`: of a bailleur, that whose demandes are counted, of who lives there and of who wishes to
    (empty: of all)."""
    n = reader().chez(coupe, code).compte(int(comptes.loc[comptes["cle"] == code, "n"].sum()))
    de_l_ici = f" qui habitent l’{ici} ou la demandent" if ici else ""
    qui = "la souhaitent" if coupe == "commune" else f"de ses locataires{de_l_ici}"
    return f"**{langue.nombre(n)}** {qui}, {titre[:1].lower()}{titre[1:]}"


def constat(ou: str, n: Compte, n_actives: Compte, part: float, regle: str) -> str:
    """`Dans l’ICI 2, **955** demandes actives sur 20 895 (**4,6 %**) ont été …`; `part`: nan when it is not said."""
    if n_actives == 0:
        return f"Dans {ou}, aucune demande n’était active à cette date."
    if n == 0:
        return f"Dans {ou}, **aucune** demande active sur {langue.nombre(n_actives)} n’est dans ce segment."
    actives = "demande active", "demandes actives"
    combien = (
        f"**{langue.effectif(n, *actives)}**"
        if n.est_tu
        else f"**{langue.nombre(n)}** {langue.agree(n_actives, *actives)}"
    )
    dite = "" if pd.isna(part) else f" (**{part_dite(part, n)}**)"
    return f"Dans {ou}, {combien} sur {langue.nombre(n_actives)}{dite} {regle}."


def part_dite(part: float, n: langue.Nombre) -> str:
    """The share that `n` are: a whole per cent may be none of it."""
    return f"moins de 1{langue.FINE}%" if part == 0 and n != 0 else langue.part(part)


def union(croisements: Recouvrements, nom: str, mois: int | None = None) -> str:
    """The union counted once, and those whom no other segment sees. `mois`: the step of this one, when it moved."""
    seuils = (
        "Chaque segment est pris à son seuil habituel."
        if mois is None
        else f"Celui-ci est pris à {mois}{langue.INSECABLE}mois, les autres à leur seuil habituel."
    )
    tous, actives, seuls = (
        reader().compte(n) for n in (croisements.union, croisements.n_actives, croisements.seuls[nom])
    )
    return (
        f"Les segments se recoupent, leurs comptes ne s’additionnent pas : **{langue.nombre(tous)}** demandes sur "
        f"{langue.nombre(actives)} sont dans au moins un segment ; {langue.nombre(seuls)} ne sont que dans celui-ci. "
        f"{seuils}"
    )


def drapeau(nom: str, n_les_deux: Compte, n_propose: Compte, n_sans_rien: Compte, n_sans_drapeau: Compte) -> str:
    """The SNE's own count beside ours, in four counts that never overlap: see `calcul_segments.drapeaux`."""
    les_deux = langue.effectif(n_les_deux, "demande porte", "demandes portent")
    sans_drapeau = langue.effectif(n_sans_drapeau, "n’est que dans ce segment", "ne sont que dans ce segment")
    return (
        f"Du drapeau « {DRAPEAUX[nom]} » du SNE : **{les_deux}** le drapeau et sont dans ce segment ; "
        f"{langue.nombre(n_propose)} le portent avec une proposition ou un passage enregistré ; "
        f"**{langue.nombre(n_sans_rien)}** le portent sans rien d’enregistré, seule part que l’enregistrement "
        f"manque ; {sans_drapeau}."
    )


def muets(bailleurs: Sequence[str]) -> str:
    """Whose households seem to wait without anything, because nothing is recorded."""
    qui = langue.liste(list(bailleurs))
    return f"Aucun événement n’est enregistré par {qui} : leurs candidats paraissent n’avoir jamais été proposés."


def servables(bornes: Servables) -> str:
    """The bound of what the flow could serve: an assumption that leaves nothing to anybody else."""
    if bornes.n == 0:
        return ""
    n, part = reader().compte(bornes.n_servables), reader().part(bornes.n_servables, bornes.n)
    dite = "" if pd.isna(part) else f" ({langue.part(part)})"
    combien = f"{n.tus} d’entre eux ou moins" if n.est_tu else f"au plus {langue.nombre(n)} d’entre eux{dite}"
    n_muets = reader().compte(bornes.n_inconnus)
    dites = langue.effectif(n_muets, "demande ne dit", "demandes ne disent")
    muets = f" {dites} pas où ou quoi, hors de ce compte." if n_muets > 0 else ""
    return (
        f"Six mois de flux serviraient **{combien}** là où ils souhaitent, si tout leur allait "
        f"(hypothèse : moitié des 12 derniers mois, sans regarder ressources ni labels).{muets}"
    )


def de_l_ici(ici: str) -> str:
    """Whose demandes are counted in an ICI; empty: in the whole Métropole."""
    return f"qui souhaitent {langue.ici(ici)} ou y habitent" if ici else "de la Métropole"


def trop_peu(quoi: str) -> str:
    """Why nothing else is told of a segment, or of whom it holds."""
    return f"Trop peu de ménages pour dire {quoi}."


def hors_ici(nom: str, n: Compte) -> str:
    """Of the communes that the ICI on view has not, the one that most want."""
    return f"Hors ICI, d’abord {nom} : {n}."


def say_autre_liste(commune: str) -> str:
    """To a commune that follows the link of another's list: it reads its own."""
    return f"Ce lien demande la liste d’une autre commune : voici celle de {commune}, la vôtre."


def say_parmi(quoi: str, ici: str) -> str:
    """What a bar counts (`Demandes, par…`), and among whom: of an ICI, those of its demandes, whatever splits them."""
    return quoi.replace("Demandes", f"Demandes de {langue.ici(ici)}", 1) if ici else quoi


def say_listes(titre: str) -> str:
    """Which lists an orientation opens."""
    return langue.typeset(f"Ouvrir les listes : « {titre} »")


def say_ont_refuse(n: int) -> str:
    """Beside a list of Poulidors, how many more would be, had they refused nothing."""
    return langue.typeset(f"Derrière aussi souvent, mais ont refusé : {langue.nombre(n)}")


def read_tension(demandes: pd.Series, attributions: pd.Series, lu_par: Audience) -> pd.Series:
    """Demandes for one attribution, as it is read: infinite without any attribution, empty where it is not said."""
    exactes = (demandes / attributions).where(demandes > 0).astype(float)
    lues = zip(exactes, demandes, attributions, strict=True)
    return pd.Series([lu_par.pour_une(t, (d, a)) for t, d, a in lues], demandes.index, dtype=float)


def tensions_dites(cellules: pd.DataFrame) -> pd.DataFrame:
    """The same cells (see `profil.tension`), `n`, `n_actives`, `n_attributions` as they are read, `tension` worked out
    of that, `n_attendues`: the attributions expected in six months."""
    tension = read_tension(cellules["n_actives"], cellules["n_attributions"], reader())
    lues = cellules.assign(n_attendues=cellules["n_attributions"] // 2, tension=tension)
    return reader().comptes(lues, ("n", "n_actives", "n_attributions", "n_attendues"))


def est_sien(cle: str, code: str) -> bool:
    """Whether a line of the cut `cle` (`commune_souhaitee`, `bailleur_bail`…) is of its place."""
    return bool(reader().code) and cle.startswith(reader().cle) and code == reader().code


def rank(comptes: pd.DataFrame, noms: Mapping[str, str], cle: str) -> pd.DataFrame:
    """One line per code, most first: `code`, `nom`, `n` as it is read. `comptes`: `cle`, `n`; `cle`: what it is split
    by."""
    siens = [est_sien(cle, code) for code in comptes["cle"]]
    dits = [reader().compte(n, est_sien=sien) for n, sien in zip(comptes["n"], siens, strict=True)]
    nommes = {"code": list(comptes["cle"]), "nom": [noms.get(c, c) for c in comptes["cle"]]}
    table = pd.DataFrame({**nommes, "n": pd.Series(dits, dtype=object)})
    # By what is read alone: a place in the list would tell what is not.
    ordre = table.assign(n=table["n"].astype(float).fillna(0)).sort_values(["n", "nom"], ascending=[False, True]).index
    return table.loc[ordre].reset_index(drop=True)


def dans_le_perimetre(tensions: pd.DataFrame, communes: Collection[str]) -> pd.DataFrame:
    """The cells of the communes of the scope, both said."""
    return tensions[tensions["commune"].isin(list(communes)) & tensions["typologie"].isin(list(TYPOLOGIES_DITES))]


def tension_moyenne(cellules: pd.DataFrame, poids: str) -> float | None:
    """Demandes per attribution, on average over the wishes that could be served: of the segment (`poids`: `n`), of all
    the demande (`n_actives`); each wish weighs one. None where none could be."""
    servies = cellules[cellules["n_attributions"] > 0]
    total = servies[poids].sum()
    return float((servies[poids] * servies["tension"]).sum() / total) if total else None


def constat_de_tension(cellules: pd.DataFrame, noms: Mapping[str, str]) -> str:
    """The finding: how tense it is where they ask, beside all the demande; what they want most. `cellules`: see
    `dans_le_perimetre`; `noms`: of the communes."""
    n_souhaits = int(cellules["n"].sum())
    segment, toutes = (tension_moyenne(cellules, poids) for poids in ("n", "n_actives"))
    if n_souhaits == 0:
        return "Aucun ne dit à la fois une commune et une typologie de ce périmètre : la tension y est inconnue."
    if segment is None or toutes is None:
        return "Rien de ce qu’ils souhaitent n’a été attribué sur la période dans ce périmètre."
    effectifs = (n_souhaits, int(cellules["n_attributions"].sum()))
    siens, tous = (reader().pour_une(t, effectifs) for t in (segment, toutes))
    if pd.isna(siens):
        return ""
    dite = langue.rapport(tous)
    est_proche = abs(siens - tous) <= _PROCHES * tous
    suite = f"comme pour toute la demande ({dite})" if est_proche else f"contre {dite} pour toute la demande"
    phrases = [f"Là où ils demandent, **{langue.demandes_pour_une(siens)} pour une attribution** en moyenne, {suite}."]
    lues = tensions_dites(cellules)
    sures = lues.assign(combien=lues["n"].astype(float)).dropna(subset=["combien", "tension"])
    if not sures.empty:
        premier = sures.sort_values(["combien", "tension"], ascending=False).iloc[0]
        ou = f"{noms.get(premier['commune'], premier['commune'])} en {TYPOLOGIES_DITES[premier['typologie']]}"
        phrases.append(
            f"Le souhait le plus fréquent, **{ou}** ({langue.nombre(premier['n'])}), y trouve **une attribution pour "
            f"{langue.demandes_pour_une(premier['tension'])}**."
        )
    sans_offre = reader().part(int(cellules.loc[cellules["n_attributions"] == 0, "n"].sum()), n_souhaits)
    if sans_offre >= _PART_DITE:
        phrases.append(f"{langue.part(sans_offre)} de leurs souhaits portent là où rien n’a été attribué.")
    return " ".join(phrases)
