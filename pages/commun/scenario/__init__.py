"""Simuler: a scenario read, drawn, told, kept and compared."""
