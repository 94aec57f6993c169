"""What an engagement on a segment takes, leaves and displaces."""
