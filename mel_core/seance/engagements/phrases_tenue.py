"""Whether the engagements of former séances are held, and by which places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mel_core.seance.engagements.resultat_engagement import EN_COURS, NON_TENU, TENU
from mel_core.socle import langue


def lieux_tenus(comptes: Iterable[tuple[int, int, int, str]]) -> str:
    """`**3 communes sur 8** et **0 bailleur sur 1** tiennent leur part… ; 12 communes ne se jugent pas`; empty when
    none may be judged.

    `comptes`: how many hold theirs, how many are judged, how many more had one, what they are (commune, bailleur).
    """
    lus = list(comptes)
    juges = [(n, total, quoi) for n, total, _, quoi in lus if total]
    if not juges:
        return ""
    dits = langue.liste([f"**{langue.effectif(n, quoi)} sur {langue.nombre(total)}**" for n, total, quoi in juges])
    un_seul = len(juges) == 1 and langue.agree(juges[0][0], "un", "des") == "un"
    verbe = "tient sa part" if un_seul else "tiennent leur part"
    autres = [(tus, quoi) for _, _, tus, quoi in lus if tus]
    pas = langue.agree(sum(tus for tus, _ in autres), "ne se juge pas", "ne se jugent pas")
    reste = f" ; {langue.liste([langue.effectif(tus, quoi) for tus, quoi in autres])} {pas}" if autres else ""
    return f"{dits} {verbe} de l’engagement{reste}."


def constats(verdicts: Sequence[str]) -> str:
    """`**1 engagement non tenu** et **2 engagements tenus**`, of the previous séances; empty without any.

    `verdicts`: one per engagement, a key of `resultat.VERDICTS`, or "" where its list is no longer there.
    """
    mots = {
        NON_TENU: ("engagement non tenu", "engagements non tenus"),
        TENU: ("engagement tenu", "engagements tenus"),
        EN_COURS: ("engagement en cours", "engagements en cours"),
        "": ("engagement sans constat possible", "engagements sans constat possible"),
    }
    comptes = ((list(verdicts).count(v), *mot) for v, mot in mots.items())
    return langue.liste([f"**{langue.effectif(n, un, des)}**" for n, un, des in comptes if n])
