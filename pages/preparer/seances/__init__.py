"""Préparer › Séances: what the room will see, and in which order."""
