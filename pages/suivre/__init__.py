"""Suivre: fragilité, réseau d’accueil, the card of a territoire."""
