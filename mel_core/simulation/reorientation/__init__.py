"""Attributions to reorient towards a target share: équilibre, ACI."""
