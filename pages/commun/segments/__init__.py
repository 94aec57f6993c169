"""Segments and engagements, as several slots show them."""
