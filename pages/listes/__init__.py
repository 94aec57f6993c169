"""Mes listes: the applicants that a commune or a bailleur follows."""
