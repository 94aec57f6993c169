"""The sentences of the convergence: when the gap halves, what is left of it in the end; each gap is rendered as it is
written."""

from __future__ import annotations

from mel_core.secret.bail import reader
from mel_core.simulation.convergence import Convergence
from mel_core.socle import langue


def reponse(visees: dict[str, float] | None, resultat: Convergence, horizon: int) -> str:
    """What the entrants tried do to the gap. `visees`: share by class; None when entrants stay as observed."""
    if resultat.ecart_initial is None or resultat.ecart_horizon is None:
        return "L’écart n’a pas de trajectoire : il faut les deux types de quartiers, fragiles et sans fragilité."
    debut = f"Avec des entrants {'comme constaté' if visees is None else _visees(visees)}"
    if abs(resultat.ecart_initial) < _NUL:
        return f"{debut}, l’écart est déjà nul."
    a_l_horizon = f"{points(resultat.ecart_horizon)} au {rang(horizon)} semestre"
    if _est_inverse(resultat.ecart_horizon, resultat.ecart_initial):
        inverse = (
            f"il se serait inversé : **{points(resultat.ecart_horizon)} de plus** dans les quartiers "
            f"{_du_cote(resultat.ecart_horizon)} au {rang(horizon)} semestre"
        )
        if resultat.semestre_moitie is None:  # from one side to further on the other, between two semesters
            return f"{debut}, l’écart n’est jamais réduit de moitié ; {inverse}."
        quand = f"{rang(resultat.semestre_moitie)} semestre{_plage(resultat)}"
        return f"{debut}, l’écart est réduit de moitié au {quand}, puis {inverse}."
    if resultat.semestre_moitie is None:
        duree = langue.effectif(horizon, "semestre")
        return f"{debut}, l’écart n’est pas réduit de moitié en {duree} : il serait de **{a_l_horizon}**."
    quand = f"**{rang(resultat.semestre_moitie)} semestre**{_plage(resultat)}"
    return f"{debut}, l’écart est réduit de moitié au {quand} ; il serait de {a_l_horizon}."


def limite(resultat: Convergence, *, est_visee: bool) -> str:
    """What remains in the end, and on what condition. `est_visee`: of entrants that are tried, not those observed."""
    if resultat.part_inatteignable is None or resultat.ecart_limite is None:
        return ""
    condition = (
        "si les entrants devenaient et restaient ceux-là" if est_visee else "si les entrants restent ce qu’ils sont"
    )
    debut, initial = f"À très long terme, {condition},", resultat.ecart_initial or 0.0
    if _est_inverse(resultat.ecart_limite, initial):
        ou, inverse = _du_cote(resultat.ecart_limite), points(resultat.ecart_limite)
        est_deja = resultat.ecart_horizon is not None and _est_inverse(resultat.ecart_horizon, initial)
        verbe = "resterait inversé" if est_deja else "s’inverserait"
        return f"{debut} l’écart {verbe} : {inverse} de plus dans les quartiers {ou}."
    if resultat.part_inatteignable < _NUL:
        return f"{debut} il ne resterait rien de cet écart."
    part, reste = langue.part(resultat.part_inatteignable, 0), points(resultat.ecart_limite)
    return f"{debut} il resterait {reste} d’écart, **{part} de celui d’aujourd’hui**."


def points(ecart: float) -> str:
    """A gap of shares in points as it is read, without a sign: `25,4 points`."""
    return langue.points(abs(reader().projetee(ecart)) * 100).lstrip("+")


def rang(n: int) -> str:
    """`1er`, `16e`."""
    return "1er" if n == 1 else f"{n}e"


def _est_inverse(ecart: float, initial: float) -> bool:
    """Whether the modest are more on the other side than today."""
    return abs(ecart) > _NUL and (ecart > 0) != (initial > 0)


def _du_cote(ecart: float) -> str:
    """Where they are more."""
    return "fragiles" if ecart > 0 else "sans fragilité"


def _plage(resultat: Convergence) -> str:
    tot, tard = resultat.semestre_tot, resultat.semestre_tard
    if tot is None:
        return ""
    if tard is None:
        return f" (du {rang(tot)} à au-delà de l’horizon, selon la rotation)"
    return f" (du {rang(tot)} au {rang(tard)}, selon la rotation)" if tot != tard else ""


def _visees(visees: dict[str, float]) -> str:
    valeurs = set(visees.values())
    if len(valeurs) == 1:
        return f"modestes à {langue.part(valeurs.pop())} partout"
    ou = {"fragile": "en quartier fragile", "moyenne": "en fragilité moyenne", "sans": "sans fragilité"}
    return f"modestes à {langue.liste([f'{langue.part(visees[c])} {dit}' for c, dit in ou.items() if c in visees])}"


_NUL = 5e-4
