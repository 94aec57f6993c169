"""The séance itself: blocages and their evidence, decisions, engagements and their measured result, signature."""
