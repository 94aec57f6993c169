"""The sentences of the coordination screens. Pure: what was written and measured in, French out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from mel_core.indicateurs.besoins import remede
from mel_core.indicateurs.mesures import EFFECTIF_MINIMAL
from mel_core.seance.coordination.blocages import Blocage
from mel_core.seance.coordination.promesses import ARRONDI, MASQUE, count_loges, judge_part
from mel_core.seance.coordination.temoins import Temoin, est_de_la_mesure
from mel_core.seance.engagements.cohortes import CROISE
from mel_core.seance.engagements.engagement_pris import EngagementJuge
from mel_core.seance.preuves import Preuve, ProfilBlocage
from mel_core.seance.preuves.dits import write
from mel_core.seance.preuves.dossier_preuves import MESURES
from mel_core.seance.preuves.plainte import Plainte
from mel_core.seance.preuves.plainte import read as read_plainte
from mel_core.seance.verdict import MOTS, Jugement, Mot, count_up, say_lieux
from mel_core.secret.bail import reader
from mel_core.socle import langue
from mel_core.socle.appellations import TYPOLOGIES_DITES
from mel_core.socle.periodes import Seance

RESSOURCES_DITES = {
    "tres_modeste": "très modestes",
    "modeste": "modestes",
    "intermediaire": "intermédiaires",
    "eleve": "plus élevées",
}
ACCES_DITS = {"premier_acces": "premier accès", "mutation": "mutation"}
LABELS_DITS = {
    "aci": "ACI (dont DALO, PDALHPD)",
    "mutation_bloquee": "mutation bloquée",
    "npru": "relogement NPRU",
    "droit_commun": "droit commun",
}
_POUR_ACCES = {"premier_acces": "les premiers accès", "mutation": "les mutations"}
_POUR_LABELS = {  # in a sentence: `pour …`
    "aci": "les ménages ACI",
    "mutation_bloquee": "les mutations bloquées",
    "npru": "les relogements NPRU",
    "droit_commun": "les ménages de droit commun",
}

DE_LA_PROPOSITION = "Le texte part de la proposition des co-pilotes : le corriger, puis acter."
SANS_DECISION, SANS_ENGAGEMENT = "Aucune décision n’a été actée.", "Aucun engagement n’a été pris."


def ouverture(
    ou: str,
    seance: str,
    verdicts: Sequence[Jugement],
    engagements: Sequence[Jugement],
) -> str:
    """The 9h00 message: what the séances before decided, and what it gave: the verdict of each decision that reopens,
    and of each engagement, or that there is none. `seance`: the one before."""
    n = len(verdicts)
    if n == 0 and not engagements:
        return langue.typeset(
            f"Dans {ou}, aucune décision ni aucun engagement de la séance {seance} n’est au journal : rien n’est à "
            "constater aujourd’hui."
        )
    morceaux = []
    if n:
        quoi = langue.effectif(n, "décision rouverte", "décisions rouvertes")
        morceaux.append(f"**{quoi}** : {langue.liste(count_up(verdicts))}")
    if engagements:
        morceaux.append(langue.liste(count_up(engagements, "engagement")))
    return langue.typeset(f"Dans {ou}, {' ; '.join(morceaux)}.")


def engagements(ou: str, verdicts: Sequence[Jugement], n_actes: int) -> str:
    """The 13h30 message: what became of the engagements of the séances before, how many are acted today. How to act one
    is for who prepares."""
    dits = []
    if verdicts:
        dits.append(f"{langue.liste(count_up(verdicts, 'engagement'))} parmi ceux des séances précédentes")
    if n_actes:
        dits.append(f"**{langue.effectif(n_actes, 'engagement acté', 'engagements actés')}** à cette séance")
    comment = remede(" : choisir un segment, déplacer le curseur, puis acter")
    return f"Dans {ou}, {' ; '.join(dits) or f'aucun engagement n’est acté à cette date{comment}'}."


def say_parts(resultat: EngagementJuge) -> str:
    """How many of the places that were asked a part hold it, as it is read: see `say_lieux`. Of a commune and of a
    bailleur at once, to who reads all."""
    e, comptes = resultat.engagement, []
    promis = {"commune": e.par_commune, "bailleur": e.par_bailleur}
    if reader().lit_tout and CROISE in resultat.par_lieu:
        promis["cellule"] = e.par_cellule
    for coupe, parts in promis.items():
        lus = count_parts(resultat.par_lieu[f"{coupe}_bail"], coupe, parts, resultat.verdict) if parts else (0, 0, 0)
        comptes.append((*lus, "croisement" if coupe == "cellule" else coupe))
    return say_lieux(comptes)


def count_parts(
    par_lieu: pd.DataFrame, coupe: str, promis: Mapping[str, int], jugement: Jugement
) -> tuple[int, int, int]:
    """How many places hold their part, over how many are judged; how many that had one are read too few, or too near
    it, for it to be said. `par_lieu`: see `cohortes.bilan_par`."""
    lus: Counter[str] = Counter()
    loges = count_loges(par_lieu)
    for code, k in promis.items():
        lus[judge_part(loges.get(code, 0), reader().chez(coupe, code), k, jugement)] += 1
    oui, non = lus[MOTS[Mot.TENU]], lus[MOTS[Mot.NON_TENU]]
    return oui, oui + non, lus[MASQUE] + lus[ARRONDI]


def ordre_du_jour(ou: str, n: int, n_renvoyes: int, n_laisses: int) -> str:
    """How many items are sent back, how many still without a decision, as the closing counts them. Where to find some
    is for who prepares: a room is sent nowhere."""
    if n == 0:
        depuis = "en retenir depuis Préparer › Blocages, ou en inscrire un de ceux que personne n’a signalés"
        return f"Dans {ou}, aucun blocage n’est inscrit à l’ordre du jour{remede(f' : {depuis}')}."
    quoi = langue.effectif(n, "blocage")
    if n_laisses == n_renvoyes == 0:
        if n == 1:
            return f"Dans {ou}, le blocage de l’ordre du jour a sa décision."
        return f"Dans {ou}, les {quoi} de l’ordre du jour ont leur décision."
    renvoyes = f", **{langue.effectif(n_renvoyes, 'renvoyé')}**" if n_renvoyes else ""
    laisses = f", **{langue.nombre(n_laisses)}** encore sans décision" if n_laisses else ""
    return f"Dans {ou}, {quoi} à l’ordre du jour{renvoyes}{laisses}."


def a_reporter(n: int) -> str:
    """`2 points laissés par les séances d’avant, à reporter`: what the agenda does not hold yet."""
    return f"{langue.effectif(n, 'point laissé', 'points laissés')} par les séances d’avant, à reporter"


def ce_qui_fonctionne(ou: str, n: int) -> str:
    """How many practices and testimonies were noted today."""
    dit = f"**{langue.effectif(n, 'témoignage')}** d’aujourd’hui" if n else "rien n’a encore été noté aujourd’hui"
    return f"Ce qui fonctionne dans {ou} : {dit}."


def actes(n_decisions: int, n_renvoyees: int, n_engagements: int) -> list[str]:
    """`1 décision actée`, `1 décision renvoyée`, `2 engagements pris`: what a séance wrote; empty when nothing was."""
    comptes = (
        (n_decisions, "décision actée", "décisions actées"),
        (n_renvoyees, "décision renvoyée", "décisions renvoyées"),
        (n_engagements, "engagement pris", "engagements pris"),
    )
    return [langue.effectif(*compte) for compte in comptes if compte[0]]


def laisses(n: int) -> str:
    """`2 points de l’ordre du jour restent sans décision`."""
    quoi = langue.effectif(n, "point de l’ordre du jour", "points de l’ordre du jour")
    return f"{quoi} {langue.agree(n, 'reste', 'restent')} sans décision"


def rien_d_acte(ou: str, seance: Seance, n_laisses: int, *, est_en_salle: bool) -> str:
    """Of the relevé of a séance where nothing is acted, nor signed. Where to act is for who prepares."""
    reste = f" ; **{laisses(n_laisses)}**" if n_laisses else ""
    ailleurs = " Les décisions se prennent à 10h30, les engagements à 13h30." if not est_en_salle else ""
    return f"Dans {ou}, rien n’est encore acté à la séance {seance}{reste}.{ailleurs}"


def cloture(ou: str, comptes: tuple[int, int, int, int], etat: str) -> str:
    """Where the relevé stands. `comptes`: decisions acted, sent back, engagements, items of the agenda without a
    decision; `etat`: see `signature.say_etat_en_seance`."""
    quoi = langue.liste([f"**{x}**" for x in actes(*comptes[:3])])
    reste = f" ; **{laisses(comptes[3])}**" if comptes[3] else ""
    return f"Dans {ou}, {quoi or 'aucune décision actée'} : {etat}{reste}."


def sans_donnees(seance: Seance, servie: Seance | None = None) -> str:
    """Before the data of a séance: on which its blocages rest (of `servie`); without it, that its sequence waits."""
    suite = (
        f"ce qui l’objective ci-dessous est de la séance {servie}"
        if servie
        else "sa séquence sera proposée quand elles seront importées"
    )
    return langue.typeset(f"La séance {seance} n’a pas encore de données : {suite}.")


def message_du_blocage(blocage: Blocage, sujet: str, constats: Sequence[Preuve]) -> str:
    """The finding to say first (`head`), its value in bold; that nothing tells the sector apart otherwise. That no
    column has what is complained of is said first; last, that it is of all bailleurs where the report names one."""
    plainte = plainte_de(blocage)
    tete, lue = head(constats, plainte), read_plainte(plainte)
    absent = f"{_absent(lue)} " if lue and lue.absent else ""
    if tete is not None:
        dite, de_tous = tete.phrase(), " Tous bailleurs confondus." if blocage.bailleur else ""
        if absent and lue and tete.mesure == lue.mesure:
            dite = f"Le plus proche : {dite[0].lower()}{dite[1:]}"
        return f"{absent}{dite}{de_tous}"
    dit = f" de {EFFECTIF_MINIMAL} cas au moins" if reader().lit_tout else " que l’on puisse dire ici"
    quoi = "l’ICI de la Métropole" if blocage.secteur.est_entiere else "ce secteur du reste de l’ICI"
    return f"{absent}{sujet} : aucun chiffre{dit} ne distingue {quoi}."


def _absent(lue: Plainte) -> str:
    return f"Aucune colonne ne dit {lue.absent}."


def prevenir(constat: str) -> str:
    """Of a complaint as it is typed: that no column measures it, and what will be read instead; empty otherwise."""
    lue = read_plainte(constat)
    if lue is None or not lue.absent:
        return ""
    titre = MESURES[lue.mesure].titre
    return langue.typeset(f"{_absent(lue)} À 10h30, le plus proche sera lu : {titre[0].lower()}{titre[1:]}.")


def head(constats: Sequence[Preuve], plainte: str = "") -> Preuve | None:
    """The finding that bears on the complaint, where its value is known, also to who may not read it; else that of the
    blocage's own profile that departs most from the ICI, of a whole ICI from the Métropole; None when none does. None
    heads that is of fewer than contract §4 concludes on."""
    lue = read_plainte(plainte)
    siens = [c for c in constats if c.est_du_profil and (c.unite == "nombre" or c.effectif >= EFFECTIF_MINIMAL)]
    vise = next((c for c in siens if lue and c.mesure == lue.mesure and c.valeur is not None), None)
    if vise is not None:
        return vise
    ecarts = {c.mesure: _ecart(c) for c in siens}
    parlant = max(siens, key=lambda c: ecarts[c.mesure], default=None)
    return None if parlant is None or ecarts[parlant.mesure] == 0 else parlant


def sans_temoin(tete: Preuve | None, temoins: Iterable[Temoin]) -> str:
    """That the finding said first is not among those that a decision may be followed by; empty where it is."""
    if tete is None or any(est_de_la_mesure(temoin, tete.mesure) for temoin in temoins):
        return ""
    quoi = MESURES[tete.mesure].titre
    return langue.typeset(f"« {quoi} » ne suit aucune décision : choisir le chiffre le plus proche, ou aucun.")


def plainte_de(blocage: Blocage) -> str:
    """The words that choose the figure: those of the room, else of who reported it, which a room does not read. The
    same figure heads it at a desk and in the room."""
    return blocage.dit.strip() or blocage.constat


def _ecart(constat: Preuve) -> float:
    """How far from the ICI (a whole one, from the Métropole), in proportion, by what is said of both; 0 when either is
    not, when both read the same, and for counts (a part is always smaller)."""
    autour, siens = (constat.read(c) for c in ("mel" if constat.lieu.est_entiere else "ici", "secteur"))
    if constat.unite == "nombre" or siens is None or autour is None or not autour.valeur:
        return 0.0
    if write(siens.valeur, constat.unite) == write(autour.valeur, constat.unite):
        return 0.0
    ecart = abs(float(siens.valeur) / float(autour.valeur) - 1)
    return 0.0 if pd.isna(ecart) else ecart


def sujet(blocage: Blocage, noms: Mapping[str, str]) -> str:
    """`Roubaix, Tourcoing · T2, mutation`: where and for whom, to name a blocage. `noms`: of its places, by code."""
    s, p = blocage.secteur, blocage.profil
    ou = ", ".join(noms.get(c, c) for c in (*s.communes, *s.quartiers, *s.residences))
    qui = (
        noms.get(blocage.bailleur, blocage.bailleur),
        TYPOLOGIES_DITES.get(p.typologie or "", p.typologie),
        f"ressources {RESSOURCES_DITES[p.ressources]}" if p.ressources else None,
        ACCES_DITS.get(p.acces or ""),
        LABELS_DITS.get(p.label or ""),
    )
    return " · ".join(x for x in (ou or blocage.ici, ", ".join(q for q in qui if q)) if x)


def situate(blocage: Blocage, noms: Mapping[str, str]) -> str:
    """`à Marcq-en-Barœul, pour les mutations en T4, chez Vilogia`: where and for whom, in a sentence."""
    s = blocage.secteur
    fins = [noms.get(c, c) for c in (*s.quartiers, *s.residences)]
    ou = langue.liste([*(langue.a_la_commune(noms.get(c, c)) for c in s.communes), *fins])
    qui = _pour(blocage.profil)
    chez = f"chez {noms.get(blocage.bailleur, blocage.bailleur)}" if blocage.bailleur else ""
    return ", ".join(x for x in (ou or f"dans {langue.ici(blocage.ici)}", f"pour {qui}" if qui else "", chez) if x)


def _pour(p: ProfilBlocage) -> str:
    """`les premiers accès aux ressources modestes en T4`: who is all of it at once; empty of everybody."""
    typologie = TYPOLOGIES_DITES.get(p.typologie or "", "")
    label, acces = _POUR_LABELS.get(p.label or "", ""), _POUR_ACCES.get(p.acces or "", "")
    if not (label or acces or p.ressources):
        return f"les {'chambres' if p.typologie == 'C' else typologie}" if typologie else ""
    return " ".join(
        x
        for x in (
            label or acces or "les ménages",
            f"aux ressources {RESSOURCES_DITES[p.ressources]}" if p.ressources else "",
            f"en {ACCES_DITS[p.acces]}" if label and p.acces and p.label != "mutation_bloquee" else "",
            f"en {typologie}" if typologie else "",
        )
        if x
    )


def lead(blocage: Blocage, noms: Mapping[str, str], qui: Mapping[str, str], *, est_signe: bool = False) -> str:
    """`À Lille, pour les T4 : les délais s’allongent`: where and for whom, then what a room reads of it, which may
    begin with where. `qui`: names of organisations; `est_signe`: told with who reported it."""
    ou = langue.capitalize(situate(blocage, noms))
    dite = f"{ou} : {dit(blocage, qui, est_signe=est_signe, apres=ou.partition(',')[0] + ', ')}"
    return langue.typeset(langue.close(dite) if est_signe else dite)


def dit(blocage: Blocage, noms: Mapping[str, str], *, est_signe: bool = False, apres: str = "") -> str:
    """What a room reads of a blocage: the co-pilots' words, less `apres`, which stands before; or who reported it, whom
    `est_signe` adds to them. That they are still to be written is for the co-pilots."""
    qui, dite = noms.get(blocage.organisation, blocage.organisation), blocage.dit.strip().removeprefix(apres)
    if not dite:
        return langue.typeset(f"signalement de {qui}{remede(' à reformuler')}")
    return f"{dite.removesuffix('.')} (signalé par {qui})" if est_signe else dite


def signale(blocage: Blocage, noms: Mapping[str, str], *, lit_tout: bool = False) -> str:
    """Who reported, since when, who presents it, what is said of it; to the co-pilots (`lit_tout`), in the words of the
    sender, with what was tried."""
    depuis = f", depuis le {langue.jour(blocage.depuis_le)}" if blocage.depuis_le else ""
    tente = f" Déjà tenté : {blocage.tente}" if blocage.tente.strip() else ""
    quoi = f"{langue.close(blocage.recit)}{tente}" if lit_tout else blocage.dit.strip()
    presente = f", présenté par {blocage.presente.strip()}" if blocage.presente.strip() else ""
    debut = f"Signalé par {noms.get(blocage.organisation, blocage.organisation)}{depuis}{presente}"
    return langue.typeset(langue.close(f"{debut} : {quoi}" if quoi else debut))


def lead_point(joints: Sequence[Blocage], noms: Mapping[str, str], qui: Mapping[str, str]) -> str:
    """`lead` of the first, which bears the others, with who reported it, then what is said of each of these."""
    porteur, *membres = joints
    return " ".join(
        [lead(porteur, noms, qui, est_signe=True), *signalements(membres, qui, deja=(porteur.organisation,))]
    )


def signalements(
    joints: Sequence[Blocage], noms: Mapping[str, str], *, lit_tout: bool = False, deja: Sequence[str] = ()
) -> list[str]:
    """What is said of a blocage and of those that were merged into it, one by one; of which nothing is, who reported
    them and presents them, together. `deja`: who is named before."""
    dits = [b for b in joints if lit_tout or b.dit.strip()]
    nommes = [*deja, *(b.organisation for b in dits)]
    muets = {
        noms.get(b.organisation, b.organisation): b.presente.strip()
        for b in joints
        if b not in dits and (b.presente.strip() or b.organisation not in nommes)
    }
    qui = langue.liste([f"{nom} (présenté par {presente})" if presente else nom for nom, presente in muets.items()])
    reste = [f"Signalé{' aussi' if nommes else ''} par {qui}."] if muets else []
    return [signale(b, noms, lit_tout=lit_tout) for b in dits] + reste


def proposition(blocage: Blocage) -> str:
    """What the co-pilots propose to decide; empty while they did not."""
    dite = blocage.proposition.strip()
    return langue.typeset(langue.close(f"Proposition des co-pilotes : {dite}")) if dite else ""


def say_hors_presents(qui: Iterable[str]) -> str:
    """Of those who took a position, by name, and are not noted present: what the relevé would print; empty of none."""
    noms = sorted(set(qui))
    ont_pris = langue.agree(len(noms), "a pris position", "ont pris position")
    remede = langue.agree(len(noms), "noté présent : l’ajouter", "notés présents : les ajouter")
    return f"{langue.liste(noms)} {ont_pris} sans être {remede}, ou corriger la décision." if noms else ""
