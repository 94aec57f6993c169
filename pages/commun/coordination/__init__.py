"""10h30 Coordination and what surrounds it — blocages, evidence, decisions, what came of them."""
