"""Préparer: files handed over, questions answered, anomalies, parameters."""
