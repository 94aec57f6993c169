"""Mes listes: the lines, and what the officer writes about them."""
