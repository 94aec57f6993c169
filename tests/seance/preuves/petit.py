"""A store as small as it takes: demandes, attributions, passages and résidences of three communes, one line each."""

from __future__ import annotations

from datetime import date, timedelta

from mel_core.contrat.reference import communes
from mel_core.entrepot import Entrepot
from mel_core.socle.periodes import Periode
from tests.jeux import LILLE, ROUBAIX, attribution, bailleurs, chargement, demande_active, serve, table

ANNEE = Periode.de("2017S2", "annee")
TOURCOING = "59599"
CODES = (LILLE, ROUBAIX, TOURCOING)
ICI = {code: communes()[code].ici for code in CODES}
QUARTIERS = [{"code_quartier": f"{c}01", "nom": f"Centre {c}", "code_insee": c} for c in CODES]


def publish(dossier, demandes, attributions, passages, residences) -> Entrepot:
    evenements = []
    for i, (code, typologie, issue, delai) in enumerate(passages):
        ou = {"numero_unique": f"e{i}", "typologie": typologie, "code_residence": code and f"P{code}"}
        decision = {None: None, "NON_ATTRIBUE": "NON_ATTRIBUE"}.get(issue, "ATTRIBUE")
        rang = issue if isinstance(issue, int) else None
        jour = date(2017, 6, 1)
        passage = {"type": "PASSAGE_CAL", "date_survenance": jour, "decision": decision, "rang": rang, "motif": None}
        evenements.append(ou | passage | {"id_evenement": f"E{i}", "code_bailleur": "B1"})
        if delai is not None:
            refus = {"type": "REFUS_DEMANDEUR", "date_survenance": jour + timedelta(days=delai), "motif": "Loyer"}
            evenements.append(ou | refus | {"id_evenement": f"F{i}", "code_bailleur": "B1"})
    entrepot = Entrepot(dossier)
    serve(
        entrepot,
        chargement(
            bailleurs=bailleurs("B1"),
            quartiers=table("quartiers", *QUARTIERS),
            demandes=table(
                "demandes",
                *(
                    demande_active(
                        f"d{i}", date(2017, 1, 1 + i), communes_souhaitees=souhaits or None, typologies=types or None
                    )
                    for i, (souhaits, types) in enumerate(demandes)
                ),
            ),
            attributions=table(
                "attributions",
                *(
                    attribution(
                        i,
                        code_insee=code,
                        typologie=typologie,
                        reservataire=reservataire,
                        date_bail=jour,
                        date_creation_demande=mois and date(jour.year - mois // 12 - 1, 12 - mois % 12, 1),
                    )
                    for i, (code, typologie, reservataire, jour, mois) in enumerate(attributions)
                ),
            ),
            evenements=table("evenements", *evenements),
            residences=table(
                "residences",
                # Where the commissions are held (of no dwelling), then the stock drawn.
                *(
                    {"code_residence": f"P{c}", "code_bailleur": "B1", "code_quartier": f"{c}01", "n_logements": 0}
                    for c in CODES
                ),
                *(
                    {
                        "code_residence": f"R{i}",
                        "code_bailleur": "B1",
                        "code_quartier": f"{code}01",
                        "n_logements": n,
                        "n_vacants": vacants,
                    }
                    for i, (code, n, vacants) in enumerate(residences)
                ),
            ),
        ),
    )
    return entrepot
