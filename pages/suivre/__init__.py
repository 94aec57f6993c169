"""Suivre: convergence, fragilité, programmation, réseau d’accueil."""
