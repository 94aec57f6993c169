"""Label columns that a file does not have (contract §1): unknown on all its rows, unless the mapping says more."""

from __future__ import annotations

import pyarrow as pa

from mel_core.contrat.lecture.table_lue import TableLue
from mel_core.contrat.mapping import Mapping
from mel_core.contrat.regles import ETIQUETTE_ABSENTE, ETIQUETTE_COUVERTE, ETIQUETTE_SANS_MENAGE

# What cannot be known without each label.
_SANS = {
    **dict.fromkeys(("aci", "dalo", "pdalhpd"), "les ménages ACI et ceux de droit commun"),
    "mutation_bloquee": "les mutations bloquées et les ménages de droit commun",
    "npru": "les relogements NPRU, les ménages de droit commun et le premier quartile hors QPV",
}


def declare_les_absentes(lue: TableLue, mapping: Mapping) -> None:
    """Fill with false the label columns that another one covers, or that nobody is said to bear; say all of them."""
    table = lue.table.nom
    absentes = [c.nom for c in lue.table.colonnes if c.etiquette and c.nom not in lue.presentes]
    couvertes = {
        couverte: couvrante
        for couvrante, couvertes in mapping.couvre.get(table, {}).items()
        if couvrante in lue.presentes
        for couverte in couvertes
    }
    for nom in absentes:
        if nom in couvertes:
            lue.constats.report(ETIQUETTE_COUVERTE, nom, couvrante=couvertes[nom])
        elif nom in mapping.absentes.get(table, ()):
            lue.constats.report(ETIQUETTE_SANS_MENAGE, nom)
        else:
            lue.constats.report(ETIQUETTE_ABSENTE, nom, table=table, quoi=_SANS[nom])
            continue
        lue.declarees[nom] = couvertes.get(nom, "")
        lue.donnees[nom] = pa.repeat(pa.scalar(False), len(lue.numeros))
    lue.presentes |= lue.declarees.keys()
