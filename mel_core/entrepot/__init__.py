"""The store: immutable snapshots, one atomic switch, readers opened for a scope. The only place that imports duckdb."""

from mel_core.entrepot.entrepot import Entrepot
from mel_core.entrepot.lecteur import Lecteur, Portee, TypePortee
from mel_core.entrepot.registre import Chargement, Instantane

__all__ = ["Chargement", "Entrepot", "Instantane", "Lecteur", "Portee", "TypePortee"]
