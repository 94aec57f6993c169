"""Core of the ICI application: contract, store, indicators, simulations. Knows no screen."""
