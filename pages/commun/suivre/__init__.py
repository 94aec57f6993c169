"""The standing views — convergence, fragilité, programmation, accueil."""
