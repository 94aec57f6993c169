"""What binds a target, as a room may see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from mel_core.scenarios import phrases
from mel_core.secret.regroupement import SEUIL
from mel_core.simulation.faisabilite import Limite, Raison


def dire(
    trouvee: Limite, noms: Mapping[str, str], seules: Collection[str], cellules: pd.DataFrame
) -> phrases.LimiteDite:
    """What binds, without a commune that is not shown alone, nor a count under eleven of its households.

    `cellules`: commune × bailleur (× fragilite) with `n_connus`.
    """
    if trouvee.raison not in (Raison.VACANCES, Raison.ELIGIBLES):
        return phrases.limite(trouvee, noms)
    est_seule = trouvee.commune in seules
    if trouvee.raison is Raison.VACANCES:
        cles = {c: getattr(trouvee, c) for c in ("commune", "bailleur", "fragilite") if c in cellules}
        siennes = np.logical_and.reduce([cellules[c] == code for c, code in cles.items()])
        effectif = int(cellules.loc[siennes, "n_connus"].sum())
    else:
        effectif = trouvee.n_disponibles
    if est_seule and (effectif == 0 or effectif >= SEUIL):
        return phrases.limite(trouvee, noms)
    if not est_seule:
        ou = f"dans une commune de moins de {SEUIL} attributions"
    elif trouvee.raison is Raison.VACANCES:
        ou = f"{phrases.lieu(trouvee.commune, noms)} chez {noms.get(trouvee.bailleur, trouvee.bailleur)}"
    else:
        ou = phrases.lieu(trouvee.commune, noms)
    return phrases.limite_sans_compte(trouvee, ou)
