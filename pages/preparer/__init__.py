"""Préparer: what co-pilots do before a séance."""
