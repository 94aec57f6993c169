"""Simuler: scenarios side by side."""
