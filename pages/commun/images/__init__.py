"""Charts and maps, made from answers."""
