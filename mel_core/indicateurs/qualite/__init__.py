"""Quality of the data: how complete each file is, bailleur by bailleur and commune by commune, and what it prevents."""
