"""Every table of the data contract (contract.md §1), declared once.

Readers, checks, the store's schema, the documentation and the demonstration data all derive from `TABLES`.
Names are the field's (SNE, RPLS, OPS, CIET), in French, without accents.
"""

from __future__ import annotations

from mel_core.contrat.colonnes import Colonne, Montant, Referentiel, SiInconnue, Table, Type


def _id(
    nom: str, requise: bool = False, reference: Referentiel | None = None, si: SiInconnue = SiInconnue.SIGNALER
) -> Colonne:
    return Colonne(nom, Type.IDENTIFIANT, requise, reference=reference, si_inconnue=si)


def _texte(nom: str, requise: bool = False) -> Colonne:
    return Colonne(nom, Type.TEXTE, requise)


def _code(nom: str, valeurs: tuple[str, ...], requise: bool = False) -> Colonne:
    return Colonne(nom, Type.CODE, requise, valeurs)


def _effectif(nom: str, requise: bool = False) -> Colonne:
    return Colonne(nom, Type.ENTIER, requise, minimum=0)


def _unites(nom: str) -> Colonne:
    return Colonne(nom, Type.NOMBRE, maximum=1_000_000)


def _montant(nom: str) -> Colonne:
    """Negative stays, with a warning (contract §3: the class is unknown); a filler like 999999999 is
    read as it is, what no column of money holds goes out."""
    return Colonne(nom, Type.NOMBRE, maximum=10**9, montant=Montant.A_DEMANDER)


def _part(nom: str) -> Colonne:
    return Colonne(nom, Type.NOMBRE, minimum=0, maximum=1)


def _date(nom: str, requise: bool = False) -> Colonne:
    return Colonne(nom, Type.DATE, requise)


def _booleen(nom: str, requise: bool = False) -> Colonne:
    return Colonne(nom, Type.BOOLEEN, requise)


FRAGILITES = ("fragile", "moyenne", "sans")
FINANCEMENTS = ("PLAI", "PLUS", "PLS", "AUTRE")
TYPOLOGIES = ("C", "T1", "T2", "T3", "T4", "T5", "T6P")
STATUTS_LOGEMENT = (
    "HLM",
    "LP",
    "RS",
    "RHVS",
    "RE",
    "SLHT",
    "SH",
    "CDEFCM",
    "CPE",
    "CP",
    "LTG",
    "FONC",
    "POCC",
    "CAMCAR",
    "HOT",
    "SD",
    "SQUAT",
)
# The usual values of texts that no list closes; a typologie that is not one of them is asked about.
USUELLES = {(TYPOLOGIE := "typologie"): TYPOLOGIES, "financement": FINANCEMENTS}
# Of a programme, which the contract does not split: optional columns of the application's own.
N_PAR_TYPOLOGIE = {t: f"n_{t.lower()}" for t in TYPOLOGIES if t != "C"}
MOTIFS_DEMANDE = tuple(f"{n:02d}" for n in range(1, 24))
MOTIFS_RADIATION = ("RADATT", "RADREN", "RADABA", "RADCON", "RADIRR")
CRITERES_MUTATION = (
    "SOUS_OCCUPATION",
    "SUR_OCCUPATION",
    "ECONOMIQUE",
    "HANDICAP_SANTE",
    "ENVIRONNEMENT",
    "VIOLENCES",
    "DELAI",
    "AUTRE",
)
RESERVATAIRES = ("COLTER", "COLACT", "PPRIOR", "PFONCT", "AUTRES", "AUCUN")
TYPES_EVENEMENT = ("PROPOSITION", "PASSAGE_CAL", "VISITE", "REFUS_DEMANDEUR", "DESISTEMENT", "AUTRE")
DECISIONS_CAL = ("ATTRIBUE", "NON_ATTRIBUE", "IRRECEVABLE")
ETIQUETTES = ("aci", "dalo", "pdalhpd", "mutation_bloquee", "npru")

_ETIQUETTES = tuple(Colonne(nom, Type.BOOLEEN, etiquette=True) for nom in ETIQUETTES)
_CATEGORIE = Colonne("categorie_menage", Type.CODE_ENTIER, valeurs=("1", "2", "3", "4", "5", "6"))

COMMUNES = Table(
    "communes",
    ("code_insee",),
    (
        _id("code_insee", True, Referentiel.COMMUNES_MEL),
        _texte("nom", True),
        _texte("territoire"),
        _texte("ici"),
        Colonne("typologie_fragilite", Type.CODE_ENTIER, valeurs=("1", "2", "3", "4")),
        _code("fragilite", FRAGILITES),
        _date("depuis"),
    ),
)

QUARTIERS = Table(
    "quartiers",
    ("code_quartier",),
    (
        _id("code_quartier", True),
        _texte("nom", True),
        _id("code_insee", True, Referentiel.COMMUNES_MEL, SiInconnue.REJET),
        Colonne("ips", Type.CODE_ENTIER, valeurs=("1", "2", "3", "4")),
        _code("fragilite", FRAGILITES),
        _id("code_qpv"),
        _texte("nom_qpv"),
        _effectif("n_hlm"),
        _part("part_modestes_parc_social"),
        _part("part_modestes_parc_prive"),
        _effectif("population"),
        _montant("revenu_median_uc"),
        _part("part_non_emploi"),
        _part("part_familles_4_enfants"),
        _part("part_familles_monoparentales"),
    ),
)

BAILLEURS = Table("bailleurs", ("code_bailleur",), (_id("code_bailleur", True), _texte("nom", True)))

RESIDENCES = Table(
    "residences",
    ("code_residence",),
    (
        _id("code_residence", True),
        _texte("nom"),
        _id("code_bailleur", True, Referentiel.BAILLEURS, SiInconnue.REJET),
        _id("code_quartier", True, Referentiel.QUARTIERS, SiInconnue.INCONNU),
        _effectif("n_logements", True),
        _code("financement", FINANCEMENTS),
        _id("code_qpv"),
        _booleen("npru"),
        _booleen("enjeu_mixite"),
        _effectif("n_vacants"),
        _effectif("n_vacants_3_mois"),
        _part("taux_rotation"),
        _effectif("n_occupants_tres_modestes"),
        _effectif("n_occupants_modestes"),
        _effectif("n_occupants_intermediaires"),
        _effectif("n_occupants_eleves"),
        _effectif("n_occupants_inconnus"),
        Colonne("annee_enquete", Type.ENTIER),
    ),
)

# The one required column that a file may be said not to have: what it says is then their occupants (OPS).
SANS_LOGEMENTS = (RESIDENCES.nom, "n_logements")

DEMANDES = Table(
    "demandes",
    ("numero_unique",),
    (
        _id("numero_unique", True),
        _date("date_creation", True),
        _date("date_renouvellement"),
        _code("etat", ("ACTIVE", "RADIEE"), True),
        _date("date_radiation"),
        _code("motif_radiation", MOTIFS_RADIATION),
        _effectif("n_personnes", True),
        _unites("n_uc"),
        _CATEGORIE,
        _montant("revenu_fiscal"),
        _montant("ressources_mensuelles"),
        _code("statut_logement", STATUTS_LOGEMENT),
        _id("code_insee_actuel", reference=Referentiel.COMMUNES_MEL, si=SiInconnue.HORS_MEL),
        _id("code_bailleur_actuel"),
        _code("motif", MOTIFS_DEMANDE),
        Colonne("typologies", Type.LISTE, valeurs=TYPOLOGIES),
        Colonne("communes_souhaitees", Type.LISTE, reference=Referentiel.COMMUNES_MEL, si_inconnue=SiInconnue.HORS_MEL),
        *_ETIQUETTES,
        _code("critere_mutation", CRITERES_MUTATION),
        _booleen("delai_anormalement_long"),
        _booleen("multiples_attributions_sous_conditions"),
        _booleen("actif"),
        _effectif("age"),
        Colonne("points", Type.NOMBRE),
    ),
)

EVENEMENTS = Table(
    "evenements",
    ("id_evenement",),
    (
        _id("id_evenement", True),
        _id("numero_unique", True, Referentiel.DEMANDES, SiInconnue.SIGNALER),
        _code("type", TYPES_EVENEMENT, True),
        _date("date_survenance", True),
        _id("code_residence", reference=Referentiel.RESIDENCES, si=SiInconnue.INCONNU),
        _id("code_bailleur", reference=Referentiel.BAILLEURS, si=SiInconnue.INCONNU),
        _texte(TYPOLOGIE),
        _code("decision", DECISIONS_CAL),
        Colonne("rang", Type.ENTIER, minimum=1),
        _texte("motif"),
    ),
    par_bailleur=True,
)

ATTRIBUTIONS = Table(
    "attributions",
    ("id_attribution",),
    (
        _id("id_attribution", True),
        _id("numero_unique", True),
        _date("date_bail", True),
        _date("date_creation_demande"),
        _id("code_insee", True, Referentiel.COMMUNES_MEL, SiInconnue.REJET),
        _id("code_bailleur", True, Referentiel.BAILLEURS, SiInconnue.REJET),
        _id("code_residence", reference=Referentiel.RESIDENCES, si=SiInconnue.INCONNU),
        _id("code_quartier", reference=Referentiel.QUARTIERS, si=SiInconnue.INCONNU),
        _texte(TYPOLOGIE),
        _texte("financement"),
        _code("reservataire", RESERVATAIRES),
        _booleen("mutation", True),
        _effectif("n_personnes"),
        _CATEGORIE,
        _unites("n_uc"),
        _montant("revenu_fiscal"),
        _montant("ressources_mensuelles"),
        *_ETIQUETTES,
        _booleen("actif"),
    ),
    par_bailleur=True,
)

ACCUEIL = Table(
    "accueil",
    ("code_lieu", "mois"),
    (
        _id("code_lieu", True),
        Colonne("mois", Type.MOIS, True),
        _texte("nom"),
        _code("type_lieu", ("LABELLISE", "RELAIS"), True),
        _code("porteur", ("COMMUNE", "MEL", "ACTION_LOGEMENT", "BAILLEUR", "ASSOCIATION", "AUTRE"), True),
        _id("code_insee"),
        _effectif("n_pre_accueil"),
        _effectif("n_enregistrements"),
        _effectif("n_enregistrements_en_ligne"),
        _effectif("n_entretiens"),
    ),
)

PROGRAMMATION = Table(
    "programmation",
    ("code_operation",),
    (
        _id("code_operation", True),
        _texte("nom"),
        _id("code_insee", True, Referentiel.COMMUNES_MEL, SiInconnue.REJET),
        Colonne("annee", Type.ENTIER, True),
        _effectif("n_logements", True),
        _effectif("n_plus"),
        _effectif("n_plai"),
        _effectif("n_pls"),
        _booleen("npru"),
        *map(_effectif, N_PAR_TYPOLOGIE.values()),
    ),
)

COMMISSIONS_QPV = Table(
    "commissions_qpv",
    ("id_retour",),
    (
        _id("id_retour", True),
        _id("code_qpv", True),
        _date("date", True),
        _effectif("n_candidats"),
        _effectif("n_designes"),
        _effectif("n_refuses"),
        _texte("observation"),
    ),
)

# Order matters: a table comes after those that it refers to.
TABLES: dict[str, Table] = {
    t.nom: t
    for t in (
        COMMUNES,
        QUARTIERS,
        BAILLEURS,
        RESIDENCES,
        DEMANDES,
        EVENEMENTS,
        ATTRIBUTIONS,
        ACCUEIL,
        PROGRAMMATION,
        COMMISSIONS_QPV,
    )
}

# Hellemmes and Lomme are communes associées of Lille (contract §1).
COMMUNES_ASSOCIEES = {"59298": "59350", "59355": "59350"}
