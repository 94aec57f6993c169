"""Suivre: fragilité, programmation, réseau d’accueil."""
