"""What the room commits to for a segment: the frozen cohort, what it takes and leaves, its result at the next."""
