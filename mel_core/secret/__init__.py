"""Disclosure control of what is projected."""
